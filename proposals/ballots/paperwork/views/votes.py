"""The page of a vote on paper: its sums, what to do next, printing, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from groundwork import clock
from groundwork.answer import Refused
from proposals.ballots import actions as ballots
from proposals.ballots import envelopes, words
from proposals.ballots.models import Tally, Vote
from proposals.ballots.paperwork import actions, printing, rules
from proposals.ballots.paperwork.forms import BatchForm, FinishForm, PrintForm
from proposals.ballots.paperwork.ledger import Ledger, Sums, ledger_of, part_sums
from proposals.ballots.paperwork.manifest import may_work
from proposals.ballots.paperwork.models import PrintRun, Way, votes_of
from proposals.ballots.paperwork.views import find_vote

LANGUAGES = ("de", "en")


@require_safe
@staff_required(may_work)
def desk(request: HttpRequest) -> HttpResponse:
    """Votes that are held on paper too: those that are not counted yet first."""
    votes = votes_of(person_here(request)).select_related("phase__process")
    context = {"votes": list(votes.order_by("-counted_at", "-opened_at")[:30])}
    return render(
        request, "proposals/ballots/paperwork/desk.html", desk_context(request, "paperwork") | context
    )


@never_cache
@require_safe
@staff_required(may_work)
def overview(request: HttpRequest, vote: int) -> HttpResponse:
    return page(request, find_vote(request, vote))


def page(request: HttpRequest, vote: Vote, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The sums and everything that can be done now. `forms`: those that were refused, with their errors."""
    at, person = clock.now(), person_here(request)
    ledger = ledger_of(vote)
    tally = Tally.objects.filter(pk=vote.pk).first() if vote.counted_at else None
    rows = _counted_rows(tally) if tally else _rows(vote, ledger)
    context = {
        "vote": vote,
        "process": vote.phase.process,
        "rows": rows,
        "parts": _parts(vote, rows),
        "chosen_among": any(envelopes.chooses(vote, each) for each in envelopes.read(vote.envelopes)),
        "batches": ledger.batches,
        "runs": list(vote.print_runs.order_by("number")),
        "said": words.paper_sentences(vote),
        "is_open": bool(rules.is_open(vote, at)),
        "unfinished": rules.is_unfinished(vote),
        "is_over": vote.phase.is_over(at),
        "until": rules.until(vote),
        "balances": rules.balances(ledger),
        "may_print": bool(rules.may_print(person, vote)),
        "languages": LANGUAGES,
        "print_form": PrintForm(language=get_language() or "de"),
        "batch_form": BatchForm(auto_id="batch_%s"),
        "finish_form": FinishForm(),
        **forms,
    }
    return render(
        request,
        "proposals/ballots/paperwork/vote.html",
        desk_context(request, "paperwork") | context,
        status=status,
    )


def _rows(vote: Vote, ledger: Ledger) -> list[dict[str, Any]]:
    return [_row(vote, way, ledger.ways[way]) for way in Way]


def _row(vote: Vote, way: Way, sums: Sums) -> dict[str, Any]:
    names = ("printed", "given", "admitted", "opened", "entered", "valid", "blank", "invalid", "missing")
    parts = {each["code"]: part_sums(sums.parts.get(each["code"], {})) for each in vote.envelopes}
    return {"name": way.label, **{name: getattr(sums, name) for name in names}, "envelopes": parts}


def _parts(vote: Vote, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sums of every envelope, a cell for each way; nothing where there are none."""
    return [
        {
            "code": each.code,
            "name": each.said,
            "chosen_among": envelopes.chooses(vote, each),
            "cells": [row["envelopes"][each.code] for row in rows],
        }
        for each in envelopes.read(vote.envelopes)
        if rows
    ]


def _counted_rows(tally: Tally) -> list[dict[str, Any]]:
    """As they were stored with the count: the slots are gone."""
    paper = tally.result.get("paper")
    if not paper:
        return []
    return [{"name": way.label, "opened": 0, **paper["ways"][way.value]} for way in Way]


@never_cache
@require_POST
@staff_required(may_work)
def print_ballots(request: HttpRequest, vote: int) -> HttpResponse:
    """The PDF of a new print run. It is made once: with it the codes exist, on paper and nowhere else."""
    found = find_vote(request, vote)
    form = PrintForm(request.POST, language=get_language() or "de")
    if not form.is_valid():
        return page(request, found, status=422, print_form=form)
    try:
        run, codes = actions.print_run(
            vote=found, by=person_here(request), at=clock.now(), **form.cleaned_data
        )
    except Refused as refused:
        form.add_error(None, str(refused.answer.reason))
        return page(request, found, status=403, print_form=form)
    content = printing.ballots(run, found, ballots.options_of(found), codes)
    return _pdf(content, f"{found.phase.process.slug}-ballots-{run.number}.pdf")


@require_POST
@staff_required(may_work)
def revoke(request: HttpRequest, run: int) -> HttpResponse:
    seen = PrintRun.objects.filter(vote__in=votes_of(person_here(request)))
    found = get_object_or_404(seen.select_related("vote__phase__process"), pk=run)
    count = actions.revoke_run(run=found, by=person_here(request), at=clock.now())
    said = ngettext(
        "Revoked. %(n)s code is not valid any more.", "Revoked. %(n)s codes are not valid any more.", count
    )
    messages.success(request, said % {"n": count})
    return redirect("paperwork:vote", vote=found.vote_id)


@require_safe
@staff_required(may_work)
def counting_sheet(request: HttpRequest, vote: int, lang: str) -> HttpResponse:
    found = find_vote(request, vote)
    if lang not in LANGUAGES:
        raise Http404
    content = printing.counting_sheet(found, ballots.options_of(found), lang)
    return _pdf(content, f"{found.phase.process.slug}-counting-sheet.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@staff_required(may_work)
def finish(request: HttpRequest, vote: int) -> HttpResponse:
    """Everything is entered: the vote is counted at once."""
    found, at = find_vote(request, vote), clock.now()
    form = FinishForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, finish_form=form)
    try:
        actions.finish(vote=found, reason=form.cleaned_data["reason"], by=person_here(request), at=at)
    except Refused as refused:
        form.add_error(None, refused.answer.sentence)
        return page(request, found, status=403, finish_form=form)
    ballots.close_and_count(vote=found, at=at)
    messages.success(request, _("Finished. The votes are counted; two people publish the result."))
    return redirect("paperwork:vote", vote=found.pk)
