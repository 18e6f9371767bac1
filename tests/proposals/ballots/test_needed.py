"""What one more vote, one more euro or a lower cost would have changed: counted again, exactly that much changes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.rulebook import SPOKEN
from proposals.ballots.tally import (
    DECISIONS,
    Amount,
    Ballot,
    BallotKind,
    Profile,
    Project,
    TieRule,
    count,
    decide,
    more_ballots,
    needed,
)
from proposals.ballots.tally.needed import CENT
from tests.proposals.ballots.test_properties import IDS, elections, every_rule, profile_of, tie_rules

RAISED = ("add1_cost", "add1u_cost")


def chosen(rule: str, profile: Profile, budget: Amount, tie_rule: TieRule, id: str) -> bool:
    return id in count(rule, profile, budget, tie_rule=tie_rule).selected


def costing(profile: Profile, id: str, cost: Amount) -> Profile:
    return replace(
        profile, projects=tuple(Project(p.id, cost if p.id == id else p.cost) for p in profile.projects)
    )


def with_more(rule: str, profile: Profile, id: str, more: int) -> Profile:
    """So many more votes, or points on one more ballot."""
    ballots = Counter(profile.ballots)
    if SPOKEN[rule].kind is BallotKind.APPROVAL:
        ballots[Ballot((id,))] += more
    elif more:
        ballots[Ballot((id,), (more,))] += 1
    return replace(profile, ballots=+ballots)


@every_rule
@settings(deadline=None, max_examples=60)
@given(data=st.data(), tie_rule=tie_rules)
def test_exactly_what_was_needed_changes_the_outcome_and_less_does_not(rule, data, tie_rule):
    kind = SPOKEN[rule].kind
    projects, voters, budget = data.draw(elections(kind))
    profile = profile_of(kind, projects, voters)
    result = count(rule, profile, budget, tie_rule=tie_rule)
    found = needed(profile, result, tie_rule=tie_rule)
    assert set(found) == {loser.project for loser in result.not_selected}
    for id, need in found.items():
        cost = next(project.cost for project in projects if project.id == id)
        if need.money is not None:
            assert chosen(rule, profile, budget + need.money, tie_rule, id)
            assert not chosen(rule, profile, max(budget, budget + need.money - CENT), tie_rule, id)
        if need.cost is not None:
            assert 0 <= need.cost < cost and Fraction(need.cost) / CENT % 1 == 0
            assert chosen(rule, costing(profile, id, need.cost), budget, tie_rule, id)
            above = need.cost + CENT
            assert above >= cost or not chosen(rule, costing(profile, id, above), budget, tie_rule, id)
            if rule not in RAISED:  # and all that is lower
                lower = need.cost * data.draw(st.fractions(0, 1))
                assert chosen(rule, costing(profile, id, lower), budget, tie_rule, id)
        # Points on a ballot of rankings are given by places: no ballot gives just as many.
        if need.votes is not None and kind is not BallotKind.ORDINAL:
            assert need.votes >= 1
            assert chosen(rule, with_more(rule, profile, id, need.votes), budget, tie_rule, id)
            assert not chosen(rule, with_more(rule, profile, id, need.votes - 1), budget, tie_rule, id)


def test_where_an_answer_is_cheap_there_is_one():
    """Figures are not left out where they exist: by rule, what is known of a project that lost narrowly."""
    projects = [Project("a", 60), Project("b", 50), Project("c", 40)]
    approvals = [["a"]] * 4 + [["b"]] * 3 + [["c"]]
    for rule, votes, money, cost in (
        ("greedy_cost", 1, 10, None),
        ("greedy_card", 1, 10, 45),
        ("phragmen_x", 1, 10, 45),
        ("mes_cost", None, None, Fraction(75, 2)),  # three voters with an eighth of 100 each
        ("mes_card", None, None, Fraction(75, 2)),
    ):
        profile = Profile.of(projects, approvals)
        found = needed(profile, count(rule, profile, 100))["b"]
        assert (found.votes, found.money, found.cost) == (votes, money, cost), rule


@pytest.mark.parametrize("rule", [decision.name for decision in DECISIONS])
@settings(deadline=None, max_examples=50)
@given(data=st.data(), tie_rule=tie_rules)
def test_so_many_more_ballots_that_put_it_first_make_it_win(rule, data, tie_rule):
    kind = {"plurality": BallotKind.APPROVAL, "majority_judgement": BallotKind.SCORING}.get(
        rule, BallotKind.ORDINAL
    )
    ids = IDS[: data.draw(st.integers(2, 5))]
    ballots: Counter[Ballot] = Counter()
    for _voter in range(data.draw(st.integers(1, 12))):
        named = data.draw(st.lists(st.sampled_from(ids), unique=True, min_size=1))
        if kind is BallotKind.SCORING:
            ballots[Ballot(tuple(named), tuple(data.draw(st.integers(0, 5)) for _ in named))] += 1
        else:
            ballots[Ballot(tuple(sorted(named)) if kind is BallotKind.APPROVAL else tuple(named))] += 1
    profile = Profile(tuple(Project(id, 0) for id in ids), ballots, kind)
    first = decide(rule, profile, tie_rule=tie_rule).winner
    for id in ids:
        more = more_ballots(rule, profile, id, best=5, tie_rule=tie_rule)
        assert (more == 0) == (id == first)
        fan = Ballot((id,), (5,) if kind is BallotKind.SCORING else None)
        for number in {more, more + 1, more + data.draw(st.integers(0, 30))}:
            again = replace(profile, ballots=+(ballots + Counter({fan: number})))
            assert decide(rule, again, tie_rule=tie_rule).winner == id
        if more:
            again = replace(profile, ballots=+(ballots + Counter({fan: more - 1})))
            assert decide(rule, again, tie_rule=tie_rule).winner != id
