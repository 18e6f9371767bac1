"""Handing out ballots to people, one after the other, and taking in those that come back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.request import person_here
from cocreation.checks.forms import DeskFindForm
from cocreation.desk import desk_context, staff_required
from groundwork import clock
from groundwork.answer import No, Refused
from proposals.ballots import rules as votes
from proposals.ballots.models import Vote
from proposals.ballots.paperwork import actions, finding, rules
from proposals.ballots.paperwork.finding import Found
from proposals.ballots.paperwork.forms import AccountForm, CodeForm
from proposals.ballots.paperwork.manifest import may_work
from proposals.ballots.paperwork.views import find_vote


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_work)
def person(request: HttpRequest, vote: int) -> HttpResponse:
    """Find somebody, then hand out a ballot for the booth, or give one with a code to take along or to send."""
    found = find_vote(request, vote)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act in ("hand_out", "give", "take_back"):
        held = finding.again(found, request.POST.get("held", ""), person_here(request), clock.now())
        if held is None:
            messages.warning(request, _("That took too long. Please find the person again."))
            return redirect(request.path)
        return _do(request, found, held, act)
    form = _find_form(found, request.POST if act == "find" else None)
    if act == "find" and form.is_valid():
        return _find(request, found, form)
    return _page(request, found, status=422 if request.method == "POST" else 200, form=form)


def _find_form(vote: Vote, data: Any) -> forms.Form:
    return DeskFindForm(data) if votes.counts_entries(vote.phase) else AccountForm(data)


def _find(request: HttpRequest, vote: Vote, form: forms.Form) -> HttpResponse:
    by, at = person_here(request), clock.now()
    if votes.counts_entries(vote.phase):
        found = finding.by_document(vote, form.cleaned_data, by, at)
    else:
        found = finding.by_address(vote, form.cleaned_data["email"], by, at)
    if isinstance(found, No):
        form.add_error(None, found.sentence)
        return _page(request, vote, status=422, form=form)
    return _page(request, vote, found=found)


def _do(request: HttpRequest, vote: Vote, held: Found, act: str) -> HttpResponse:
    by, at = person_here(request), clock.now()
    code = CodeForm(request.POST if act == "give" else None)
    if act == "give" and not code.is_valid():
        return _page(request, vote, status=422, found=held, code=code)
    try:
        if act == "hand_out":
            actions.hand_out(vote=vote, key=held.key, by=by, at=at)
        elif act == "give":
            given = actions.give(vote=vote, key=held.key, code=code.cleaned_data["code"], by=by, at=at)
            return _page(request, vote, given=f"{given.run.number}-{given.serial}")
        else:
            actions.take_back_hand_out(vote=vote, key=held.key, by=by)
            messages.success(request, _("Taken back. This person can vote online again."))
            return redirect(request.path)
    except Refused as refused:
        if act == "give":
            code.add_error("code", refused.answer.sentence)
            return _page(request, vote, status=403, found=held, code=code)
        return _page(request, vote, status=403, found=held, refused=refused.answer)
    return _page(request, vote, handed=held)


def _page(request: HttpRequest, vote: Vote, *, status: int = 200, **about: Any) -> HttpResponse:
    context = {
        "vote": vote,
        "process": vote.phase.process,
        "may": rules.is_open(vote, clock.now()),
        "form": _find_form(vote, None),
        "code": CodeForm(),
        "entries": votes.counts_entries(vote.phase),
        **about,
    }
    return render(
        request,
        "proposals/ballots/paperwork/person.html",
        desk_context(request, "paperwork") | context,
        status=status,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_work)
def take_in(request: HttpRequest, vote: int) -> HttpResponse:
    """Envelopes that came in, one code after the other. After the code is noted it is cut off."""
    found = find_vote(request, vote)
    form = CodeForm(request.POST if request.method == "POST" else None)
    taken, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                code = actions.take_in(
                    vote=found, code=form.cleaned_data["code"], by=person_here(request), at=clock.now()
                )
            except Refused as refused:
                form.add_error("code", refused.answer.sentence)
                status = 403
            else:
                taken, form, status = f"{code.run.number}-{code.serial}", CodeForm(), 200
    context = {
        "vote": found,
        "process": found.phase.process,
        "may": rules.is_unfinished(found),
        "form": form,
        "taken": taken,
        "online_counts": found.paper == "online",
    }
    return render(
        request,
        "proposals/ballots/paperwork/take_in.html",
        desk_context(request, "paperwork") | context,
        status=status,
    )
