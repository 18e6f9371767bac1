"""Celery tells when a periodic task begins and ends; here it is written down."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import task_failure, task_postrun, task_prerun
from django.db import DatabaseError, transaction

from groundwork import clock
from groundwork.jobs.models import Run
from groundwork.periodic import schedule

log = logging.getLogger("quartier.jobs")


def connect() -> None:
    task_prerun.connect(_begins, dispatch_uid="jobs.begins")
    task_postrun.connect(_ends, dispatch_uid="jobs.ends")
    task_failure.connect(_fails, dispatch_uid="jobs.fails")


def _note(task: str, **about: Any) -> None:
    """One statement; a database that is away must not hide what the task itself has to say."""
    try:
        with transaction.atomic():
            Run.objects.update_or_create(task=task, defaults=about)
    except DatabaseError:
        log.warning("jobs.not_noted task=%s", task, exc_info=True)


def _begins(sender: Any = None, **kwargs: Any) -> None:
    if sender is not None and sender.name in schedule:
        _note(sender.name, started_at=clock.now())


def _ends(sender: Any = None, state: str = "", **kwargs: Any) -> None:
    if sender is None or sender.name not in schedule:
        return
    now = clock.now()
    good = {"ok_at": now, "failure": ""} if state == "SUCCESS" else {}
    Run.objects.filter(task=sender.name).update(ended_at=now, **good)


def _fails(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    if sender is None or sender.name not in schedule:
        return
    from django.db.models import F

    kind = type(exception).__name__ if exception else "?"
    Run.objects.filter(task=sender.name).update(
        failed_at=clock.now(), failure=kind[:200], failures=F("failures") + 1
    )
