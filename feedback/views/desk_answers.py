"""The desk: answers that are due."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.roles import Roles, may_read_work, roles_of
from feedback import actions, queries, rules
from feedback.forms import AnswerForm
from feedback.models import OfficialAnswer, day_of
from feedback.words import answer_badge
from groundwork import clock
from groundwork.answer import No, Refused, require
from proposals.models import Proposal

LONGEST_QUEUE = 60


def _officials(roles: Roles) -> bool:
    return roles.may_assess


def _readers(roles: Roles) -> bool:
    return roles.may_read_work


def _answer_queue(request: HttpRequest) -> list[Proposal]:
    at = clock.now()
    found = queries.due_for_answer(person_here(request), at).select_related("process", "place")
    return list(found[:LONGEST_QUEUE])


def _queue_context(request: HttpRequest, queue: list[Proposal], current: Proposal | None) -> dict[str, Any]:
    at = clock.now()
    total = len(queue) if len(queue) < LONGEST_QUEUE else queries.answers_waiting(person_here(request), at)
    return desk_context(request, "answer") | {
        "queue": [(proposal, _due(proposal, at), proposal.in_language("title")) for proposal in queue],
        "total": total,
        "proposal": current,
        "at": at,
    }


def _due(proposal: Proposal, at: Any) -> str:
    """How the date of an answer stands: "late", "soon" or "" (time enough)."""
    by = proposal.process.answer_by
    if by is None:
        return ""
    days = (day_of(by) - day_of(at)).days
    return "late" if by <= at else "today" if days == 0 else "tomorrow" if days == 1 else ""


@staff_required(_readers)
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The queue, with its first item open; empty says so."""
    queue = _answer_queue(request)
    if queue:
        return _show_answer(request, queue[0], queue)
    return render(request, "feedback/desk_answers.html", _queue_context(request, [], None))


@staff_required(_readers)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, receipt: str) -> HttpResponse:
    visible = Proposal.objects.visible_to(person_here(request)).select_related(
        "process", "place", "contribution__author"
    )
    found = get_object_or_404(visible, receipt=receipt)
    require(may_read_work(person_here(request), found.process))
    queue = _answer_queue(request)
    if request.method != "POST":
        return _show_answer(request, found, queue)
    if not roles_of(person_here(request)).may_assess:
        raise Refused(No(_("You may look at this, not change it.")))
    form = AnswerForm(person_here(request), found, request.POST)
    if not form.is_valid() or not _publish(request, form, found):
        return _show_answer(request, found, queue, form)
    people = queries.reach(found.contribution)
    reached = ngettext(
        "Published. It goes to the author and %(n)s person.",
        "Published. It goes to the author and %(n)s people.",
        people,
    ) % {"n": people}
    messages.success(request, reached)
    after = next((proposal for proposal in queue if proposal.pk != found.pk), None)
    return redirect("feedback:desk_answer", after.receipt) if after else redirect("feedback:desk_answers")


def _publish(request: HttpRequest, form: AnswerForm, proposal: Proposal) -> bool:
    """The answer and, when asked for, the promise: both or neither."""
    at, data = clock.now(), form.cleaned_data
    try:
        with transaction.atomic():
            actions.answer_contribution(
                contribution=proposal.contribution,
                office=data["office"],
                status=data["status"],
                reason=form.texts("reason"),
                link=data["link"],
                next_date=data["next_date"],
                by=person_here(request),
                at=at,
            )
            if data["promise"]:
                actions.promise(
                    contribution=proposal.contribution,
                    process=proposal.process,
                    office=data["office"],
                    title=form.texts("title"),
                    due=data["due"],
                    budget=data["budget"],
                    milestones=form.steps(),
                    by=person_here(request),
                    at=at,
                )
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


def _show_answer(
    request: HttpRequest, proposal: Proposal, queue: list[Proposal], form: AnswerForm | None = None
) -> HttpResponse:
    person = person_here(request)
    shown = form or AnswerForm(person, proposal)
    offices: Any = shown.fields["office"]
    office = next(iter(offices.queryset), None)
    text, lang = proposal.revisions.order_by("-number")[0].text(get_language() or "de")
    past = [
        (given, answer_badge(given))
        for given in OfficialAnswer.objects.filter(contribution=proposal.pk).newest_first()
    ]
    context = _queue_context(request, queue, proposal) | {
        "form": shown,
        "allowed": rules.may_answer(person, proposal.contribution, office, clock.now()),
        "text": text,
        "text_lang": lang,
        "assessments": list(proposal.assessments.select_related("office").order_by("-at")),
        "past": past,
        "people": queries.reach(proposal.contribution),
    }
    return render(request, "feedback/desk_answers.html", context, status=422 if form else 200)
