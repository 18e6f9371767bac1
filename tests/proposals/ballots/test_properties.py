"""What every budget rule promises, whatever stands on the ballots: hypothesis looks for elections that break it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.counting import ballot_of
from proposals.ballots.rulebook import SPOKEN
from proposals.ballots.tally import (
    TIE_RULES,
    Amount,
    Ballot,
    BallotKind,
    Outcome,
    Profile,
    Project,
    TallyResult,
    TieRule,
    count,
    drawn_by_lot,
)
from proposals.ballots.tally.scores import given as scores_of

IDS = ["01", "02", "03", "04", "05", "10"]
Voters = list[tuple[list[str], list[int] | None]]
Election = tuple[list[Project], Voters, int]

# Few different costs make ties; some projects are free.
COSTS: list[Amount] = [0, 3, 5, 5, 5, 8, 12, Fraction(7, 3)]
costs = st.sampled_from(COSTS)
tie_rules = st.one_of(
    st.sampled_from(list(TIE_RULES)), st.text("0123456789abcdef", max_size=6).map(drawn_by_lot)
)


@st.composite
def elections(draw: st.DrawFn, kind: BallotKind) -> Election:
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    projects = [Project(id, draw(costs)) for id in ids]
    voters: Voters = []
    for _ in range(draw(st.integers(0, 9))):
        chosen = draw(st.lists(st.sampled_from(ids), unique=True))
        points = [draw(st.integers(0, 4)) for _ in chosen] if kind is BallotKind.CUMULATIVE else None
        voters.append((chosen, points))
    return projects, voters, draw(st.integers(0, 45))


def profile_of(kind: BallotKind, projects: Sequence[Project], voters: Voters) -> Profile:
    ballots: Counter[Ballot] = Counter(ballot_of(kind, *voter) for voter in voters)
    return Profile(tuple(projects), ballots, kind)


every_rule = pytest.mark.parametrize("rule", sorted(SPOKEN))


@every_rule
@settings(deadline=None, max_examples=60)
@given(data=st.data(), tie_rule=tie_rules)
def test_the_budget_is_never_exceeded_and_every_project_has_its_round(
    rule: str, data: st.DataObject, tie_rule: TieRule
) -> None:
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    result = count(rule, profile_of(kind, projects, voters), budget, tie_rule=tie_rule)
    cost = {project.id: project.cost for project in projects}
    assert result.cost == sum(cost[id] for id in result.selected) <= budget
    assert sorted(turn.project for turn in result.rounds) == sorted(cost)
    assert {turn.project for turn in result.rounds if turn.outcome is Outcome.FUNDED} == set(result.selected)
    left: Amount = budget
    for turn in result.rounds:
        assert turn.left_before == left
        left -= turn.cost if turn.outcome is Outcome.FUNDED else 0
        assert turn.left_after == left >= 0


@every_rule
@settings(deadline=None, max_examples=60)
@given(data=st.data(), tie_rule=tie_rules, chance=st.randoms(use_true_random=False))
def test_neither_the_order_of_ballots_nor_who_of_equal_voters_cast_which_changes_anything(
    rule: str, data: st.DataObject, tie_rule: TieRule, chance: random.Random
) -> None:
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    before = count(rule, profile_of(kind, projects, voters), budget, tie_rule=tie_rule)
    chance.shuffle(projects)
    chance.shuffle(voters)
    assert count(rule, profile_of(kind, projects, voters), budget, tie_rule=tie_rule) == before


@pytest.mark.parametrize("rule", ["greedy_cost", "greedy_card", "greedy_cum"])
@settings(deadline=None, max_examples=80)
@given(data=st.data(), tie_rule=tie_rules)
def test_an_added_vote_never_hurts_the_project_it_is_for(
    rule: str, data: st.DataObject, tie_rule: TieRule
) -> None:
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    selected = count(rule, profile_of(kind, projects, voters), budget, tie_rule=tie_rule).selected
    points = [3] if kind is BallotKind.CUMULATIVE else None
    for winner in selected:
        more = profile_of(kind, projects, [*voters, ([winner], points)])
        assert winner in count(rule, more, budget, tie_rule=tie_rule).selected


@pytest.mark.parametrize("rule", [rule.slug for rule in SPOKEN.values() if rule.family == "list"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_going_down_a_list_a_blank_ballot_is_not_noticed(rule: str, data: st.DataObject) -> None:
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    blank: Voters = [([], [] if kind is BallotKind.CUMULATIVE else None)]
    before = count(rule, profile_of(kind, projects, voters), budget)
    assert count(rule, profile_of(kind, projects, voters + blank), budget) == before


@pytest.mark.parametrize("rule", ["mes_cost", "mes_card", "add1_cost", "add1u_cost", "mes_cum", "mes_borda"])
@settings(deadline=None, max_examples=80)
@given(data=st.data(), tie_rule=tie_rules)
def test_equal_shares_is_priceable(rule: str, data: st.DataObject, tie_rule: TieRule) -> None:
    """There are payments that everyone can afford, only for what one supports, that pay every project exactly; and
    nobody's supporters have enough left for a project that was not funded. Replayed from the rounds alone."""
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    profile = profile_of(kind, projects, voters)
    result = count(rule, profile, budget, tie_rule=tie_rule)
    worth = [dict(scores_of(ballot_of(kind, *voter), kind)) for voter in voters]
    left = [Fraction(result.each or 0)] * len(voters)
    for turn in result.rounds:
        mine = [i for i, scores in enumerate(worth) if scores.get(turn.project, 0) > 0]
        if turn.payment is None:
            have = sum((left[i] for i in mine), Fraction(0))
            assert turn.have == have
            assert have < turn.cost or not mine  # else its supporters could have bought it
            continue
        paid = {i: min(left[i], Fraction(turn.payment.each) * worth[i][turn.project]) for i in mine}
        assert sum(paid.values()) == turn.cost
        for i in mine:
            left[i] -= paid[i]
    assert all(rest >= 0 for rest in left)


