"""The lists: all proposals of the city, or those of one process."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.models import Phase, Place, Process
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.html.htmx import is_partial
from groundwork.html.paging import keyset
from proposals import memory
from proposals.cards import cards
from proposals.counts import Counts, counts_of, kept_counts_of
from proposals.models import Proposal, Stage, Theme
from proposals.queries import COUNTED, ORDERS, PER_PAGE, Capped, Choice


@dataclass(frozen=True, slots=True)
class Option:
    """One box of a filter: what it is called and how many it would show."""

    value: str
    name: str
    n: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that was made, and the address without it."""

    name: str
    url: str


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """Every public proposal of every published process."""
    return _list(request, None)


@require_safe
def list_of(request: HttpRequest, slug: str) -> HttpResponse:
    """The proposals of one process."""
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    return _list(request, process)


def _list(request: HttpRequest, process: Process | None) -> HttpResponse:
    person, at, language = person_of(request), clock.now(), get_language() or "de"
    choice = Choice.read(request.GET)
    counts = kept_counts_of(process, at) if process is not None else counts_of()
    found = choice.narrow(Proposal.objects.public(process), language)
    shown = found.annotate(hits=Capped(found.values("pk")[: COUNTED + 1])) if choice.q else found
    page = keyset(shown, order=choice.key_order, after=request.GET.get("after"), size=PER_PAGE)
    total = choice.total(counts)
    if choice.q:
        total = page.items[0].hits if page.items else 0  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "menu": "proposals",
        "process": process,
        "choice": choice,
        "all": counts.total(),
        "total": min(total, COUNTED) if choice.q else total,
        "more_than": total > COUNTED and bool(choice.q),
        "filters": _filters(choice, counts),
        "chips": list(_chips(choice)),
        "orders": [(key, words, key == choice.order) for key, (words, _columns) in ORDERS.items()],
        "page": page,
        "first": not request.GET.get("after"),
        "next_url": choice.address(after=page.next_token) if page.next_token else "",
        "start_url": choice.address(),
        "cards_url": _view(choice, False),
        "map_url": _view(choice, True),
        "propose_url": _where_to_propose(process, at),
        "feed_url": reverse("proposals:feed", args=[process.slug]) if process else "",
    }
    if choice.as_map:
        context["pins"] = _pins(page.items)
    else:
        context["cards"] = cards(page.items, person, at, process=process)
    return render(
        request, "proposals/list.html#list" if is_partial(request) else "proposals/list.html", context
    )


def _filters(choice: Choice, counts: Counts) -> dict[str, list[Option]]:
    """The boxes with their numbers. While somebody searches, numbers would not be true and are left out (n = 0)."""
    all_places, all_themes, all_stages = counts.by_place(), counts.by_theme(), counts.by_stage()
    by_place = counts.by_place(choice.themes, choice.stages)
    by_theme = counts.by_theme(choice.places, choice.stages)
    by_stage = counts.by_stage(choice.places, choice.themes)
    known = sorted(
        (place for key in {*all_places, *choice.places} if (place := memory.places.get(key))),
        key=lambda place: (place.kind != Place.Kind.MUNICIPALITY, place.name),
    )

    def options(names: Iterable[tuple[str, Any]], shown: Any, n: Any, chosen: Any) -> list[Option]:
        return [
            Option(value, str(name), 0 if choice.q else n[value], value in chosen)
            for value, name in names
            if value in shown or value in chosen
        ]

    return {
        "place": [
            Option(p.slug, p.name, 0 if choice.q else by_place[p.pk], p.pk in choice.places) for p in known
        ],
        "theme": options(Theme.choices, all_themes, by_theme, choice.themes),
        "stage": options(Stage.choices, all_stages, by_stage, choice.stages),
    }


def _chips(choice: Choice) -> Iterable[Chip]:
    def those(field: str, name_of: Callable[[Any], str]) -> Iterable[Chip]:
        for value in getattr(choice, field):
            yield Chip(name_of(value), choice.without(field, value).address())

    if choice.q:
        yield Chip(f"„{choice.q}“", choice.without_words().address())
    yield from those("places", lambda key: place.name if (place := memory.places.get(key)) else "")
    yield from those("themes", lambda theme: str(Theme(theme).label))
    yield from those("stages", lambda stage: str(Stage(stage).label))


def _view(choice: Choice, as_map: bool) -> str:
    return choice.drawn(as_map).address()


def _where_to_propose(process: Process | None, at: Any) -> str:
    """Where "Make a proposal" leads: to the form of the process, or to the one process that collects now, or nowhere."""
    if process is not None:
        open_now = process.is_published and process.phase_with("propose", at)
        return reverse("proposals:propose", args=[process.slug]) if open_now else ""
    slugs = list(
        Phase.objects.open(at)
        .published()
        .filter(acts__contains=["propose"])
        .values_list("process__slug", flat=True)[:2]
    )
    if len(slugs) == 1:
        return reverse("proposals:propose", args=slugs)
    return reverse("cocreation:processes") if slugs else ""


@dataclass(frozen=True, slots=True)
class Pin:
    number: int
    proposal: Proposal
    title: str
    url: str
    place: str
    x: float | None
    y: float | None
    y_of_number: float | None


def _pins(proposals: list[Proposal]) -> list[Pin]:
    """The proposals of this page on the map; one without a point of its own lies at its place, a little beside the others."""
    pins: list[Pin] = []
    at_place: dict[int, int] = {}
    for number, proposal in enumerate(proposals, 1):
        place = memory.places.get(proposal.place_id)
        x, y = proposal.map_x, proposal.map_y
        if (x is None or y is None) and place and place.map_x is not None and place.map_y is not None:
            # Like the seeds of a sunflower: as many as there are, none upon another.
            turn = at_place[place.pk] = at_place.get(place.pk, -1) + 1
            x = min(max(place.map_x + 24 * math.sqrt(turn) * math.cos(2.4 * turn), 14), 586)
            y = min(max(place.map_y + 24 * math.sqrt(turn) * math.sin(2.4 * turn), 14), 426)
        pins.append(
            Pin(
                number, proposal, proposal.in_language("title"), proposal.get_absolute_url(),
                place.name if place else "", x, y, y + 4.5 if y is not None else None,
            )
        )  # fmt: skip
    return pins
