"""In the open: which office answers on time, adopted texts, and what readers say back to an answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here, person_of
from feedback import actions, clocks, rules, traces
from feedback.models import OfficialAnswer, Plan
from groundwork import clock
from groundwork.answer import No
from groundwork.html.middleware import refuse
from groundwork.shared_pages.api import shared_page


@shared_page()
@require_safe
def by_office(request: HttpRequest) -> HttpResponse:
    """How many answers came by the date that was promised first, office by office."""
    at = clock.now()
    rows = clocks.rates(at)
    context = {
        "menu": "commitments",
        "rows": [(row, clocks.clock_words(row.next_due, at) if row.next_due else None) for row in rows],
        "kept": sum(row.kept for row in rows),
        "of": sum(row.of for row in rows),
        "overdue": sum(row.overdue for row in rows),
    }
    return render(request, "feedback/answers.html", context)


@shared_page()
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """An adopted text, each paragraph with the contributions behind it."""
    person = person_of(request)
    found = get_object_or_404(Plan.objects.visible_to(person).select_related("process", "office"), pk=pk)
    rows = traces.with_paragraphs(found, person)
    behind = {proposal.pk for _row, proposals in rows for proposal in proposals}
    context = {"menu": "processes", "plan": found, "rows": rows, "behind": len(behind)}
    return render(request, "feedback/plan.html", context)


def _answer(request: HttpRequest, pk: int) -> OfficialAnswer:
    visible = OfficialAnswer.objects.visible_to(person_of(request)).select_related(
        "contribution", "process", "office"
    )
    return get_object_or_404(visible, pk=pk)


@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Was this answer helpful? Yes or no."""
    found, person = _answer(request, pk), person_of(request)
    allowed = rules.may_say_helpful(person, found)
    if isinstance(allowed, No):
        return refuse(request, allowed)
    yes = request.POST.get("value") == "yes"
    actions.say_helpful(answer=found, yes=yes, by=person_here(request), at=clock.now())
    messages.success(request, _("Thank you. The office sees how many it helped, not who said so."))
    return redirect(f"{found.get_absolute_url()}#ans")


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The author's one question about an answer."""
    found, person = _answer(request, pk), person_of(request)
    allowed = rules.may_ask(person, found)
    if isinstance(allowed, No):
        return refuse(request, allowed)
    try:
        actions.ask_about(
            answer=found, question=request.POST.get("question", ""), by=person_here(request), at=clock.now(),
            language=(get_language() or "de")[:2],
        )  # fmt: skip
    except ValidationError:
        messages.error(request, _("Please write your question, in at most 600 characters."))
        return redirect(f"{found.get_absolute_url()}#ask")
    messages.success(request, _("Your question is public now. The office replies here; you get a message."))
    return redirect(f"{found.get_absolute_url()}#ans")
