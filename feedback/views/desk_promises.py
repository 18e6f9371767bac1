"""The desk: promises to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from feedback import actions, queries, rules
from feedback.desk_page import keeping_context, officials, waiting_lists
from feedback.forms import DelayForm, DeliverForm, EvaluateForm, SpentForm
from feedback.line import commitment_line
from feedback.models import Commitment, Milestone, State
from feedback.words import badge_of
from groundwork import clock
from groundwork.answer import require

LONGEST_QUEUE = 60


@staff_required(officials)
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    queue = _promise_queue(request)
    if queue:
        return show_promise(request, queue[0])
    context = desk_context(request, "keep", menu="commitments") | {
        "queue": [],
        "commitment": None,
        "total": 0,
        "lists": waiting_lists(person_here(request)),
    }
    return render(request, "feedback/desk_commitments.html", context)


@staff_required(officials)
@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    return show_promise(request, mine(request, pk))


def _promise_queue(request: HttpRequest) -> list[Commitment]:
    found = queries.to_keep(person_here(request), clock.now()).select_related(
        "office", "process", "contribution__proposal"
    )
    return list(found.prefetch_related("milestones")[:LONGEST_QUEUE])


def mine(request: HttpRequest, pk: int) -> Commitment:
    """A commitment of an office this person speaks for; others are looked at on the public page."""
    visible = Commitment.objects.visible_to(person_here(request)).for_board()
    found = get_object_or_404(visible, pk=pk)
    require(rules.may_manage(person_here(request), found))
    return found


def show_promise(request: HttpRequest, found: Commitment, **bound: forms.Form) -> HttpResponse:
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
        "lists": waiting_lists(person_here(request)),
        "at": at,
        **keeping_context(found, at),
    }
    return render(request, "feedback/desk_commitments.html", context | bound, status=422 if bound else 200)


def _plain(euros: Any) -> Any:
    return int(euros) if euros is not None and euros == int(euros) else euros


def do(
    request: HttpRequest,
    pk: int,
    name: str,
    form: forms.Form | None,
    act: Callable[[Commitment], object],
    words: str,
) -> HttpResponse:
    """Clean, act, go back to the promise; what does not fit stands beside its field."""
    found = mine(request, pk)
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
    return show_promise(request, found, **{name: form})


@staff_required(officials)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    return do(
        request, pk, "", None,
        lambda found: actions.start(commitment=found, by=person_here(request), at=clock.now()),
        _("Noted: work has begun."),
    )  # fmt: skip


@staff_required(officials)
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

    return do(request, pk, "spent_form", form, act, _("Noted: the step is done. Everyone concerned is told."))


@staff_required(officials)
@require_POST
def delay(request: HttpRequest, pk: int) -> HttpResponse:
    form = DelayForm(request.POST)
    return do(
        request, pk, "delay_form", form,
        lambda found: actions.delay_commitment(
            commitment=found, new_due=form.cleaned_data["new_due"], by=person_here(request), at=clock.now(),
            reason={"de": form.cleaned_data["reason_de"], "en": form.cleaned_data["reason_en"]},
        ),
        _("Published: the new date and the reason. Everyone concerned is told."),
    )  # fmt: skip


@staff_required(officials)
@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    form = DeliverForm(request.POST)
    return do(
        request, pk, "deliver_form", form,
        lambda found: actions.deliver(
            commitment=found, by=person_here(request), at=clock.now(), spent=form.cleaned_data["spent"], text=form.texts(),
        ),
        _("Published: it is finished. Everyone concerned is told, and asked whether it works."),
    )  # fmt: skip


@staff_required(officials)
@require_POST
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    form = EvaluateForm(request.POST)
    return do(
        request, pk, "evaluate_form", form,
        lambda found: actions.evaluate(commitment=found, by=person_here(request), at=clock.now(), text=form.texts()),
        _("Published: what was learned."),
    )  # fmt: skip
