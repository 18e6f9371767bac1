"""The board of commitments, one commitment, and the question whether it works."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation.calendar import written
from feedback import actions, pending_acts, queries, rules
from feedback.cards import OPINIONS, card_of
from feedback.feeds import due_dates
from feedback.models import Commitment, Opinion, State
from feedback.words import SECTIONS
from groundwork import clock
from groundwork.answer import No
from groundwork.html import files
from groundwork.html.middleware import refuse
from groundwork.html.paging import keyset

# How many of each state the overview shows; the chips lead to all of them.
OVERVIEW, PER_SECTION = 60, 8


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The days promises are due."""
    at = clock.now()
    return files.calendar(
        "commitments", written(_("Commitments of {city}").format(city=settings.CITY_NAME), due_dates(at), at)
    )


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """Delayed, under way, promised, just finished; or all of one state, newest movement first."""
    at, person = clock.now(), person_of(request)
    numbers = queries.board(at)
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    public = Commitment.objects.public().for_board()
    context: dict[str, Any] = {
        "menu": "commitments",
        "state": state,
        "state_words": State(state).label if state else "",
        "board": numbers,
        "chips": [(value, State(value).label, n, value == state) for value, n in numbers.states.items()],
        "opinions": OPINIONS,
    }
    if state:
        page = keyset(
            public.in_state(state, queries.day_of(at)), ("-moved_at", "-pk"), after=request.GET.get("after")
        )
        found = queries.with_delays(page.items, at)
        mine = _my_opinions(person, found)
        context["page"] = page
        context["sections"] = [(state, "", [card_of(commitment, at, mine) for commitment in found], 0)]
    else:
        found = queries.with_delays(queries.overview(at)[:OVERVIEW], at)
        mine = _my_opinions(person, found)
        cards = [card_of(commitment, at, mine) for commitment in found]
        by_state = {value: [card for card in cards if card.state == value] for value, _words in SECTIONS}
        context["sections"] = [
            (value.value, words, by_state[value][:PER_SECTION], numbers.states[value.value] - PER_SECTION)
            for value, words in SECTIONS
            if by_state[value]
        ]
    return render(request, "feedback/commitments.html", context)


def _my_opinions(person: Person | None, found: list[Commitment]) -> dict[int, str]:
    asked = [commitment.pk for commitment in found if commitment.evaluate_by and not commitment.evaluated_at]
    if person is None or not asked:
        return {}
    return dict(
        Opinion.objects.filter(person=person, commitment__in=asked).values_list("commitment", "value")
    )


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
        "results": _results(found),
        "spent_share": min(100.0, 100 * float(found.spent / found.budget)) if found.budget else 0.0,
        "at": at,
    }
    return render(request, "feedback/commitment.html", context)


def _results(found: Commitment) -> list[tuple[str, int, float]]:
    """The answers to "does it work?": words, number, share."""
    whole = found.opinions_count
    numbers = [found.works_yes, found.works_partly, found.works_no]
    return [
        (str(value.label), n, 100 * n / whole)
        for value, n in zip(Opinion.Value, numbers, strict=True)
        if whole
    ]


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
