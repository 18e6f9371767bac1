"""How a sum of money is divided over places. Pure: integers and fractions, no Django; all money is in cents.

    total = base per place + solidarity share + the rest by weights

Every place gets the base. The solidarity share (so many percent of the total, rounded down to the cent) is divided over
the neediest places by residents × need. The rest is divided by weights. Each of the two sums is divided to the cent by
largest remainders: everybody gets the whole cents, the cents left over go to the largest remainders; between equal ones
to the place with more residents, then by name. No place gets less because it needs more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

MOST_PERCENT = 100
MOST_PRIORITY = 4
# From which share of what is missing on a criterion counts 2, 3 and 4 points, as Porto Alegre scores it.
DEFICIENCY = (26, 51, 76)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of one place. `deprivation` and `deficit` (services that are missing) are percents, 0 to 100.

    `priority`: 4 where the residents put this budget first, 3, 2, 1 for the next, 0 where it is not among their first four.
    """

    key: str
    population: int
    deprivation: int = 0
    deficit: int = 0
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Formula:
    """Weights are relative to each other. `by_points`: each criterion counts 1 to 4 points for a place (Porto Alegre)
    instead of its exact value; `bands` are then the residents from which on a place gets 2, 3 and 4 points."""

    population: int = 1
    deprivation: int = 0
    deficit: int = 0
    priority: int = 0
    by_points: bool = False
    bands: tuple[int, int, int] = (25_000, 50_000, 75_000)
    base: int = 0
    solidarity_percent: int = 0
    solidarity_places: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What one place gets, in cents, and why. `points` only where points were given; `rank` 1 is the neediest."""

    key: str
    base: int
    solidarity: int
    weighted: int
    need: Fraction
    rank: int
    points: int | None = None

    @property
    def amount(self) -> int:
        return self.base + self.solidarity + self.weighted


def divide(total: int, places: Sequence[Measures], formula: Formula) -> list[Share]:
    """The share of every place, in the order given; together exactly `total`.

    ValueError where nothing can be divided like this: see `wrong`.
    """
    if said := wrong(total, places, formula):
        raise ValueError(said)
    pot = solidarity_of(total, formula)
    ranked = by_need(places, formula)
    rank = {place.key: number for number, place in enumerate(ranked, start=1)}
    neediest = ranked[: formula.solidarity_places]
    order = [place.key for place in sorted(places, key=lambda place: (-place.population, place.key))]
    solidarity = largest_remainder(pot, _by_need_and_residents(neediest, formula), order)
    points = {place.key: points_of(place, formula) for place in places} if formula.by_points else {}
    weights: Mapping[str, Fraction | int] = points or _weights(places, formula)
    weighted = largest_remainder(total - pot - formula.base * len(places), weights, order)
    return [
        Share(
            place.key, formula.base, solidarity.get(place.key, 0), weighted[place.key], need_of(place, formula),
            rank[place.key], points.get(place.key),
        )
        for place in places
    ]  # fmt: skip


def wrong(total: int, places: Sequence[Measures], formula: Formula) -> str:
    """Why this cannot be divided; empty where it can."""
    weights = (formula.population, formula.deprivation, formula.deficit, formula.priority)
    if not places or len({place.key for place in places}) != len(places):
        return "There must be places, each once."
    if any(place.population < 1 for place in places):
        return "A place without residents cannot get a share."
    if any(
        not 0 <= percent <= MOST_PERCENT for place in places for percent in (place.deprivation, place.deficit)
    ):
        return "Deprivation and deficit are percents."
    if any(not 0 <= place.priority <= MOST_PRIORITY for place in places):
        return "A priority is between 0 and 4."
    if min(weights) < 0 or not any(weights):
        return "At least one weight must be more than zero, none less."
    if formula.by_points and not 0 < formula.bands[0] < formula.bands[1] < formula.bands[2]:
        return "The bounds of the residents must grow."
    if not 0 <= formula.solidarity_percent <= MOST_PERCENT:
        return "The solidarity share is a percent."
    if formula.solidarity_percent and not 1 <= formula.solidarity_places <= len(places):
        return "The solidarity share must go to at least one place and to no more than there are."
    if total < 0 or formula.base < 0 or formula.base * len(places) + solidarity_of(total, formula) > total:
        return "The base of all places and the solidarity share are more than the total."
    return ""


def solidarity_of(total: int, formula: Formula) -> int:
    """The solidarity share in cents, rounded down."""
    return total * formula.solidarity_percent // 100


def need_of(place: Measures, formula: Formula) -> Fraction:
    """How needy a place is, 0 to 100: deprivation and deficit by their weights, half and half where both weigh nothing."""
    first, second = formula.deprivation, formula.deficit
    if not first + second:
        first = second = 1
    return Fraction(first * place.deprivation + second * place.deficit, first + second)


def by_need(places: Sequence[Measures], formula: Formula) -> list[Measures]:
    """The neediest first; of equally needy ones the one with more residents, then by key."""
    return sorted(places, key=lambda place: (-need_of(place, formula), -place.population, place.key))


def points_of(place: Measures, formula: Formula) -> int:
    """The points of a place: each criterion 0 to 4, times its weight."""
    residents = 1 + sum(place.population >= bound for bound in formula.bands)
    return (
        formula.population * residents
        + formula.deprivation * _grade(place.deprivation)
        + formula.deficit * _grade(place.deficit)
        + formula.priority * place.priority
    )


def _grade(percent: int) -> int:
    return 1 + sum(percent >= bound for bound in DEFICIENCY)


def _weights(places: Sequence[Measures], formula: Formula) -> dict[str, Fraction]:
    """The part of each place: its part of the residents, of the deprived among them, of those whom services lack, and so
    on, by the weights. A criterion that is zero everywhere says nothing: there the residents count."""
    found = {place.key: Fraction(0) for place in places}
    for weight, values in (
        (formula.population, [place.population for place in places]),
        (formula.deprivation, [place.population * place.deprivation for place in places]),
        (formula.deficit, [place.population * place.deficit for place in places]),
        (formula.priority, [place.population * place.priority for place in places]),
    ):
        counted = values if any(values) else [place.population for place in places]
        whole = sum(counted)
        for place, value in zip(places, counted, strict=True):
            found[place.key] += Fraction(weight * value, whole)
    return found


def _by_need_and_residents(places: Sequence[Measures], formula: Formula) -> dict[str, Fraction]:
    found = {place.key: place.population * need_of(place, formula) for place in places}
    return found if any(found.values()) else {place.key: Fraction(place.population) for place in places}


def largest_remainder(
    total: int, weights: Mapping[str, Fraction | int], order: Sequence[str]
) -> dict[str, int]:
    """`total` divided in proportion to the weights into whole numbers that sum to it; equal remainders go by `order`."""
    if not weights:
        return {}
    whole = sum(Fraction(weight) for weight in weights.values())
    if not whole:  # nobody weighs anything: all the same
        return largest_remainder(total, dict.fromkeys(weights, 1), order)
    exact = {key: Fraction(weight) * total / whole for key, weight in weights.items()}
    found = {key: floor(value) for key, value in exact.items()}
    place = {key: number for number, key in enumerate(order)}
    waiting = sorted(exact, key=lambda key: (found[key] - exact[key], place[key]))
    for key in waiting[: total - sum(found.values())]:
        found[key] += 1
    return found
