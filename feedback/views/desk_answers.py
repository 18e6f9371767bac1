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
from cocreation.models import Office
from cocreation.roles import Roles, may_act_for, may_change_work, may_read_work
from feedback import actions, queries, rules
from feedback.forms import AnswerForm
from feedback.models import AnswerDraft, OfficialAnswer, day_of
from feedback.publishing import publish, typed
from feedback.reaching import reach
from feedback.views.desk_drafts import open_drafts, open_questions
from feedback.words import answer_badge
from groundwork import clock
from groundwork.answer import require
from proposals.models import Proposal

LONGEST_QUEUE = 60


def _readers(roles: Roles) -> bool:
    return roles.may_read_work


def _answer_queue(request: HttpRequest) -> list[Proposal]:
    at = clock.now()
    found = queries.due_for_answer(person_here(request), at).select_related("process", "place")
    return list(found[:LONGEST_QUEUE])


def _queue_context(request: HttpRequest, queue: list[Proposal], current: Proposal | None) -> dict[str, Any]:
    at, person = clock.now(), person_here(request)
    total = len(queue) if len(queue) < LONGEST_QUEUE else queries.answers_waiting(person, at)
    return desk_context(request, "answer") | {
        "queue": [(proposal, _due(proposal, at), proposal.in_language("title")) for proposal in queue],
        "total": total,
        "drafts": list(open_drafts(person)[:LONGEST_QUEUE]),
        "questions": list(open_questions(person)[:LONGEST_QUEUE]),
        "processes": list(dict.fromkeys(proposal.process for proposal in queue)),
        "proposal": current,
        "at": at,
    }


def _due(proposal: Proposal, at: Any) -> str:
    """How the date of an answer stands: "late", "soon" or "" (time enough)."""
    by = getattr(proposal, "due", proposal.process.answer_by)
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
    require(may_change_work(person_here(request)))
    form = AnswerForm(person_here(request), found, request.POST)
    if request.POST.get("do") == "save":
        return _keep(request, form, found)
    if not form.is_valid() or (done := _publish(request, form, found)) is None:
        return _show_answer(request, found, queue, form)
    if isinstance(done, AnswerDraft):
        messages.success(request, _("Handed in. A colleague reads it and publishes it."))
        return redirect("feedback:desk_draft", done.pk)
    people = reach(found.process, found.pk, person_here(request))
    reached = ngettext(
        "Published. It goes to the author and %(n)s person.",
        "Published. It goes to the author and %(n)s people.",
        people,
    ) % {"n": people}
    messages.success(request, reached)
    after = next((proposal for proposal in queue if proposal.pk != found.pk), None)
    return redirect("feedback:desk_answer", after.receipt) if after else redirect("feedback:desk_answers")


def _draft(request: HttpRequest, form: AnswerForm, proposal: Proposal, office: Office) -> AnswerDraft:
    return actions.save_draft(
        process=proposal.process, contribution=proposal.contribution, office=office, content=typed(form, request.POST),
        by=person_here(request), at=clock.now(),
    )  # fmt: skip


def _keep(request: HttpRequest, form: AnswerForm, proposal: Proposal) -> HttpResponse:
    """Save what was typed, complete or not."""
    choice: Any = form.fields["office"]
    key = request.POST.get("office", "")
    office = choice.queryset.filter(pk=int(key) if key.isdigit() else 0).first() or choice.queryset.first()
    require(may_act_for(person_here(request), office))
    _draft(request, form, proposal, office)
    messages.success(request, _("Saved as a draft. Only your office sees it."))
    return redirect("feedback:desk_answer", proposal.receipt)


def _publish(request: HttpRequest, form: AnswerForm, proposal: Proposal) -> AnswerDraft | bool | None:
    """Public at once (True), or with the second reader (the draft); None with the errors on the form."""
    at, person, office = clock.now(), person_here(request), form.cleaned_data["office"]
    try:
        with transaction.atomic():
            require(rules.may_answer(person, proposal.contribution, office, at))
            draft = _draft(request, form, proposal, office)
            if rules.needs_reader(person, proposal.process, office, at):
                return actions.hand_in(draft=draft, by=person, at=at)
            publish(draft, form, person)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None
    return True


def _show_answer(
    request: HttpRequest, proposal: Proposal, queue: list[Proposal], form: AnswerForm | None = None
) -> HttpResponse:
    person = person_here(request)
    draft = open_drafts(person).filter(contribution=proposal.pk).first()
    shown = form or AnswerForm(person, proposal, initial=draft.content if draft else {})
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
        "draft": draft,
        "needs_reader": office is not None
        and rules.needs_reader(person, proposal.process, office, clock.now()),
        "people": reach(proposal.process, proposal.pk, person),
    }
    return render(request, "feedback/desk_answers.html", context, status=422 if form else 200)
