"""Typing a batch twice, and deciding where the two lines differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from groundwork import clock
from groundwork.answer import Refused
from proposals.ballots import actions as ballots
from proposals.ballots import envelopes, words
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork import actions, rules
from proposals.ballots.paperwork.forms import BatchForm, LineForm, ScanForm, ballot_form
from proposals.ballots.paperwork.ledger import part_sums
from proposals.ballots.paperwork.manifest import may_work
from proposals.ballots.paperwork.models import Batch, Typed
from proposals.ballots.paperwork.parsing import as_parts, as_typed, reasons
from proposals.ballots.paperwork.views import find_batch, find_vote, votes


@require_POST
@staff_required(may_work)
def open_batch(request: HttpRequest, vote: int) -> HttpResponse:
    found = find_vote(request, vote)
    form = BatchForm(request.POST, auto_id="batch_%s")
    if not form.is_valid():
        return votes.page(request, found, status=422, batch_form=form)
    try:
        batch = actions.open_batch(vote=found, by=person_here(request), at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error("size", refused.answer.sentence)
        return votes.page(request, found, status=403, batch_form=form)
    return redirect(batch)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_work)
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    """One's own lines and the next ballot. `?n=7` goes to a ballot again."""
    found, person = find_batch(request, batch), person_here(request)
    if request.method != "POST":
        return page(request, found, person)
    form = ballot_form(found.vote, ballots.options_of(found.vote), request.POST)
    if not form.is_valid():
        return page(request, found, person, status=422, form=form)
    number = form.cleaned_data["number"]
    try:
        found = actions.type_ballot(batch=found, number=number, text=form.typed, by=person, at=clock.now())
    except Refused as refused:
        form.add_error("line", refused.answer.sentence)
        return page(request, found, person, status=422, form=form)
    if found.is_sealed:
        messages.success(
            request, _("Both agree on every ballot. The batch is sealed and its lines are deleted.")
        )
        return redirect("paperwork:vote", vote=found.vote_id)
    return redirect(reverse("paperwork:batch", args=[found.pk]))


def page(
    request: HttpRequest,
    found: Batch,
    person: Person,
    *,
    status: int = 200,
    form: LineForm | None = None,
    **more: Any,
) -> HttpResponse:
    options = ballots.options_of(found.vote)
    side = None if found.is_sealed else found.side_of(person)
    mine = {row.number: row for row in found.typed.filter(side=side)} if side else {}
    following = next((n for n in range(1, found.size + 1) if n not in mine), None)
    asked = request.GET.get("n", "")
    at = int(asked) if asked.isascii() and asked.isdigit() and 1 <= int(asked) <= found.size else following
    if form is None and at is not None:
        form = ballot_form(found.vote, options, number=at, row=mine.get(at))
    both = not found.is_sealed and actions.is_typed_twice(found)
    context = _context(found, options) | {
        "side": side,
        "form": form,
        "mine": [{"number": n, **_line(found.vote, mine[n], options)} for n in sorted(mine, reverse=True)],
        "typed": len(mine),
        "is_done": side is not None and following is None,
        "differ": len(actions.differences(found)) if both else 0,
        "scan_form": ScanForm(),
        "scans": list(found.scans.all()),
        **more,
    }  # fmt: skip
    return render(
        request,
        "proposals/ballots/paperwork/batch.html",
        desk_context(request, "paperwork") | context,
        status=status,
    )


def _context(found: Batch, options: list[BallotOption]) -> dict[str, Any]:
    return {
        "batch": found,
        "vote": found.vote,
        "process": found.vote.phase.process,
        "invalid": reasons(found.vote),
        "options": _listed(found.vote, options),
        "parts": [
            {
                "code": section.code,
                "name": section.envelope.said,
                "options": _listed(found.vote, section.options),
                "chosen_among": envelopes.chooses(found.vote, section.envelope),
                **part_sums(found.parts.get(section.code, {})),
            }
            for section in envelopes.sections_of(found.vote, options)
        ],
    }


