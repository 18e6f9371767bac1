"""The staff history of a process: who changed what and when, in words, with undo where it is possible."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation import history as steps
from cocreation import undoing
from cocreation.care_forms import ReasonForm, ask_for_reason, reason_in
from cocreation.desk import staff_required
from cocreation.gate import ITEMS
from cocreation.models import ConfigChange, Process
from cocreation.views.studio import find_process, may_configure, save_and_say, studio_page
from groundwork import clock
from groundwork.answer import Answer, Words
from groundwork.html.paging import keyset

SIZE = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the history."""

    change: ConfigChange
    words: Words
    part: Words
    lines: list[steps.Line]
    may: Answer


def step_of(change: ConfigChange, process: Process) -> Step:
    part: Words = ""
    if change.what == "phase":
        part = next((phase.name for phase in process.line if phase.key == change.part), change.part)
    elif change.what == "gate" and change.part.isdigit():
        part = ITEMS[int(change.part)].words
    return Step(
        change,
        steps.WHAT.get(change.what, change.what),
        part,
        steps.lines_of(change),
        undoing.may_be_undone(change),
    )


@require_safe
@staff_required(may_configure)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    page = keyset(
        process.config_changes.select_related("by", "undoes", "undone_by"),
        after=request.GET.get("after"),
        size=SIZE,
    )
    return studio_page(
        request,
        process,
        "cocreation/studio/history.html",
        current="history",
        rows=[step_of(change, process) for change in page.items],
        next_token=page.next_token,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What would be set again, and the button. In a process that has begun it asks for the public reason."""
    process, person, at = find_process(request, slug), person_here(request), clock.now()
    change = get_object_or_404(process.config_changes.select_related("by", "undone_by"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields.clear()
    ask_for_reason(form, process, at)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            undoing.undo(change=change, by=person, at=at, reason=reason_in(form))

        if save_and_say(request, form, act):
            return redirect("cocreation:studio_history", slug=slug)
    step = step_of(change, process)
    return studio_page(
        request, process, "cocreation/studio/undo.html", current="history", step=step, form=form,
        status=422 if form.is_bound else 200,
    )  # fmt: skip
