"""Processes: the list, one process, its calendar, following it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation import actions, pending
from cocreation.calendar import calendar_of, events_of, written
from cocreation.embeds import KIND
from cocreation.kept import keep, version_of
from cocreation.lines import line_of, short_line
from cocreation.models import Follow, Place, Process
from cocreation.panels import Panel, process_numbers, process_panels
from cocreation.participation import may_follow, participation_of
from cocreation.querysets import ARCHIVED, ORDER, STATES, find_process, listed
from cocreation.views import linked
from cocreation.words import state_names
from groundwork import clock
from groundwork.embeds import panel_for
from groundwork.html import files
from groundwork.html.linked import script
from groundwork.html.paging import keyset
from groundwork.shared_pages.api import of_process, shared_page


@shared_page("place", "state", "after")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "cocreation/processes.html", index_context(request) | {"menu": "processes"})


def index_context(request: HttpRequest, *, state: str = "") -> dict[str, Any]:
    """The list with its filters, which live in the address. `state` fixes one (the results page does)."""
    at, person = clock.now(), person_of(request)
    places = list(Place.objects.filter(processes__published_at__isnull=False).distinct())
    place = request.GET.get("place", "")
    place = place if any(p.slug == place for p in places) else ""
    wanted = state or request.GET.get("state", "")
    wanted = wanted if wanted in (*STATES, ARCHIVED) else ""
    page = keyset(
        listed(person, at, place=place, state=wanted), ORDER, after=request.GET.get("after"), size=18
    )
    for process in page.items:
        process.short = short_line(process, at)  # type: ignore[attr-defined]

    def address(**changes: str) -> str:
        chosen = {"state": "" if state else wanted, "place": place} | changes
        query = urlencode({key: value for key, value in chosen.items() if value})
        return f"?{query}" if query else request.path

    return {
        "page": page,
        "place": place,
        "place_name": next((p.name for p in places if p.slug == place), ""),
        "state": wanted,
        "states": []
        if state
        else [
            (name, address(state=slug), slug == wanted)
            for slug, name in [("", state_names[""]), *_named_states()]
        ],
        "places": [(p.name, address(place=p.slug), p.slug == place) for p in places],
        "everywhere": address(place=""),
        "next_url": address(after=page.next_token) if page.next_token else "",
        "first_url": address() if request.GET.get("after") else "",
    }


def _named_states() -> list[tuple[str, Any]]:
    return [(slug, state_names[slug]) for slug in (*STATES, ARCHIVED)]


@shared_page()
@require_safe
def process(request: HttpRequest, slug: str) -> HttpResponse:
    person, at = person_of(request), clock.now()
    found = find_process(slug, person)
    if found is None:
        raise Http404
    of_process(request, found.pk)
    context = page_context(found, person, at)
    return render(request, "cocreation/process.html", context)


def page_context(found: Process, person: Person | None, at: datetime) -> dict[str, Any]:
    """What the page of a process shows to this person; the preview shows the same to nobody in particular."""
    version = version_of(found, at)
    places: list[str] = keep(version, "places", lambda: [place.name for place in found.places.all()])
    return {
        "process": found,
        "places": places,
        "embed": panel_for(KIND, found.title, slug=found.slug) if found.published_at else None,
        "linked": script(linked.of_process(found, places)) if found.published_at else "",
        "line": line_of(found, at, version),
        "part": participation_of(found, person, at),
        "panels": [drawn for panel in _panels() if (drawn := _panel(panel, found, person, at, version))],
        "numbers": keep(
            version,
            "numbers",
            lambda: [number for numbers in process_numbers for number in numbers(found, at)],
        ),
        "contacts": keep(
            version,
            "contacts",
            lambda: [(person.public_name, person.about) for person in found.contacts.all()],
        ),
        "follows": person is not None and Follow.objects.filter(person=person, process=found).exists(),
        "facts": any([found.what_open, found.what_fixed, found.how_decided, found.decides, found.answer_by]),
        "at": at,
        "menu": "processes",
    }


def _panels() -> list[Panel]:
    return sorted(process_panels, key=lambda panel: panel.order)


def _panel(panel: Panel, process: Process, person: Person | None, at: datetime, version: str) -> str:
    """A section that a room adds, as markup; "" where it stays away."""

    def draw(reader: Person | None) -> str:
        context = panel.context(process, reader, at)
        if context is None:
            return ""
        # Both ways of naming: the values themselves, and all of them as `panel`.
        return render_to_string(panel.template, {"process": process, "at": at, **context, "panel": context})

    if panel.personal and person is not None:
        return draw(person)
    return keep(version, f"panel:{panel.slug}", lambda: draw(None))


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Process.objects.visible_to(person_of(request)), slug=slug)
    return files.calendar(found.slug, calendar_of(found, clock.now()))


@require_safe
def calendar_all(request: HttpRequest) -> HttpResponse:
    """The dates of all public processes, or of those of one place."""
    at = clock.now()
    found = Process.objects.published().filter(archived_at__isnull=True).prefetch_related("phases")
    if place := request.GET.get("place", ""):
        found = found.filter(places__slug=place)
    events = [event for process in found.order_by("-published_at")[:300] for event in events_of(process)]
    return files.calendar("calendar", written(settings.CITY_NAME, events, at))


@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow or stop following. A visitor's wish is kept until they have said who they are."""
    person, at = person_of(request), clock.now()
    found = find_process(slug, person)
    if found is None or not found.is_published:
        raise Http404
    stop = bool(request.POST.get("stop"))
    answer = may_follow(person) if person is not None else None
    if person is None or not (stop or answer):
        about = {"process": found.pk, "title": found.title}
        act = pending.keep("follow", about, process=found, at=at, person=person, answer=answer)
        return redirect("cocreation:waiting", token=act.token)
    _toggle(person, found, stop)
    return redirect(f"{reverse('cocreation:process', args=[found.slug])}#do")


def _toggle(person: Person, process: Process, stop: bool) -> None:
    if stop:
        actions.unfollow(person=person, process=process)
    else:
        actions.follow(person=person, process=process, at=clock.now())
