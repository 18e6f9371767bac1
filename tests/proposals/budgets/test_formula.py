"""The formula that divides money over places: exact to the cent, more for those who need more, and as Porto Alegre scores."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.budgets.formula import (
    Formula,
    Measures,
    divide,
    largest_remainder,
    points_of,
    solidarity_of,
    wrong,
)

percents = st.integers(0, 100)
weights = st.integers(0, 9)
measures = st.builds(
    Measures, key=st.just(""), population=st.integers(1, 90_000), deprivation=percents, deficit=percents,
    priority=st.integers(0, 4),
)  # fmt: skip


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[Measures], Formula]:
    found = draw(st.lists(measures, min_size=1, max_size=7))
    places = [replace(place, key=f"p{number}") for number, place in enumerate(found)]
    percent = draw(percents)
    formula = Formula(
        population=draw(weights), deprivation=draw(weights), deficit=draw(weights), priority=draw(weights) + 1,
        by_points=draw(st.booleans()), bands=(2_000, 20_000, 60_000), solidarity_percent=percent,
        solidarity_places=draw(st.integers(1, len(places))),
    )  # fmt: skip
    total = draw(st.integers(0, 90_000_000))
    room = (total - solidarity_of(total, formula)) // len(places)
    return total, places, replace(formula, base=draw(st.integers(0, room)))


@settings(max_examples=300)
@given(divisions())
def test_the_shares_sum_to_the_cent_and_nobody_gets_less_than_the_base(given_):
    total, places, formula = given_
    shares = divide(total, places, formula)
    assert sum(share.amount for share in shares) == total
    assert sum(share.solidarity for share in shares) == solidarity_of(total, formula)
    assert all(share.base == formula.base and share.weighted >= 0 for share in shares)
    got = {share.key for share in shares if share.solidarity}
    assert got <= {share.key for share in shares if share.rank <= formula.solidarity_places}


@settings(max_examples=300)
@given(divisions(), st.data())
def test_a_place_that_needs_more_never_gets_less(given_, data):
    total, places, formula = given_
    at = data.draw(st.integers(0, len(places) - 1))
    field = data.draw(st.sampled_from(["deprivation", "deficit", "priority"]))
    most = 4 if field == "priority" else 100
    needier = replace(places[at], **{field: data.draw(st.integers(getattr(places[at], field), most))})
    after = divide(total, [*places[:at], needier, *places[at + 1 :]], formula)
    assert after[at].amount >= divide(total, places, formula)[at].amount


@settings(max_examples=100)
@given(divisions(), st.randoms())
def test_the_order_of_the_places_changes_nothing(given_, chance):
    total, places, formula = given_
    mixed = list(places)
    chance.shuffle(mixed)
    assert {s.key: s for s in divide(total, mixed, formula)} == {
        s.key: s for s in divide(total, places, formula)
    }


def test_the_scores_of_porto_alegre():
    """Three criteria of 1 to 4 points: the priority chosen, the share that lacks the service (over 75 % is 4, over 50 % 3,
    over 25 % 2), the residents in bands. Weighted 5, 4 and 2, say, a region gets money in proportion to its points."""
    formula = Formula(
        priority=5, deficit=4, population=2, by_points=True, bands=(25_000, 45_000, 90_000), deprivation=0
    )
    regions = [
        Measures("hill", population=30_000, deficit=80, priority=4),  # 5·4 + 4·4 + 2·2 = 40
        Measures("river", population=95_000, deficit=51, priority=2),  # 5·2 + 4·3 + 2·4 = 30
        Measures("centre", population=45_000, deficit=25, priority=1),  # 5·1 + 4·1 + 2·3 = 15
        Measures("port", population=24_999, deficit=26, priority=1),  # 5·1 + 4·2 + 2·1 = 15
    ]
    assert [points_of(region, formula) for region in regions] == [40, 30, 15, 15]
    shares = divide(1_000_000_00, regions, formula)
    assert [share.amount for share in shares] == [400_000_00, 300_000_00, 150_000_00, 150_000_00]


def test_a_worked_example_with_base_and_solidarity():
    """1,000.00 over three places: 100.00 each, 20 % for the neediest, the rest half by residents, half by the deprived."""
    places = [Measures("a", 500, 10), Measures("b", 300, 50), Measures("c", 200, 20)]
    formula = Formula(population=1, deprivation=1, base=100_00, solidarity_percent=20, solidarity_places=1)
    shares = {share.key: share for share in divide(1000_00, places, formula)}
    assert [shares[key].rank for key in "abc"] == [3, 1, 2]
    assert shares["b"].solidarity == 200_00 and shares["a"].solidarity == shares["c"].solidarity == 0
    # 500.00 are left: half by 500 : 300 : 200, half by 50 : 150 : 40 deprived residents.
    exact = {
        "a": 25000 * Fraction(5, 10) + 25000 * Fraction(50, 240),
        "b": 25000 * Fraction(3, 10) + 25000 * Fraction(150, 240),
        "c": 25000 * Fraction(2, 10) + 25000 * Fraction(40, 240),
    }
    assert {key: shares[key].weighted for key in "abc"} == {"a": 17708, "b": 23125, "c": 9167}
    assert all(abs(shares[key].weighted - exact[key]) < 1 for key in exact)


def test_left_over_cents_go_to_the_largest_remainders_and_equal_ones_by_the_order():
    assert largest_remainder(100, {"a": 1, "b": 1, "c": 1}, ["c", "a", "b"]) == {"a": 33, "b": 33, "c": 34}
    twins = [Measures("b", 10), Measures("a", 10), Measures("big", 11)]
    assert {s.key: s.amount for s in divide(2, twins, Formula())} == {"a": 1, "b": 0, "big": 1}


@pytest.mark.parametrize(
    ("total", "changed", "formula"),
    [
        (100, {}, Formula(population=0)),
        (100, {}, Formula(base=51)),
        (100, {}, Formula(base=41, solidarity_percent=20, solidarity_places=1)),
        (100, {}, Formula(solidarity_percent=20)),
        (100, {}, Formula(solidarity_percent=101, solidarity_places=1)),
        (100, {}, Formula(by_points=True, bands=(5, 5, 6))),
        (100, {"population": 0}, Formula()),
        (100, {"deprivation": 101}, Formula()),
        (100, {"priority": 5}, Formula()),
        (-1, {}, Formula()),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_is_refused_in_words(total, changed, formula):
    places = [replace(Measures("a", 10), **changed), Measures("b", 10)]
    assert wrong(total, places, formula)
    with pytest.raises(ValueError, match=r"\w"):
        divide(total, places, formula)
