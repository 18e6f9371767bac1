"""What makes finding things in the demo city worth a look: outlines of the places, two searches somebody keeps, a proposal
that looks for hands, and two weeks of lists that showed some proposals more often than others."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from cocreation.models import Place, Process
from proposals import exposure
from proposals.models import Authorship, Proposal, Stage
from proposals.queries import Choice
from proposals.searches.actions import save_search

if TYPE_CHECKING:
    from quartier.demo.seed import Town

HEIGHT = 440.0


def build_finding(town: Town) -> None:
    outline_places()
    show_lists(town)
    keep_searches(town)
    ask_for_hands()


def outline_places() -> None:
    """A round, slightly uneven line about every village and district; the town and the region have none."""
    for place in Place.objects.filter(map_x__isnull=False).filter(
        kind__in=[Place.Kind.DISTRICT, Place.Kind.VILLAGE]
    ):
        assert place.map_x is not None and place.map_y is not None
        ring = [
            [
                round(place.map_x + (44 + 7 * math.sin(3 * turn + place.pk)) * math.cos(turn), 1),
                round(HEIGHT - place.map_y + (36 + 6 * math.cos(2 * turn + place.pk)) * math.sin(turn), 1),
            ]
            for turn in (2 * math.pi * n / 24 for n in range(24))
        ]
        place.boundary = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        place.save(update_fields=["boundary"])


def show_lists(town: Town) -> None:
    """Older proposals were shown more often, as lists that all read from the top make it; the fair order evens that out."""
    today = exposure.day_of(town.today)
    keys = list(Proposal.objects.public().order_by("pk").values_list("pk", flat=True))
    exposure.keep(
        [
            (
                (today - timedelta(days=day)).isoformat(),
                key,
                1 + (key * 7 + day * 3) % (4 + 40 // (1 + place)),
            )
            for place, key in enumerate(keys)
            for day in range(1, exposure.DAYS + 1)
            if (key + day) % 3
        ]
    )
    exposure.redraw(town.today)


def keep_searches(town: Town) -> None:
    person = town.people["miriam-okafor"]
    at = town.today - timedelta(days=3)
    newest = Process.objects.published().filter(proposals__isnull=False).order_by("-pk").first()
    save_search(
        by=person, process=None, choice=Choice(q="Schatten", order="best"), name="Schatten in der Stadt",
        rhythm="weekly", at=at,
    )  # fmt: skip
    save_search(
        by=person, process=newest, choice=Choice(themes=("youth",)), name="Für Kinder", rhythm="daily", at=at
    )


def ask_for_hands() -> None:
    """Two proposals that may still become better."""
    led = Authorship.objects.filter(role=Authorship.Role.LEAD).values("proposal")
    some = Proposal.objects.public().filter(stage=Stage.RECEIVED, pk__in=led).order_by("-pk").values("pk")[:2]
    Proposal.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(seeks_coauthors=True)
