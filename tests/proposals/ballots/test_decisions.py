"""One winner: known examples, and slow but plain counts beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.tally import (
    DECISIONS,
    Ballot,
    BallotKind,
    Profile,
    Project,
    WrongBallots,
    decide,
    drawn_by_lot,
)

RANKED = ["plurality", "borda", "schulze", "instant_runoff"]


def ranked(options: str, **ballots: int) -> Profile:
    """`ranked("abc", abc=3, b=2)`: three ballots a > b > c, two with b alone."""
    return Profile(
        tuple(Project(option, 0) for option in options),
        {Ballot(tuple(order)): weight for order, weight in ballots.items()},
        BallotKind.ORDINAL,
    )


def graded(options: str, *ballots: Sequence[int]) -> Profile:
    """Each ballot grades all options, in their order."""
    grouped: dict[Ballot, int] = {}
    for grades in ballots:
        ballot = Ballot(tuple(options), tuple(grades))
        grouped[ballot] = grouped.get(ballot, 0) + 1
    return Profile(tuple(Project(option, 0) for option in options), grouped, BallotKind.SCORING)


TENNESSEE = ranked("mnck", mnck=42, nckm=26, cknm=15, kcnm=17)


def test_four_cities_and_four_rules():
    assert {rule: decide(rule, TENNESSEE).winner for rule in RANKED} == {
        "plurality": "m",
        "borda": "n",
        "schulze": "n",
        "instant_runoff": "k",
    }


def test_schulze_orders_the_example_of_its_paper():
    profile = ranked("abcde", acbed=5, adecb=5, bedac=8, cabed=3, caebd=7, cbade=2, dceba=7, ebadc=8)
    decision = decide("schulze", profile)
    assert decision.ranking == ("e", "a", "c", "b", "d")
    assert not decision.tied
    assert any("chain" in str(step) for step in decision.steps)


def test_a_run_off_tells_who_drops_out_and_when():
    decision = decide("instant_runoff", TENNESSEE)
    assert [str(step) for step in decision.steps] == [
        "1. 100 ballots still count: m 42, n 26, k 17, c 15. Nobody has more than half. c has the fewest and"
        " drops out.",
        "2. 100 ballots still count: m 42, k 32, n 26. Nobody has more than half. n has the fewest and drops out.",
        "3. 100 ballots still count: k 58, m 42. k has more than half and wins.",
    ]
    assert decision.ranking == ("k", "m", "n", "c")


def test_a_ballot_without_an_option_that_is_left_no_longer_counts():
    decision = decide("instant_runoff", ranked("abc", a=4, b=3, cb=2))
    assert decision.winner == "b"
    assert "9 ballots" in str(decision.steps[0]) and "9 ballots" in str(decision.steps[1])
    assert decide("instant_runoff", ranked("abc", a=4, b=3, c=2)).winner == "a"


def test_borda_shares_the_places_a_ballot_does_not_name():
    decision = decide("borda", ranked("abcd", a=1, bc=2))
    points = {id: figure for step in decision.steps for id, figure in step.figures.items()}
    assert points == {"a": 4, "b": 7, "c": 5, "d": 2}
    assert sum(points.values()) == 3 * (3 + 2 + 1 + 0)


def test_grades_are_judged_by_the_middle_and_then_by_what_is_around_it():
    decision = decide("majority_judgement", graded("ab", (3, 3), (3, 2), (1, 2), (1, 2), (2, 0)))
    # a: 1 1 2 3 3, b: 0 2 2 2 3. Both 2; without one 2: a 1 1 3 3 has 1, b 0 2 2 3 has 2.
    assert decision.winner == "b"
    assert "With 1 votes of the middle grade taken away" in str(decision.steps[2])


def test_approval_ballots_can_be_counted_by_plurality_only():
    profile = Profile.of([Project("a", 0), Project("b", 0)], [["a"], ["a", "b"]])
    assert decide("plurality", profile).ranking == ("a", "b")
    for rule in DECISIONS.slugs():
        if rule != "plurality":
            with pytest.raises(WrongBallots):
                decide(rule, profile)
    with pytest.raises(WrongBallots):
        decide("majority_judgement", graded("a", (-1,)))


@pytest.mark.parametrize("rule", RANKED)
def test_a_tie_is_broken_by_a_lot_that_anybody_can_draw_again(rule: str):
    profile = ranked("ab", ab=1, ba=1)
    winners = {decide(rule, profile, tie_rule=drawn_by_lot(f"seed {n}")).winner for n in range(20)}
    assert winners == {"a", "b"}
    decision = decide(rule, profile, tie_rule=drawn_by_lot("seed"))
    assert decision == decide(rule, profile, tie_rule=drawn_by_lot("seed"))
    assert decision.tied and any("rule lot" in str(step) for step in decision.steps)


@pytest.mark.parametrize("rule", DECISIONS.slugs())
def test_nothing_to_choose_from_has_no_winner(rule: str):
    kind = BallotKind.SCORING if rule == "majority_judgement" else BallotKind.ORDINAL
    assert decide(rule, Profile((), {}, kind)).winner is None
    assert decide(rule, Profile((Project("a", 0),), {}, kind)).winner == "a"


rankings = st.lists(
    st.permutations("abcd").flatmap(lambda p: st.integers(0, 4).map(lambda n: "".join(p)[:n]))
)


@settings(deadline=None)
@given(rankings, st.randoms(use_true_random=False))
def test_the_order_of_ballots_is_irrelevant_and_more_support_never_hurts_under_schulze(
    orders: list[str], chance: object
):
    def profile(orders: Sequence[str]) -> Profile:
        return ranked("abcd", **{order: list(orders).count(order) for order in orders})

    for rule in RANKED:
        assert decide(rule, profile(orders)) == decide(rule, profile(list(reversed(orders))))
    winner = decide("schulze", profile(orders)).winner
    assert decide("schulze", profile([*orders, winner])).winner == winner
    # Who beats everybody one against one wins.
    above = {(a, b): 0 for a in "abcd" for b in "abcd"}
    for order in orders:
        for a in order:
            for b in "abcd":
                above[a, b] += b not in order[: order.index(a) + 1]
    for a in "abcd":
        if all(above[a, b] > above[b, a] for b in "abcd" if b != a):
            assert winner == a


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=9))
def test_grades_taken_away_many_at_once_are_the_same_as_one_by_one(ballots: list[tuple[int, ...]]):
    def values(option: int) -> list[int]:
        left, found = sorted(ballot[option] for ballot in ballots), []
        while left:
            found.append(left.pop((len(left) - 1) // 2))
        return found

    order = sorted("abc", key=lambda id: ([-grade for grade in values("abc".index(id))], id))
    assert decide("majority_judgement", graded("abc", *ballots)).ranking == tuple(order)


@settings(deadline=None)
@given(rankings)
def test_borda_points_of_each_ballot_are_the_same_sum(orders: list[str]):
    decision = decide("borda", ranked("abcd", **{order: orders.count(order) for order in orders}))
    points = [Fraction(figure) for step in decision.steps for figure in step.figures.values()]
    assert sum(points) == 6 * len(orders)
