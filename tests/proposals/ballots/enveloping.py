"""A vote with envelopes to test with: one for the whole city, two for places; six projects, two in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import Person
from cocreation.models import Phase, Place
from proposals.ballots import actions
from proposals.ballots.models import Vote
from proposals.models import Proposal
from quartier.builders import both, make_person, make_place
from tests.proposals.ballots.voting import build_phase


def envelope(german: str, english: str, **about: Any) -> dict[str, Any]:
    return {
        "name": {"de": german, "en": english},
        "place": "",
        "theme": "",
        "amount": "",
        "rule": "greedy_cost",
        "min_choices": 1,
        "max_choices": None,
        "points": 10,
        "most_points": None,
        "besides": False,
    } | about


CITY = envelope("Ganze Stadt", "Whole city", amount="30000", besides=True)
NORTH = envelope("Nord", "North", place="nord", amount="10000", rule="mes_cost")
SOUTH = envelope("Süd", "South", place="sued", amount="10000", max_choices=1)
LISTED = [CITY, NORTH, SOUTH]
# By cost, where each project lies: two of the city (A), two in the north (B), two in the south (C).
PLACES = {20_000: "dorf", 15_000: "dorf", 6_000: "nord", 4_000: "nord", 9_000: "sued", 7_000: "sued"}
CODES = {20_000: "A.02", 15_000: "A.01", 6_000: "B.02", 4_000: "B.01", 9_000: "C.02", 7_000: "C.01"}


def build(listed: Sequence[dict[str, Any]] = LISTED, **about: Any) -> Phase:
    """A phase nobody has opened yet; people may vote in the city's envelope and in one of the two others."""
    options: dict[str, Any] = {"envelopes": list(listed), "most_envelopes": 1, "budget": 50_000} | about
    phase = build_phase(costs=tuple(PLACES), **options)
    village = Place.objects.get(slug="dorf")
    places = {"dorf": village}
    for slug in ("nord", "sued"):
        places[slug] = Place.objects.filter(slug=slug).first() or make_place(
            slug, both(slug.title(), slug.title()), parent=village
        )
    for proposal in Proposal.objects.filter(process=phase.process):
        proposal.place = places[PLACES[int(proposal.cost or 0)]]
        proposal.save(update_fields=["place"])
    return phase


def open_it(**about: Any) -> Vote:
    return actions.open_vote(phase=build(**about), at=timezone.now())


def keys(vote: Vote) -> dict[str, int]:
    """Code of an option -> its key."""
    return dict(vote.options.values_list("code", "pk"))


def living_in(place: str, count: int, prefix: str = "") -> list[Person]:
    return [
        make_person(f"{prefix or place}{n}", f"Person {n}", lives_in=place, verified=True)
        for n in range(count)
    ]