@settings(deadline=None, max_examples=80)
@given(elections(BallotKind.APPROVAL), tie_rules)
def test_saving_together_is_priceable(election: Election, tie_rule: TieRule) -> None:
    """Whoever buys has saved it: at each moment the supporters have exactly the cost, and nobody ever owes anything."""
    projects, voters, budget = election
    result = count("phragmen_x", profile_of(BallotKind.APPROVAL, projects, voters), budget, tie_rule=tie_rule)
    spent_until = [Fraction(0)] * len(voters)
    moment = Fraction(0)
    for turn in result.rounds:
        if turn.payment is None:
            continue
        assert turn.payment.each >= moment  # time does not run backwards
        moment = Fraction(turn.payment.each)
        mine = [i for i, (chosen, _points) in enumerate(voters) if turn.project in chosen]
        assert sum(moment - spent_until[i] for i in mine) == turn.cost
        for i in mine:
            spent_until[i] = moment


@settings(deadline=None, max_examples=80)
@given(elections(BallotKind.APPROVAL), tie_rules)
def test_what_completes_equal_shares_leaves_nothing_that_would_still_fit(
    election: Election, tie_rule: TieRule
) -> None:
    projects, voters, budget = election
    profile = profile_of(BallotKind.APPROVAL, projects, voters)
    result = count("add1u_cost", profile, budget, tie_rule=tie_rule)
    shares = count("add1_cost", profile, budget, tie_rule=tie_rule)
    assert all(project.cost > result.left for project in projects if project.id not in result.selected)
    assert result.selected[: len(shares.selected)] == shares.selected
    assert result.each == shares.each


def _told_without(result: TallyResult) -> TallyResult:
    """Without what names the tie rule."""
    return replace(
        result, tie_rule="", rounds=tuple(replace(t, tie_rule=None, tied_with=()) for t in result.rounds)
    )


@every_rule
@settings(deadline=None, max_examples=40)
@given(data=st.data(), one=tie_rules, two=tie_rules)
def test_the_tie_rule_decides_nothing_where_nothing_is_equal(
    rule: str, data: st.DataObject, one: TieRule, two: TieRule
) -> None:
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    profile = profile_of(kind, projects, voters)
    first, second = (count(rule, profile, budget, tie_rule=tie) for tie in (one, two))
    if not any(turn.tied_with for turn in (*first.rounds, *second.rounds)):
        if SPOKEN[rule].family == "list":
            assert _told_without(first) == _told_without(second)
        else:
            assert set(first.selected) == set(second.selected)
