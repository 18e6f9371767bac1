"""The desk: answers that are due, and promises to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.roles import Roles, may_read_work, roles_of
from feedback import actions, queries, rules
from feedback.forms import AnswerForm, DelayForm, DeliverForm, EvaluateForm, SpentForm
from feedback.line import commitment_line
from feedback.models import Commitment, Milestone, OfficialAnswer, State, day_of
from feedback.words import answer_badge, badge_of
from groundwork import clock
from groundwork.answer import No, Refused, require
from proposals.models import Proposal

LONGEST_QUEUE = 60


def _officials(roles: Roles) -> bool:
    return roles.may_assess


def _readers(roles: Roles) -> bool:
    return roles.may_read_work


# --- answers ---


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


# --- promises ---


@staff_required(_officials)
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    queue = _promise_queue(request)
    if queue:
        return _show_promise(request, queue[0])
    context = desk_context(request, "keep", menu="commitments") | {
        "queue": [],
        "commitment": None,
        "total": 0,
    }
    return render(request, "feedback/desk_commitments.html", context)


@staff_required(_officials)
@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_promise(request, _mine(request, pk))


def _promise_queue(request: HttpRequest) -> list[Commitment]:
    found = queries.to_keep(person_here(request), clock.now()).select_related(
        "office", "process", "contribution__proposal"
    )
    return list(found.prefetch_related("milestones")[:LONGEST_QUEUE])


def _mine(request: HttpRequest, pk: int) -> Commitment:
    """A commitment of an office this person speaks for; others are looked at on the public page."""
    visible = Commitment.objects.visible_to(person_here(request)).for_board()
    found = get_object_or_404(visible, pk=pk)
    require(rules.may_manage(person_here(request), found))
    return found


def _show_promise(request: HttpRequest, found: Commitment, **bound: forms.Form) -> HttpResponse:
    at, queue = clock.now(), _promise_queue(request)
    context = desk_context(request, "keep", menu="commitments") | {
        "queue": [(each, badge_of(each, at)) for each in queue],
        "total": len(queue),
        "commitment": found,
        "stops": commitment_line(found, at),
        "badge": badge_of(found, at),
        "state": found.state(at),
        "states": State,
        "delays": list(found.delays.order_by("-at", "-pk")),
        "spent_form": SpentForm(initial={"spent": _plain(found.spent)}),
        "delay_form": DelayForm(),
        "deliver_form": DeliverForm(initial={"spent": _plain(found.spent)}),
        "evaluate_form": EvaluateForm(),
        "at": at,
    }
    return render(request, "feedback/desk_commitments.html", context | bound, status=422 if bound else 200)


def _plain(euros: Any) -> Any:
    return int(euros) if euros is not None and euros == int(euros) else euros


def _do(
    request: HttpRequest,
    pk: int,
    name: str,
    form: forms.Form | None,
    act: Callable[[Commitment], object],
    words: str,
) -> HttpResponse:
    """Clean, act, go back to the promise; what does not fit stands beside its field."""
    found = _mine(request, pk)
    if form is None or form.is_valid():
        try:
            act(found)
        except ValidationError as refusal:
            if form is None:
                raise
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, words)
            return redirect("feedback:desk_commitment", pk)
    assert form is not None
    return _show_promise(request, found, **{name: form})


@staff_required(_officials)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(
        request, pk, "", None,
        lambda found: actions.start(commitment=found, by=person_here(request), at=clock.now()),
        _("Noted: work has begun."),
    )  # fmt: skip


@staff_required(_officials)
@require_POST
def step_done(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    form = SpentForm(request.POST)

    def act(found: Commitment) -> None:
        milestone: Milestone = get_object_or_404(
            Milestone.objects.filter(commitment=found).select_related("commitment__office"), pk=step
        )
        actions.complete_milestone(
            milestone=milestone,
            spent=form.cleaned_data["spent"],
            by=person_here(request),
            at=clock.now(),
        )

    return _do(
        request, pk, "spent_form", form, act, _("Noted: the step is done. Everyone concerned is told.")
    )


@staff_required(_officials)
@require_POST
def delay(request: HttpRequest, pk: int) -> HttpResponse:
    form = DelayForm(request.POST)
    return _do(
        request, pk, "delay_form", form,
        lambda found: actions.delay_commitment(
            commitment=found, new_due=form.cleaned_data["new_due"], by=person_here(request), at=clock.now(),
            reason={"de": form.cleaned_data["reason_de"], "en": form.cleaned_data["reason_en"]},
        ),
        _("Published: the new date and the reason. Everyone concerned is told."),
    )  # fmt: skip


@staff_required(_officials)
@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    form = DeliverForm(request.POST)
    return _do(
        request, pk, "deliver_form", form,
        lambda found: actions.deliver(
            commitment=found, by=person_here(request), at=clock.now(), spent=form.cleaned_data["spent"], text=form.texts(),
        ),
        _("Published: it is finished. Everyone concerned is told, and asked whether it works."),
    )  # fmt: skip


@staff_required(_officials)
@require_POST
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    form = EvaluateForm(request.POST)
    return _do(
        request, pk, "evaluate_form", form,
        lambda found: actions.evaluate(commitment=found, by=person_here(request), at=clock.now(), text=form.texts()),
        _("Published: what was learned."),
    )  # fmt: skip
