"""The publish gate in the studio: twenty items, each with its state and the way to settle it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation import preparing
from cocreation.care_forms import AnswerForm, ReasonForm
from cocreation.desk import staff_required
from cocreation.gate import ITEMS, Checked, check_gate
from cocreation.models import Process
from cocreation.views.studio import find_process, jump_to, may_configure, say_saved, studio_page
from groundwork import clock
from groundwork.answer import Refused, Words


@require_safe
@staff_required(may_configure)
def gate(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    checked = check_gate(process, clock.now())
    rows = [(each, _where(slug, each.item.number), _gaps(process, each)) for each in checked]
    counts = {
        state: sum(each.state == state for each in checked)
        for state in ("met", "suggested", "waived", "open")
    }
    return studio_page(
        request, process, "cocreation/studio/gate.html", current="gate", rows=rows, counts=counts
    )


def _gaps(process: Process, checked: Checked) -> list[tuple[Words, str]]:
    """What is missing for an item the product sees by itself, each with the way to its field."""
    return [(gap.words, jump_to(process, gap, [])) for gap in checked.gaps] if checked.item.check else []


def _where(slug: str, item: int) -> str:
    return reverse("cocreation:studio_gate_item", args=[slug, item])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def item(request: HttpRequest, slug: str, item: int) -> HttpResponse:
    """Answer an item, or leave it out with a reason, or take back what was said."""
    process, person, at = find_process(request, slug), person_here(request), clock.now()
    if item not in ITEMS:
        raise Http404
    checked = check_gate(process, at)[item - 1]
    act = request.POST.get("act", "") if request.method == "POST" else ""
    answer = AnswerForm(request.POST if act == "answer" else None, checked=checked)
    reason = ReasonForm(request.POST if act == "leave_out" else None, initial=_reason_for(checked))
    refused = None
    try:
        if act and _settled(act, answer, reason, process=process, item=item, by=person, at=at):
            say_saved(request)
            if act == "take_back":
                return redirect(_where(slug, item))
            return redirect(f"{reverse('cocreation:studio_gate', args=[slug])}#item-{item}")
    except Refused as error:
        refused = error.answer
    return studio_page(
        request,
        process,
        "cocreation/studio/gate_item.html",
        current="gate",
        checked=checked,
        gaps=_gaps(process, checked),
        answer_form=None if checked.item.check else answer,
        reason_form=reason,
        may=preparing.may_answer_item(person, process, item),
        refused=refused,
        status=403 if refused is not None else 422 if act else 200,
    )


def _reason_for(checked: Checked) -> dict[str, str]:
    """The reason given before, or the one the recipe suggests."""
    suggestion = checked.suggestion
    suggested = suggestion.text if suggestion and suggestion.left_out else {}
    return {
        f"reason_{code}": (checked.answer and getattr(checked.answer, f"reason_{code}"))
        or suggested.get(code, "")
        for code in ("de", "en")
    }


def _settled(act: str, answer: AnswerForm, reason: ReasonForm, **about: Any) -> bool:
    """Do what was sent. False: something in the form is not right, and says so there."""
    if act == "take_back":
        preparing.take_back(**about)
        return True
    if act == "leave_out":
        return reason.is_valid() and _done(
            reason, lambda: preparing.leave_out(reason=reason.reason(), **about)
        )
    return (
        act == "answer"
        and answer.is_valid()
        and _done(answer, lambda: preparing.answer_item(**answer.answer(), **about))
    )


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Run the action; what it refuses stands beside its field."""
    try:
        act()
    except ValidationError as error:
        for name, errors in error.message_dict.items():
            for sentence in errors:
                form.add_error(name if name in form.fields else None, sentence)
        return False
    return True
