"""The proportional rules beside slow, plain counts with fractions, on elections that hypothesis makes up."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.tally import (
    LEXICOGRAPHIC_ID,
    RULES,
    Amount,
    Ballot,
    BallotKind,
    Outcome,
    Profile,
    Project,
    Reserve,
    TallyResult,
    WrongBallots,
    count,
    greedy_cost,
)
from proposals.ballots.tally.equal_shares import add_units
from proposals.ballots.tally.scores import given as scores_of
from proposals.ballots.tally.scout import End, Scout, end_of
from proposals.ballots.tally.shares import Electorate, run

Score = Callable[[Ballot, str], Amount]
IDS = ["1", "10", "2", "3", "a", "b"]
APPROVAL = ["greedy_cost", "greedy_card", "mes_cost", "mes_card", "phragmen_x", "add1_cost", "add1u_cost"]

POINTS: list[Amount] = [0, 1, 2, 5, Fraction(1, 2)]

costs = st.one_of(st.integers(1, 40), st.fractions(Fraction(1, 3), 40, max_denominator=6))


@st.composite
def elections(draw: st.DrawFn, kind: BallotKind = BallotKind.APPROVAL) -> tuple[Profile, Amount]:
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    projects = tuple(Project(id, draw(costs)) for id in ids)
    ballots: dict[Ballot, int] = {}
    for _ in range(draw(st.integers(0, 8))):
        chosen = draw(st.lists(st.sampled_from(ids), unique=True))
        points = None
        if kind is BallotKind.CUMULATIVE:
            points = tuple(draw(st.sampled_from(POINTS)) for _ in chosen)
        ballot = Ballot.approving(chosen) if kind is BallotKind.APPROVAL else Ballot(tuple(chosen), points)
        ballots[ballot] = ballots.get(ballot, 0) + draw(st.integers(1, 4))
    return Profile(projects, ballots, kind), draw(st.integers(0, 120))


def plain_shares(profile: Profile, each: Fraction, by_cost: bool) -> tuple[list[str], list[Fraction]]:
    """Equal Shares as its paper says it, voter by voter; what is left to each voter in the order of the ballots."""
    voters = [ballot for ballot, weight in profile.ballots.items() for _ in range(weight)]
    worth = [dict(scores_of(ballot, profile.kind)) for ballot in voters]
    left = [each] * len(voters)
    waiting = sorted(profile.projects, key=lambda project: project.id)
    chosen: list[str] = []
    while True:
        best: tuple[Fraction, Project, Fraction] | None = None
        for project in waiting:
            mine = [i for i in range(len(voters)) if worth[i].get(project.id, 0) > 0]
            if not mine or sum(left[i] for i in mine) < project.cost:
                continue
            rest, weight = Fraction(project.cost), Fraction(sum(worth[i][project.id] for i in mine))
            for i in sorted(mine, key=lambda i: left[i] / worth[i][project.id]):
                share = rest / weight
                if left[i] >= share * worth[i][project.id]:
                    break
                rest -= left[i]
                weight -= worth[i][project.id]
            rate = share / project.cost if by_cost else share
            if best is None or rate < best[0]:
                best = (rate, project, share)
        if best is None:
            return chosen, left
        _, project, share = best
        for i in range(len(voters)):
            left[i] -= min(left[i], share * worth[i].get(project.id, 0))
        chosen.append(project.id)
        waiting.remove(project)


def plain_add1(profile: Profile, budget: Amount) -> list[str]:
    if not profile.voters:
        return []
    price = {project.id: project.cost for project in profile.projects}
    wanted = [id for id, votes in profile.approvals().items() if votes]
    each = Fraction(budget) / profile.voters
    before: list[str] = []
    while True:
        chosen, _ = plain_shares(profile, each, True)
        spent = sum(price[id] for id in chosen)
        if spent > budget:
            return before
        if all(id in chosen or spent + price[id] > budget for id in wanted):
            return chosen
        before, each = chosen, each + 1


def plain_phragmen(profile: Profile, budget: Amount) -> list[str]:
    voters = [set(ballot.choices) for ballot, weight in profile.ballots.items() for _ in range(weight)]
    load = [Fraction(0)] * len(voters)
    waiting = sorted(profile.projects, key=lambda project: project.id)
    chosen: list[str] = []
    spent = Fraction(0)
    while True:
        due = []
        for project in waiting:
            mine = [i for i, ballot in enumerate(voters) if project.id in ballot]
            if mine:
                due.append((sum((load[i] for i in mine), Fraction(project.cost)) / len(mine), project, mine))
        first = min((when for when, _, _ in due), default=None)
        equals = [(project, mine) for when, project, mine in due if when == first]
        if not equals or any(spent + project.cost > budget for project, _ in equals):
            return sorted(chosen)
        project, mine = equals[0]
        for i in mine:
            load[i] = first
        chosen.append(project.id)
        spent += project.cost
        waiting.remove(project)


# --- the same as the plain counts ---


@settings(deadline=None)
@given(elections())
def test_equal_shares_is_what_the_plain_count_gives(election: tuple[Profile, Amount]) -> None:
    profile, budget = election
    each = Fraction(budget) / max(profile.voters, 1)
    for rule, by_cost in (("mes_cost", True), ("mes_card", False)):
        result = count(rule, profile, budget, tie_rule=LEXICOGRAPHIC_ID)
        assert list(result.selected) == plain_shares(profile, each, by_cost)[0]
    assert list(count("phragmen_x", profile, budget, tie_rule=LEXICOGRAPHIC_ID).selected) == plain_phragmen(
        profile, budget
    )


@settings(deadline=None)
@given(st.one_of(elections(BallotKind.CUMULATIVE), elections(BallotKind.ORDINAL)))
def test_points_and_rankings_share_the_money_as_the_plain_count(election: tuple[Profile, Amount]) -> None:
    profile, budget = election
    rule = "mes_cum" if profile.kind is BallotKind.CUMULATIVE else "mes_borda"
    result = count(rule, profile, budget, tie_rule=LEXICOGRAPHIC_ID)
    assert list(result.selected) == plain_shares(profile, Fraction(budget) / max(profile.voters, 1), False)[0]


@settings(deadline=None)
@given(elections())
def test_add1_passes_over_sums_and_ends_where_trying_each_of_them_ends(
    election: tuple[Profile, Amount],
) -> None:
    profile, budget = election
    wanted = plain_add1(profile, budget)
    assert list(count("add1_cost", profile, budget, tie_rule=LEXICOGRAPHIC_ID).selected) == wanted
    full = count("add1u_cost", profile, budget, tie_rule=LEXICOGRAPHIC_ID)
    assert list(full.selected[: len(wanted)]) == wanted
    assert all(project.cost > full.left for project in profile.projects if project.id not in full.selected)


def test_the_scout_ends_where_rounding_makes_a_poor_voter_rich_again() -> None:
    """Somebody with 14/3 is asked for 14/3: by rounding now a little more, now a little less."""
    costs: dict[str, Amount] = {"01": 5, "02": 10, "03": 31, "04": 7, "05": 31, "06": Fraction(5, 2), "07": 7}
    ballots = [
        ["02"], ["01", "05", "07"], ["01", "02", "03", "05", "06"], list(costs), ["01", "04"], list(costs),
    ]  # fmt: skip
    profile = Profile.of([Project(id, cost) for id, cost in costs.items()], ballots)
    result = count("add1u_cost", profile, 29)
    assert (result.selected, result.added) == (("01", "02", "06", "04"), 1)


@settings(deadline=None)
@given(elections(), st.integers(0, 200), st.integers(0, 60))
def test_the_scout_tells_every_end_that_a_sum_in_the_range_has(
    election: tuple[Profile, Amount], sum_: int, more: int
) -> None:
    profile, budget = election
    electorate = Electorate(profile, LEXICOGRAPHIC_ID, by_cost=True)
    money = budget * electorate.unit
    scout, each = Scout(electorate, money), Fraction(sum_, 7)
    for most in (each, each + more):
        told = scout.ends(each, most)
        for step in {0, more // 2, more}:
            if told is None or each + step > most:
                continue
            funded = frozenset(turn.project for turn in run(electorate, each + step)[0])
            end = end_of(electorate, money, funded, sum(electorate.costs[project] for project in funded))
            # It may stop at the first end that is not GOES_ON.
            assert end in told or (most > each and told - {End.GOES_ON})
            if most == each and len(told) == 1:
                assert told == {end}


def test_a_budget_in_small_units_needs_no_run_for_every_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    projects = [
        Project(id, cost) for id, cost in (("a", 400_000_000), ("b", 300_000_000), ("c", 290_000_000))
    ]
    profile = Profile.of(projects, [["a"]] * 400 + [["a", "b"]] * 200 + [["c"]] * 350)
    electorate = Electorate(profile, LEXICOGRAPHIC_ID, by_cost=True)
    looks: list[Fraction] = []
    look = Scout.ends

    def counted(scout: Scout, least: Fraction, most: Fraction) -> set[End] | None:
        looks.append(most)
        return look(scout, least, most)

    monkeypatch.setattr(Scout, "ends", counted)
    added = add_units(electorate, Fraction(999_000_000, 950), 999_000_000)
    assert added > 100_000 and len(looks) < 400

    def spent(more: int) -> int:
        turns, _ = run(electorate, Fraction(999_000_000, 950) + added + more)
        return sum(electorate.costs[turn.project] for turn in turns)

    assert (spent(-1), spent(0)) == (690_000_000, 990_000_000)


# --- promises ---


@settings(deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_no_rule_exceeds_the_budget_or_minds_the_order_of_ballots_and_voters(
    election: tuple[Profile, Amount], chance: random.Random
) -> None:
    profile, budget = election
    ballots, projects = list(profile.ballots.items()), list(profile.projects)
    chance.shuffle(ballots)
    chance.shuffle(projects)
    shuffled = Profile(tuple(projects), dict(ballots))
    for rule in APPROVAL:
        result = count(rule, profile, budget)
        assert result.cost == sum(p.cost for p in projects if p.id in result.selected) <= budget
        assert count(rule, shuffled, budget) == result


@settings(deadline=None)
@given(elections(), st.sampled_from(["mes_cost", "mes_card", "add1_cost"]))
def test_the_rounds_of_equal_shares_are_a_price_system(election: tuple[Profile, Amount], rule: str) -> None:
    """Replayed from what the rounds say: nobody pays more than they have or for what they did not choose, every funded
    project is paid exactly, and the supporters of any other have less left than it costs."""
    profile, budget = election
    result = count(rule, profile, budget)
    if not profile.voters:
        return
    voters = [set(ballot.choices) for ballot, weight in profile.ballots.items() for _ in range(weight)]
    left = [Fraction(result.each or 0)] * len(voters)
    for turn in result.rounds:
        mine = [i for i, ballot in enumerate(voters) if turn.project in ballot]
        if turn.outcome is not Outcome.FUNDED:
            assert sum(left[i] for i in mine) == turn.cost - turn.missing
            assert turn.missing > 0
            continue
        assert turn.payment is not None
        paid = {i: min(left[i], Fraction(turn.payment.each)) for i in mine}
        assert sum(paid.values()) == turn.cost
        assert sum(paid[i] == turn.payment.each for i in mine) == turn.payment.in_full
        poor = [i for i in mine if 0 < paid[i] < turn.payment.each]
        assert (len(poor), sum(paid[i] for i in poor)) == (turn.payment.poor, turn.payment.poor_paid)
        for i in mine:
            left[i] -= paid[i]


@settings(deadline=None)
@given(elections(), st.data())
def test_a_reserve_is_kept_and_what_it_does_not_use_is_there_for_all(
    election: tuple[Profile, Amount], data: st.DataObject
) -> None:
    profile, budget = election
    ids = [project.id for project in profile.projects]
    cost = {project.id: project.cost for project in profile.projects}
    half = Fraction(budget, 2)
    reserves = [
        Reserve(
            key,
            data.draw(st.fractions(0, half, max_denominator=4)),
            data.draw(st.frozensets(st.sampled_from(ids))),
        )
        for key in ("youth", "green")
    ]
    result = greedy_cost(profile, budget, reserves=reserves)
    assert result.cost <= budget
    assert sorted(turn.project for turn in result.rounds) == sorted(ids)
    for reserve in reserves:
        paid = [turn.project for turn in result.rounds if turn.pot == reserve.key]
        assert set(paid) <= reserve.projects
        rest = reserve.amount - sum(cost[id] for id in paid)
        assert rest >= 0
        later = {turn.project for turn in result.rounds if turn.pot != reserve.key}
        earlier = (
            {turn.project for turn in result.rounds if turn.pot == "youth"}
            if reserve.key == "green"
            else set()
        )
        assert all(cost[id] > rest for id in (reserve.projects & later) - earlier)
    assert all(cost[loser.project] > result.left for loser in result.not_selected)
    # Without a reserve for anybody it is the plain count.
    nobody = [Reserve("x", half, frozenset())]
    assert greedy_cost(profile, budget, reserves=nobody) == greedy_cost(profile, budget)
    check_what_was_needed(profile, budget, reserves, result)


def check_what_was_needed(
    profile: Profile, budget: Amount, reserves: list[Reserve], result: TallyResult
) -> None:
    """So many more votes win and one fewer does not; so much more money wins and less does not."""

    def wins(id: str, votes: int = 0, money: Amount = 0) -> bool:
        ballots = dict(profile.ballots)
        if votes:
            ballots[Ballot((id,))] = ballots.get(Ballot((id,)), 0) + votes
        with_more = Profile(profile.projects, ballots)
        return id in greedy_cost(with_more, budget + money, reserves=reserves).selected

    for loser in result.not_selected:
        if loser.votes_needed is None:
            assert not wins(loser.project, votes=1000)
        else:
            assert wins(loser.project, votes=loser.votes_needed)
            assert loser.votes_needed == 1 or not wins(loser.project, votes=loser.votes_needed - 1)
        assert loser.money_needed is not None
        assert wins(loser.project, money=loser.money_needed)
        for part in (Fraction(1, 3), Fraction(9, 10), Fraction(999, 1000)):
            assert not wins(loser.project, money=loser.money_needed * part)


# --- by hand ---


def test_only_who_counts_by_equal_shares_loads_numpy() -> None:
    """A web process that shows ballots and counts greedily stays small."""
    code = (
        "import sys; from proposals.ballots.tally import *; greedy_cost(Profile.of([], []), 1);"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_minority_gets_its_share_and_the_rounds_say_who_paid() -> None:
    """60 voters want three parks of 50, 40 want a rink of 60: greedy gives the 60 everything, Equal Shares does not."""
    projects = [Project("park1", 50), Project("park2", 50), Project("rink", 60)]
    profile = Profile.of(projects, [["park1", "park2"]] * 60 + [["rink"]] * 40)
    assert count("greedy_cost", profile, 150).selected == ("park1", "park2")
    result = count("mes_cost", profile, 150)
    assert result.selected == ("park1", "rink")
    assert [str(turn) for turn in result.rounds] == [
        "1. park1: 60 votes, costs 50 of 150 left: funded, 100 left; 60 paid 5/6 each (level with park2, first"
        " by lowest_cost_then_id).",
        "2. rink: 40 votes, costs 60 of 100 left: funded, 40 left; 40 paid 1.5 each.",
        "3. park2: 60 votes, costs 50 of 40 left: its voters cannot pay it, 10 missing.",
    ]


def test_every_rule_refuses_other_ballots_and_a_negative_budget() -> None:
    for rule in RULES.slugs():
        kinds = {"cum": BallotKind.CUMULATIVE, "borda": BallotKind.ORDINAL}
        kind = kinds.get(rule.split("_")[1], BallotKind.APPROVAL)
        other = BallotKind.ORDINAL if kind is BallotKind.APPROVAL else BallotKind.APPROVAL
        with pytest.raises(WrongBallots):
            count(rule, Profile((), {}, other), 1)
        with pytest.raises(ValueError, match="negative"):
            count(rule, Profile((), {}, kind), -1)
        assert count(rule, Profile((), {}, kind), 5).selected == ()


@pytest.mark.parametrize(
    ("reserves", "reason"),
    [
        ([Reserve("a", 6, frozenset()), Reserve("b", 5, frozenset())], "more than the budget"),
        ([Reserve("a", -1, frozenset())], "negative"),
        ([Reserve("a", 1, frozenset()), Reserve("a", 1, frozenset())], "key of its own"),
        ([Reserve("a", 1, frozenset({"z"}))], "unknown"),
    ],
)
def test_impossible_reserves_are_refused(reserves: list[Reserve], reason: str) -> None:
    profile = Profile.of([Project("x", 1)], [["x"]])
    with pytest.raises(ValueError, match=reason):
        count("greedy_cost", profile, 10, reserves=reserves)
    with pytest.raises(ValueError, match="knows no reserved shares"):
        count("mes_cost", profile, 10, reserves=reserves)


def test_points_too_large_to_be_shared_exactly_are_refused() -> None:
    ballots: dict[Any, int] = {Ballot(("x",), (10**16,)): 1}
    with pytest.raises(WrongBallots, match="too large"):
        count("mes_cum", Profile((Project("x", 1),), ballots, BallotKind.CUMULATIVE), 10)
