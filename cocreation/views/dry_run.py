"""The page of a dry run in the studio: start it, go from phase to phase, act as somebody, remove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here
from cocreation import dry_run
from cocreation.desk import staff_required
from cocreation.lines import state_of
from cocreation.models import DryRun, Phase, Process
from cocreation.views.stand_in import SESSION_KEY
from cocreation.views.studio import find_process, may_configure
from groundwork import clock
from groundwork.answer import No


@dataclass(frozen=True, slots=True)
class Row:
    """A phase of the rehearsal: where it stands, what was invented there, and whether going there begins afresh."""

    phase: Phase
    name: str
    state: str
    note: str
    afresh: bool


@require_safe
@staff_required(may_configure)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, find_process(request, slug))


@require_POST
@staff_required(may_configure)
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the dry run in this phase, or move it there."""
    process, at, by = find_process(request, slug), clock.now(), person_here(request)
    key, run = request.POST.get("phase", ""), dry_run.of(process)
    if not any(phase.key == key for phase in process.line) and dry_run.may_rehearse(by, process):
        raise Http404
    if run is None:
        dry_run.start(process=process, phase=key, by=by, at=at)
    else:
        moved = dry_run.go_to(run=run, phase=key, by=by, at=at)
        if moved.pk != run.pk:  # it began afresh, with other people
            _forget(request, run)
    return redirect("cocreation:studio_dry_run", slug=process.slug)


@require_POST
@staff_required(may_configure)
def act_as(request: HttpRequest, slug: str) -> HttpResponse:
    """From now on the pages of this dry run are seen and used as this invented person; an empty choice ends it."""
    process = find_process(request, slug)
    run = dry_run.of(process)
    if run is None:
        raise Http404
    chosen = request.POST.get("person", "")
    if not chosen:
        _forget(request, run)
        return redirect("cocreation:studio_dry_run", slug=process.slug)
    guest = get_object_or_404(run.people, pk=int(chosen) if chosen.isdecimal() else 0)
    request.session[SESSION_KEY] = {str(run.pk): guest.pk}
    return redirect(run.process.get_absolute_url())


@require_POST
@staff_required(may_configure)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    run = dry_run.of(process)
    dry_run.remove(process=process, by=person_here(request))
    if run is not None:
        _forget(request, run)
    messages.success(request, _("The dry run is gone, with everything that was invented for it."))
    return redirect("cocreation:studio_dry_run", slug=process.slug)


def _page(request: HttpRequest, process: Process, *, status: int = 200) -> HttpResponse:
    at, run = clock.now(), dry_run.of(process)
    answer = dry_run.may_rehearse(person_here(request), process)
    people = list(run.people.order_by("pk")) if run else []
    acting = request.session.get(SESSION_KEY, {}).get(str(run.pk)) if run else None
    context: dict[str, Any] = {
        "process": process,
        "run": run,
        "rows": _rows(run, at) if run else [],
        "phases": [(phase.key, phase.name or str(phase.kind.name)) for phase in process.line],
        "people": people[:-1],
        "acting": next((person for person in people if person.pk == acting), None),
        "refusal": answer.reason if isinstance(answer, No) else "",
        "menu": "processes",
    }
    return render(request, "cocreation/studio/dry_run.html", context, status=status)


def _rows(run: DryRun, at: datetime) -> list[Row]:
    rows = [
        Row(
            phase,
            phase.name or str(phase.kind.name),
            state_of(phase, at),
            run.notes.get(phase.key, ""),
            phase.key in run.played,
        )
        for phase in run.process.line
    ]
    return sorted(rows, key=lambda row: (row.phase.starts or at, row.phase.lane))


def _forget(request: HttpRequest, run: DryRun) -> None:
    """End acting as somebody in this dry run."""
    if str(run.pk) in request.session.get(SESSION_KEY, {}):
        request.session.pop(SESSION_KEY)
