"""The worker's side: the number of the request travels with the task it started, and tasks are counted."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from groundwork.watch import context, metrics

HEADER = "quartier_request"
_started: dict[str, float] = {}


def connect() -> None:
    before_task_publish.connect(_goes_out, dispatch_uid="watch.goes_out")
    task_prerun.connect(_begins, dispatch_uid="watch.begins")
    task_postrun.connect(_ends, dispatch_uid="watch.ends")
    # Celery would put its own handlers, which print what tasks were given, in place of those of the settings.
    setup_logging.connect(_leave_logging_alone, dispatch_uid="watch.logging")


def _leave_logging_alone(**kwargs: Any) -> None:
    return None


def _goes_out(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    number = context.get().get("request_id")
    if headers is not None and number and not context.is_quiet():
        headers[HEADER] = number


def _begins(task_id: str = "", task: Any = None, **kwargs: Any) -> None:
    context.clear()
    number = getattr(task.request, HEADER, None) or (task.request.get(HEADER) if task else None)
    context.bind(request_id=context.request_id(str(number or "")), task=task.name)
    _started[task_id] = time.perf_counter()


def _ends(task_id: str = "", task: Any = None, state: str | None = None, **kwargs: Any) -> None:
    took = time.perf_counter() - _started.pop(task_id, time.perf_counter())
    metrics.tasks.labels(task.name, (state or "unknown").lower()).inc()
    metrics.task_seconds.labels(task.name).inc(took)
    context.clear()
