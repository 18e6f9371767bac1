"""The lists: all proposals of the city, or those of one process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.kept import keep
from cocreation.models import Phase, Place, Process
from cocreation.own_pages import own_page
from cocreation.querysets import find_process, with_line
from cocreation.spots import beside
from groundwork import clock
from groundwork.capped import Capped
from groundwork.html.htmx import is_partial
from groundwork.html.paging import keyset
from groundwork.prepared import planned_anew
from groundwork.shared_pages.api import echo, of_process, shared_page
from proposals import export, exposure, memory
from proposals.assessing import progress
from proposals.cards import cards, flagged
from proposals.counts import Counts, kept_counts_of
from proposals.models import Proposal, Stage, Theme
from proposals.queries import (
    ANSWERS,
    AUTHORS,
    COUNTED,
    HANDS,
    ORDERS,
    PER_PAGE,
    RANKED,
    YES,
    Choice,
    named,
)

# What of an address makes another list. Not the seed of chance: everybody could have lists of their own made and kept.
LIST_PARAMETERS = (
    *("q", "order", "theme", "place", "stage", "by", "answer", "hands", "near", "view", "after"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One box of a filter: what it is called and how many it would show."""

    value: str
    name: str
    n: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """The boxes of one filter under its name in the address."""

    name: str
    words: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that was made, and the address without it."""

    name: str
    url: str


@shared_page(*LIST_PARAMETERS, own=own_page(flagged))
@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """Every public proposal of every published process."""
    return _list(request, None)


@shared_page(*LIST_PARAMETERS, own=own_page(flagged))
@require_safe
def list_of(request: HttpRequest, slug: str) -> HttpResponse:
    """The proposals of one process."""
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    of_process(request, process.pk)
    with_line(process, clock.now())
    return _list(request, process)


def _list(request: HttpRequest, process: Process | None) -> HttpResponse:
    person, at, language = person_of(request), clock.now(), get_language() or "de"
    choice = settled(Choice.read(request.GET), at)
    counts = kept_counts_of(process, at)
    asked = choice.asked(process)
    found = choice.narrow(Proposal.objects.public(process), language, asked=asked)
    here = _measured_from(choice)
    shown = choice.ordered(found, asked, here)
    shown = shown.annotate(hits=Capped(found.values("pk")[: COUNTED + 1])) if choice.q else shown
    with planned_anew(shown.db) if choice.q else contextlib.nullcontext():
        page = keyset(shown, order=choice.key_order, after=request.GET.get("after"), size=PER_PAGE)
    total = choice.total(counts)
    if choice.q:
        total = page.items[0].hits if page.items else 0  # type: ignore[attr-defined]
    if request.method == "GET":
        exposure.note(page.items, at)
        echo(request, "lists", [proposal.pk for proposal in page.items])
    context: dict[str, Any] = {
        "menu": "proposals",
        "process": process,
        "choice": choice,
        "all": counts.total(),
        "total": min(total, COUNTED) if choice.q else total,
        "more_than": total > COUNTED and bool(choice.q),
        "ranked": RANKED if choice.order == "best" and total > RANKED else 0,
        "meant": asked.meant,
        "meant_url": choice.saying(asked.meant).address() if asked.meant else "",
        "filters": _drawn_filters(choice, counts),
        "chips": list(_chips(choice)),
        "orders": [
            (key, words, key == choice.order)
            for key, (words, _columns) in ORDERS.items()
            if key != "best" or choice.q
        ],
        "here": here,
        "places": _known_places(counts, choice),
        "page": page,
        "first": not request.GET.get("after"),
        "next_url": choice.address(after=page.next_token) if page.next_token else "",
        "start_url": choice.address(),
        "cards_url": choice.drawn(False).address(),
        "map_url": choice.drawn(True).address(),
        "keep_query": choice.drawn(False).address(**({"process": process.slug} if process else {})),
        "propose_url": _where_to_propose(process, at),
        "feed_url": reverse("proposals:feed", args=[process.slug])
        if process
        else reverse("proposals:feed_all"),
        "progress": progress(process, at, counts) if process else None,
        "results_url": reverse("proposals:assessments", args=[process.slug]) if process else "",
        "csv_url": reverse("proposals:csv", args=[process.slug]) + choice.address()
        if process
        else reverse("proposals:csv_all") + choice.address(),
        "export_url": reverse("proposals:export", args=[process.slug]) + choice.address() if process else "",
        "may_export": process is not None and export.may_export_all(person, process),
    }
    if choice.as_map:
        context["pins"] = _pins(page.items)
        context["geojson_url"] = _geojson_url(process) + choice.address()
    else:
        context["cards"] = cards(page.items, person, at, process=process, mark=asked.mark if asked else None)
    return render(
        request, "proposals/list.html#list" if is_partial(request) else "proposals/list.html", context
    )


def settled(choice: Choice, at: datetime) -> Choice:
    """What an order needs and the address does not say: the seed of chance is the day until somebody chooses another."""
    if choice.order == "random" and not choice.seed:
        return replace(choice, seed=exposure.day_of(at).isoformat())
    if choice.order == "near" and not _place(choice.near):
        home = next((p for p in memory.places.all().values() if p.kind == Place.Kind.MUNICIPALITY), None)
        first = memory.places.get(choice.places[0]) if choice.places else home
        return replace(choice, near=first.slug if first else "")
    return choice


def _place(slug: str) -> Place | None:
    return next(iter(memory.places.by_slug([slug])), None) if slug else None


def _measured_from(choice: Choice) -> Place | None:
    return _place(choice.near) if choice.order == "near" else None


def _known_places(counts: Counts, choice: Choice) -> list[Place]:
    """The places of the list, the town in front."""
    return sorted(
        (place for key in {*counts.by("place"), *choice.places} if (place := memory.places.get(key))),
        key=lambda place: (place.kind != Place.Kind.MUNICIPALITY, place.name),
    )


def _filters(choice: Choice, counts: Counts) -> list[Filter]:
    """The boxes with their numbers. While somebody searches, numbers would not be true and are left out (n = 0)."""

    def boxes(facet: str, names: Iterable[tuple[str, Any]], value_of: Callable[[str], Any]) -> list[Option]:
        shown, n, chosen = counts.by(facet), counts.by(facet, choice.chosen), choice.chosen[facet]
        return [
            Option(name, str(words), 0 if choice.q else n[value_of(name)], value_of(name) in chosen)
            for name, words in names
            if value_of(name) in shown or value_of(name) in chosen
        ]

    def is_yes(value: str) -> bool:
        return value == YES

    places = _known_places(counts, choice)
    keys = {place.slug: place.pk for place in places}
    filters = [
        Filter("place", _("Place"), boxes("place", [(p.slug, p.name) for p in places], keys.__getitem__)),
        Filter("theme", _("Theme"), boxes("theme", Theme.choices, str)),
        Filter("stage", _("Status"), boxes("stage", Stage.choices, str)),
        Filter("by", _("Who proposes it"), boxes("author_kind", AUTHORS, str)),
        Filter("answer", _("Answer"), boxes("is_answered", ANSWERS, is_yes)),
        Filter("hands", _("Help wanted"), boxes("seeks_coauthors", HANDS, is_yes)),
    ]
    return [each for each in filters if each.options]


def _drawn_filters(choice: Choice, counts: Counts) -> SafeString:
    """All boxes with their numbers: the same for everybody who chose the same, so they are kept with the numbers."""
    chosen = [choice.places, choice.themes, choice.stages, choice.authors, choice.answers, choice.hands]
    name = blake2b(repr((chosen, bool(choice.q))).encode(), digest_size=16).hexdigest()

    def draw() -> SafeString:
        return render_to_string(
            "proposals/filters.html", {"filters": _filters(choice, counts), "with_numbers": not choice.q}
        )

    return keep(counts.version, f"filters-{name}", draw) if counts.version else draw()


def _chips(choice: Choice) -> Iterable[Chip]:
    for field, value, name in named(choice):
        without = choice.without_words() if field == "q" else choice.without(field, value)
        yield Chip(name, without.address())


def _geojson_url(process: Process | None) -> str:
    if process is None:
        return reverse("proposals:geojson_all")
    return reverse("proposals:geojson", args=[process.slug])


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
            turn = at_place[place.pk] = at_place.get(place.pk, -1) + 1
            x, y = beside(place.map_x, place.map_y, turn, apart=24)
        pins.append(
            Pin(
                number, proposal, proposal.in_language("title"), proposal.get_absolute_url(),
                place.name if place else "", x, y, y + 4.5 if y is not None else None,
            )
        )  # fmt: skip
    return pins
