"""What a count promises, whatever the city: hypothesis looks for elections that break it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.registry import AlreadyRegistered
from proposals.ballots.tally import (
    LEXICOGRAPHIC_ID,
    LOWEST_COST_THEN_ID,
    RULES,
    TIE_RULES,
    Amount,
    Ballot,
    BallotKind,
    NotAnAmount,
    Outcome,
    Profile,
    Project,
    TieRule,
    WrongBallots,
    amount_text,
    count,
    greedy_cost,
    parse_amount,
)
from proposals.ballots.tally.rules import rule

Approvals = list[frozenset[str]]

money = st.one_of(st.integers(0, 60), st.fractions(0, 60, max_denominator=12))
tie_rules = st.sampled_from(list(TIE_RULES))


@st.composite
def elections(draw: st.DrawFn) -> tuple[list[Project], Approvals, Amount]:
    ids = draw(st.lists(st.text("0129ab", min_size=1, max_size=2), unique=True, max_size=7))
    projects = [Project(id, draw(money)) for id in ids]
    ballot = st.frozensets(st.sampled_from(ids)) if ids else st.just(frozenset[str]())
    return projects, draw(st.lists(ballot, max_size=12)), draw(money)


def projects(**costs: Amount) -> list[Project]:
    return [Project(id, cost) for id, cost in costs.items()]


def votes(**counts: int) -> list[list[str]]:
    return [[id] for id, times in counts.items() for _ in range(times)]


# --- promises -----------------------------------------------------------------------------------------------


@given(elections(), tie_rules)
def test_the_budget_is_never_exceeded(election: Any, tie_rule: TieRule) -> None:
    listed, approvals, budget = election
    result = greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule)
    costs = {project.id: project.cost for project in listed}
    assert result.cost == sum(costs[id] for id in result.selected) <= budget
    assert result.left == budget - result.cost


@given(elections(), tie_rules)
def test_no_unfunded_project_fits_into_what_is_left(election: Any, tie_rule: TieRule) -> None:
    listed, approvals, budget = election
    result = greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule)
    assert all(project.cost > result.left for project in listed if project.id not in result.selected)


@given(elections(), tie_rules, st.randoms(use_true_random=False))
def test_the_order_of_voters_and_projects_changes_nothing(
    election: Any, tie_rule: TieRule, chance: random.Random
) -> None:
    listed, approvals, budget = election
    before = greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule)
    chance.shuffle(approvals)
    chance.shuffle(listed)
    assert greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule) == before


@given(elections(), tie_rules, st.data())
def test_one_more_vote_for_a_winner_never_makes_it_lose(
    election: Any, tie_rule: TieRule, data: st.DataObject
) -> None:
    listed, approvals, budget = election
    selected = greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule).selected
    if selected:
        winner = data.draw(st.sampled_from(selected))
        again = greedy_cost(Profile.of(listed, [*approvals, {winner}]), budget, tie_rule=tie_rule)
        assert winner in again.selected


@given(elections())
def test_grouping_equal_ballots_loses_no_vote(election: Any) -> None:
    listed, approvals, _ = election
    profile = Profile.of(listed, approvals)
    assert profile.voters == len(approvals)
    assert len(profile.ballots) == len(set(approvals))
    assert profile.approvals() == {p.id: sum(p.id in ballot for ballot in approvals) for p in listed}


@given(elections(), tie_rules)
def test_the_rounds_tell_the_whole_story(election: Any, tie_rule: TieRule) -> None:
    listed, approvals, budget = election
    result = greedy_cost(Profile.of(listed, approvals), budget, tie_rule=tie_rule)
    left = budget
    for number, turn in enumerate(result.rounds, start=1):
        assert (turn.number, turn.left_before) == (number, left)
        funded = turn.outcome is Outcome.FUNDED
        assert turn.missing == (0 if funded else turn.cost - left)
        left -= turn.cost if funded else 0
        assert turn.left_after == left
        assert (turn.tie_rule == tie_rule.name) if turn.tied_with else (turn.tie_rule is None)
    refused = {why.project for why in result.not_selected}
    assert sorted(turn.project for turn in result.rounds) == sorted(project.id for project in listed)
    assert set(result.selected) | refused == {project.id for project in listed}
    assert not set(result.selected) & refused


# --- by hand ------------------------------------------------------------------------------------------------


def test_an_unaffordable_project_is_skipped_and_says_what_was_missing() -> None:
    profile = Profile.of(projects(park=70, pool=50, bench=30), votes(park=3, pool=2, bench=1))
    result = greedy_cost(profile, 100)
    assert result.selected == ("park", "bench")
    (why,) = result.not_selected
    assert (why.project, why.outcome, why.missing) == ("pool", Outcome.DOES_NOT_FIT, 20)
    assert [str(turn) for turn in result.rounds] == [
        "1. park: 3 votes, costs 70 of 100 left: funded, 30 left.",
        "2. pool: 2 votes, costs 50 of 30 left: does not fit, 20 missing.",
        "3. bench: 1 votes, costs 30 of 30 left: funded, 0 left.",
    ]


def test_a_tie_names_its_rivals_and_the_rule_that_broke_it() -> None:
    profile = Profile.of(projects(a=60, b=50, c=40), votes(a=1, b=1, c=1))
    first, second, third = greedy_cost(profile, 100).rounds
    assert (first.project, first.tied_with, first.tie_rule) == ("c", ("b", "a"), "lowest_cost_then_id")
    assert (second.project, second.tied_with) == ("b", ("a",))
    assert (third.project, third.tied_with, third.tie_rule) == ("a", (), None)
    assert str(first).endswith("(as many votes as b, a, first by lowest_cost_then_id).")


@pytest.mark.parametrize(
    ("tie_rule", "selected"), [(LEXICOGRAPHIC_ID, ("10", "9")), (LOWEST_COST_THEN_ID, ("9", "10"))]
)
def test_equal_votes_go_by_the_stated_tie_rule(tie_rule: TieRule, selected: Sequence[str]) -> None:
    profile = Profile.of([Project("9", 10), Project("10", 20)], [["9", "10"]])
    assert greedy_cost(profile, 30, tie_rule=tie_rule).selected == selected


def test_equal_votes_and_equal_costs_go_by_the_id_as_text() -> None:
    profile = Profile.of([Project("9", 10), Project("10", 10)], [])
    assert greedy_cost(profile, 10).selected == ("10",)


def test_fractions_of_a_cent_decide_exactly() -> None:
    third = Fraction(100, 3)
    fits = Profile.of(projects(a=third, b=third, c=third), [])
    assert greedy_cost(fits, 100).selected == ("a", "b", "c")
    assert greedy_cost(fits, 100 - Fraction(1, 10**30)).selected == ("a", "b")


def test_an_election_without_projects_or_voters_is_counted_too() -> None:
    assert greedy_cost(Profile.of([], []), 0).rounds == ()
    assert greedy_cost(Profile.of(projects(free=0, dear=1), []), 0).selected == ("free",)


def test_a_blank_ballot_counts_as_a_voter_and_for_nobody() -> None:
    profile = Profile.of(projects(a=1), [[], ["a"], []])
    assert (profile.voters, profile.approvals()) == (3, {"a": 1})


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        greedy_cost(Profile.of([], []), -1)


def test_greedy_refuses_ballots_that_are_not_approvals() -> None:
    profile = Profile(tuple(projects(a=1)), {Ballot(("a",), (3,)): 1}, BallotKind.CUMULATIVE)
    with pytest.raises(WrongBallots, match="cumulative"):
        greedy_cost(profile, 1)


@pytest.mark.parametrize(
    ("listed", "ballots", "reason"),
    [
        (projects(a=1) * 2, {}, "same id"),
        (projects(a=1), {Ballot(("b",)): 1}, "unknown"),
        (projects(a=1), {Ballot(("a", "a")): 1}, "twice"),
        (projects(a=1), {Ballot(("a",)): 0}, "weight"),
    ],
)
def test_an_impossible_profile_is_refused(
    listed: list[Project], ballots: dict[Ballot, int], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        Profile(tuple(listed), ballots)


def test_a_negative_cost_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Project("a", -1)


def test_a_result_cannot_be_changed_afterwards() -> None:
    result = greedy_cost(Profile.of([], []), 5)
    with pytest.raises(FrozenInstanceError):
        result.cost = 5  # type: ignore[misc]


# --- the registry -------------------------------------------------------------------------------------------


def test_a_rule_is_found_by_its_name() -> None:
    profile = Profile.of(projects(a=1), [["a"]])
    assert count("greedy_cost", profile, 1) == greedy_cost(profile, 1)
    with pytest.raises(KeyError, match="greedy_cost"):
        count("roulette", profile, 1)


def test_a_second_rule_of_the_same_name_is_refused() -> None:
    with pytest.raises(AlreadyRegistered):
        rule("greedy_cost", "Another")(greedy_cost)
    assert RULES.get("greedy_cost").count is greedy_cost


# --- amounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" 400000.0 ", 400000),
        ("102533.36", Fraction(2563334, 25)),
        ("12,5", Fraction(25, 2)),
        ("-0.1", Fraction(-1, 10)),
        ("007", 7),
    ],
)
def test_a_decimal_is_read_exactly(text: str, value: Amount) -> None:
    assert parse_amount(text) == value
    assert type(parse_amount(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["", "1,000", "1 000", "1e9", "nan", "inf", "1_0", "٣", "½", "1/2", "0x1", "9" * 41]
)
def test_what_is_not_one_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (Fraction(6, 2), "3"),
        (Fraction(2563334, 25), "102533.36"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_an_amount_is_written_exactly(value: Amount, text: str) -> None:
    assert amount_text(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_writing_and_reading_an_amount_gives_it_back(value: Any) -> None:
    assert parse_amount(amount_text(Fraction(value))) == Fraction(value)
