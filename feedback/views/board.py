"""The board of commitments, its map and its feed; one commitment; and the question whether it works."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation.calendar import written
from feedback import actions, life, pending_acts, queries, rules
from feedback.board import MOST, Choice, as_geojson, facets, pins, without_map
from feedback.calendar import due_dates
from feedback.cards import OPINIONS, card_of
from feedback.models import Commitment, Opinion
from feedback.page import on_its_way
from feedback.words import SECTIONS
from groundwork import clock
from groundwork.answer import No
from groundwork.html import files
from groundwork.html.htmx import is_partial
from groundwork.html.middleware import refuse
from groundwork.html.paging import keyset
from groundwork.shared_pages.api import shared_page

# How many of each state the overview shows; the filter leads to all of them.
OVERVIEW, PER_SECTION = 60, 8


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The days promises are due."""
    at = clock.now()
    return files.calendar(
        "commitments", written(_("Commitments of {city}").format(city=settings.CITY_NAME), due_dates(at), at)
    )


@shared_page("state", "office", "place", "theme", "late", "view", "after")
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """Delayed, under way, promised, just finished; or what a reader chose, newest movement first, as cards or as a map."""
    at, person = clock.now(), person_of(request)
    choice = Choice.read(request.GET)
    counted = facets(choice, at)
    context: dict[str, Any] = {
        "menu": "commitments",
        "choice": choice,
        "facets": counted,
        "board": queries.board(at),
        "opinions": OPINIONS,
        "cards_url": reverse("feedback:commitments") + without_map(choice).address(),
        "map_url": reverse("feedback:commitments") + without_map(choice).address(view="map"),
        "feed_url": reverse("feedback:commitments_feed") + without_map(choice).address(),
    }
    if choice or choice.as_map:
        found = choice.narrow(Commitment.objects.public().for_board(), at)
        page = keyset(found, ("-moved_at", "-pk"), after=request.GET.get("after"))
        shown = queries.with_delays(page.items, at)
        context["page"] = page
        context["next_url"] = choice.address(after=page.next_token or "")
        if choice.as_map:
            context["pins"] = pins(shown)
            context["geojson_url"] = reverse("feedback:points") + without_map(choice).address()
        else:
            mine = _my_opinions(person, shown)
            context["sections"] = [("found", "", [card_of(each, at, mine) for each in shown], 0)]
    else:
        context["sections"] = _overview(person, context["board"].states)
    partial = "feedback/commitments.html#list" if is_partial(request) else "feedback/commitments.html"
    return render(request, partial, context)


def _overview(person: Person | None, numbers: dict[str, int]) -> list[tuple[str, Any, list[Any], int]]:
    at = clock.now()
    found = queries.with_delays(queries.overview(at)[:OVERVIEW], at)
    mine = _my_opinions(person, found)
    cards = [card_of(commitment, at, mine) for commitment in found]
    by_state = {value: [card for card in cards if card.state == value] for value, _words in SECTIONS}
    return [
        (value.value, words, by_state[value][:PER_SECTION], numbers[value.value] - PER_SECTION)
        for value, words in SECTIONS
        if by_state[value]
    ]


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The choice as GeoJSON: what the map draws its pins from. The same for every reader."""
    at = clock.now()
    found = Choice.read(request.GET).narrow(Commitment.objects.public().for_board(), at)
    answer = JsonResponse(as_geojson(found.newest_movement_first()[: MOST + 1], at))
    answer["Content-Type"] = "application/geo+json"
    answer["ETag"] = f'"{blake2b(answer.content, digest_size=12).hexdigest()}"'
    answer["Cache-Control"] = "public, max-age=60" if request.user.is_anonymous else "private, no-store"
    return answer


def _my_opinions(person: Person | None, found: list[Commitment]) -> dict[int, str]:
    asked = [commitment.pk for commitment in found if commitment.evaluate_by and not commitment.evaluated_at]
    if person is None or not asked:
        return {}
    return dict(
        Opinion.objects.filter(person=person, commitment__in=asked).values_list("commitment", "value")
    )


@shared_page()
@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    at, person = clock.now(), person_of(request)
    found = get_object_or_404(Commitment.objects.visible_to(person).for_board(), pk=pk)
    delays = list(found.delays.all())
    card = card_of(found, at, _my_opinions(person, [found]))
    context = {
        "menu": "commitments",
        "commitment": found,
        "card": card,
        "delays": list(reversed(delays)),
        "opinions": OPINIONS,
        "may_manage": person is not None and bool(rules.may_manage(person, found)),
        "spent_share": min(100.0, 100 * float(found.spent / found.budget)) if found.budget else 0.0,
        "asks_again": life.again_possible(found) if found.delivered_at else False,
        "at": at,
        **on_its_way(found, person, at),
    }
    return render(request, "feedback/commitment.html", context)


@require_POST
def works(request: HttpRequest, pk: int) -> HttpResponse:
    """Does it work? Yes, partly or no. The answer of somebody who is not known (well enough) yet is kept."""
    at, person = clock.now(), person_of(request)
    found = get_object_or_404(Commitment.objects.visible_to(person), pk=pk)
    answer, value = rules.may_say_whether_it_works(person, found, at), request.POST.get("value", "")
    if isinstance(answer, No) and answer.identify and value in Opinion.Value.values:
        kept = pending_acts.keep(found, value, person=person, answer=answer, at=at)
        return redirect("cocreation:waiting", token=kept.token)
    if person is None:
        assert isinstance(answer, No)
        return refuse(request, answer)
    actions.say_whether_it_works(commitment=found, value=value, by=person, at=at)
    messages.success(request, _("Thank you. You can change your answer as long as we ask."))
    back = request.POST.get("back", "")
    here = reverse("feedback:commitments")
    return redirect(f"{here}#c{found.pk}" if back == "board" else found.get_absolute_url())
