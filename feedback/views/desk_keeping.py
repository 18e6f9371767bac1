"""The desk: what happens to a promise on its way. News, money, another office, an end, tasks, and asking again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.file_forms import FilesPart
from cocreation.views.uploads import capped
from feedback import actions
from feedback import keeping_rules as rules
from feedback.desk_page import officials, open_for_ideas
from feedback.keeping_forms import (
    GiveUpForm,
    HandOverForm,
    ReopenForm,
    SpendForm,
    TaskForm,
    UpdateForm,
    texts,
)
from feedback.models import Commitment, Task
from feedback.views import desk_promises as desk
from groundwork import clock
from groundwork.answer import require


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
@capped
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """News, with pictures and documents: the same part of a form as beside a proposal."""
    found, person, at = desk.mine(request, pk), person_here(request), clock.now()
    require(rules.may_tell(person, found))
    sent = request.POST if request.method == "POST" else None
    files = FilesPart(sent, request.FILES, person=person, at=at, too_big=request.too_big)  # type: ignore[attr-defined]
    again = sent is not None and files.asked
    form = UpdateForm(None if again else sent, initial=sent.dict() if again and sent else None)
    if form.is_bound:
        fine = form.is_valid()
        if files.is_valid() and fine:
            actions.post_update(
                commitment=found,
                text=texts(form, "text"),
                by=person,
                at=at,
                draft=files.draft,
                listed=files.listed,
            )
            messages.success(request, _("Published. Everyone concerned is told."))
            return redirect("feedback:desk_commitment", pk)
        form.more_errors = files.problems  # type: ignore[attr-defined]
    context = desk_context(request, "keep", menu="commitments") | {
        "commitment": found, "form": form, "files": files,
    }  # fmt: skip
    return render(request, "feedback/desk_update.html", context, status=422 if form.is_bound else 200)


@staff_required(officials)
@require_POST
def spend(request: HttpRequest, pk: int) -> HttpResponse:
    form = SpendForm(request.POST)
    return desk.do(
        request, pk, "spend_form", form,
        lambda found: actions.spend(
            commitment=found, day=form.cleaned_data["day"], amount=form.cleaned_data["amount"],
            what_for=texts(form, "what_for"), by=person_here(request), at=clock.now(),
        ),
        _("Noted: the amount stands in the public list."),
    )  # fmt: skip


@staff_required(officials)
@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    form = GiveUpForm(request.POST)
    return desk.do(
        request, pk, "give_up_form", form,
        lambda found: actions.give_up(
            commitment=found, reason=texts(form, "reason"), by=person_here(request), at=clock.now()
        ),
        _("Published: the promise is given up, with the reason. Everyone concerned is told."),
    )  # fmt: skip


@staff_required(officials)
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Afterwards it may be somebody else's: then the public page shows that it worked."""
    found = desk.mine(request, pk)
    form = HandOverForm(found, request.POST)
    if not form.is_valid():
        return desk.show_promise(request, found, hand_form=form)
    actions.hand_over(
        commitment=found, to=form.cleaned_data["office"], reason=texts(form, "reason"), by=person_here(request),
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("Published: another office has taken over."))
    return redirect(found.get_absolute_url())


@staff_required(officials)
@require_POST
def offer_task(request: HttpRequest, pk: int) -> HttpResponse:
    form = TaskForm(request.POST)
    return desk.do(
        request, pk, "task_form", form,
        lambda found: actions.offer_task(
            commitment=found, title=texts(form, "title"), people=form.cleaned_data["people"],
            hours=form.cleaned_data["hours"], until=form.cleaned_data["until"], by=person_here(request), at=clock.now(),
        ),
        _("Published: everybody can take it on now."),
    )  # fmt: skip


@staff_required(officials)
@require_POST
def close_task(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    def act(found: Commitment) -> None:
        one = get_object_or_404(Task, commitment=found, pk=task)
        actions.close_task(task=one, by=person_here(request), at=clock.now())

    return desk.do(request, pk, "", None, act, _("The task is closed."))


@staff_required(officials)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReopenForm(open_for_ideas(clock.now()), request.POST)
    return desk.do(
        request, pk, "again_form", form,
        lambda found: actions.reopen(
            commitment=found, phase=form.cleaned_data["phase"], by=person_here(request), at=clock.now()
        ),
        _("Published: the question is asked again as a new idea."),
    )  # fmt: skip
