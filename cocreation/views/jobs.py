"""For the administration: what runs in the background, what waits, what failed and a button to try it again."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from celery import current_app
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cocreation.desk import desk_context, staff_required
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job, Run
from groundwork.periodic import names, schedule

log = logging.getLogger("quartier.jobs")
NEWEST = 40


def _admins(roles: Any) -> bool:
    return bool(roles.is_admin)


def _row(job: Job) -> dict[str, Any]:
    kind = jobs.kinds.find(job.kind)
    failed = job.state == Job.State.FAILED
    return {
        "job": job,
        "words": kind.words if kind else job.kind,
        "said": kind.said(job.result) if kind and job.state == Job.State.DONE else "",
        "why": jobs.reason_of(job) if failed else "",
        "url": kind.url(job) if kind and kind.url else "",
        "may_retry": bool(failed and kind and kind.retry),
    }


def _schedule() -> dict[str, dict[str, Any]]:
    """What runs by itself. Pages do not need the rooms' tasks otherwise, so they may not be read yet."""
    current_app.loader.import_default_modules()
    return schedule


def _periodic(at: datetime) -> list[dict[str, Any]]:
    """Every periodic task, those in trouble first."""
    runs = {run.task: run for run in Run.objects.all()}
    rows = []
    for name, about in sorted(_schedule().items()):
        run = runs.get(name)
        rows.append(
            {
                "name": name,
                "words": names[name],
                "seconds": about["schedule"],
                "run": run,
                "broken": bool(run and run.is_broken),
                "silent": bool(run and run.silent_since(about["schedule"], at)),
            }
        )
    return sorted(rows, key=lambda row: (not row["broken"], not row["silent"], row["name"]))


@require_safe
@staff_required(_admins)
def index(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    backlogs = [(each, *each.left(at)) for each in jobs.backlogs]
    context = desk_context(request, "jobs") | {
        "open": [_row(job) for job in Job.objects.open().order_by("made_at")[:NEWEST]],
        "failed": [_row(job) for job in Job.objects.failed().order_by("-made_at")[:NEWEST]],
        "over": [
            _row(job)
            for job in Job.objects.over().exclude(state="failed").order_by("-made_at", "-pk")[:NEWEST]
        ],
        "backlogs": [
            {"words": each.words, "n": n, "oldest": oldest, "late": bool(oldest and at - oldest > each.late)}
            for each, n, oldest in backlogs
        ],
        "periodic": _periodic(at),
    }
    return render(request, "cocreation/desk/jobs.html", context)


@require_POST
@staff_required(_admins)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a failed job once more."""
    job = get_object_or_404(Job, pk=pk)
    kind = jobs.kinds.find(job.kind)
    if job.state != Job.State.FAILED or kind is None or kind.retry is None:
        raise Refused(No(_("This job cannot be started again from here.")))
    _start(lambda: kind.retry(job.key))  # type: ignore[misc]
    jobs.begin(job.kind, job.key, at=clock.now(), waiting=True)
    messages.success(request, _("It is started again. Look here in a moment."))
    return redirect("cocreation:jobs")


@require_POST
@staff_required(_admins)
def run_now(request: HttpRequest, task: str) -> HttpResponse:
    """Start a periodic task now, without waiting for its time."""
    if task not in _schedule():
        raise Http404
    _start(lambda: current_app.send_task(task, retry=False))
    messages.success(request, _("It is started. Look here in a moment."))
    return redirect("cocreation:jobs")


def _start(start: Any) -> None:
    try:
        start()
    except Refused:
        raise
    except Exception as error:  # whatever the broker raises
        log.warning("jobs.not_started %s", error)
        raise Refused(
            No(_("The queue does not answer, so nothing was started. Please try again later."))
        ) from None