def _listed(vote: Vote, options: list[BallotOption]) -> list[dict[str, str]]:
    return [
        {
            "code": option.code,
            "title": words.title_of(option),
            "cost": words.amount(option.cost, vote.currency),
        }
        for option in options
    ]


def _line(vote: Vote, row: Typed, options: list[BallotOption]) -> dict[str, str]:
    """A line as it was typed, and in words; with envelopes those of all parts, one after the other."""
    if not vote.envelopes:
        return {"line": as_typed(row, options), "said": _said(row, options)}
    sections = envelopes.sections_of(vote, options)
    typed = [f"{code} {text}".strip() for code, text in as_parts(row, sections).items()]
    return {"line": " · ".join(typed), "said": _said(row, options) if row.positions else ""}


def _said(row: Typed, options: list[BallotOption]) -> str:
    """A line in words: what the number stands for."""
    if row.kind == Typed.Kind.VALID:
        titles = {option.position: words.title_of(option) for option in options}
        return " · ".join(titles[position] for position in sorted(row.positions))
    if row.kind == Typed.Kind.BLANK:
        return _("blank")
    return str(row.get_category_display())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_work)
def differences(request: HttpRequest, batch: int) -> HttpResponse:
    """Ballots that two people read differently. The two see their own line; a third person sees both and decides."""
    found, person = find_batch(request, batch), person_here(request)
    form = None
    status = 200
    if request.method == "POST":
        form = ballot_form(found.vote, ballots.options_of(found.vote), request.POST)
        status = 422
        if form.is_valid():
            try:
                found = actions.decide(
                    batch=found,
                    number=form.cleaned_data["number"],
                    text=form.typed,
                    by=person,
                    at=clock.now(),
                )
            except Refused as refused:
                form.add_error("line", refused.answer.sentence)
                status = 403 if found.typed_by(person) else 422
            else:
                return _decided(request, found)
    return _differences(request, found, person, form, status)


def _decided(request: HttpRequest, found: Batch) -> HttpResponse:
    if found.is_sealed:
        messages.success(
            request, _("Decided. All ballots are agreed on, the batch is sealed and its lines are deleted.")
        )
        return redirect("paperwork:vote", vote=found.vote_id)
    messages.success(request, _("Decided. Here is the next one."))
    return redirect("paperwork:differences", batch=found.pk)


def _differences(
    request: HttpRequest, found: Batch, person: Person, form: LineForm | None, status: int
) -> HttpResponse:
    options = ballots.options_of(found.vote)
    may = rules.may_decide(person, found)
    numbers = [] if found.is_sealed else actions.differences(found)
    sides: dict[int, dict[int, Typed]] = {1: {}, 2: {}}
    for row in found.typed.filter(number__in=numbers):
        sides[row.side][row.number] = row
    seen = (1, 2) if may else (found.side_of(person) or 1,)
    rows = [
        {
            "number": number,
            "lines": [_line(found.vote, sides[side][number], options) for side in seen],
            "form": form
            if form is not None and str(form.data.get("number")) == str(number)
            else ballot_form(found.vote, options, number=number, auto_id=f"n{number}_%s"),
        }
        for number in numbers
    ]
    context = _context(found, options) | {"rows": rows, "may": may}
    return render(
        request,
        "proposals/ballots/paperwork/differences.html",
        desk_context(request, "paperwork") | context,
        status=status,
    )


@require_POST
@staff_required(may_work)
def cancel(request: HttpRequest, batch: int) -> HttpResponse:
    found = find_batch(request, batch)
    vote = found.vote_id
    actions.cancel_batch(batch=found, by=person_here(request), at=clock.now())
    messages.success(request, _("The batch is gone. Its ballots can go into another one."))
    return redirect("paperwork:vote", vote=vote)
