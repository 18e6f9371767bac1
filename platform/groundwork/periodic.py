"""Periodic tasks, declared beside the room they belong to; beat collects them at start.

@every(seconds=10)
@shared_task(name="notices.send")
def send() -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

schedule: dict[str, dict[str, Any]] = {}


def every(*, seconds: float) -> Callable[[Any], Any]:
    """Run this task every `seconds`; a run that was missed is not made up for, tasks find what is undone themselves."""

    def decorate(task: Any) -> Any:
        schedule[task.name] = {
            "task": task.name,
            "schedule": seconds,
            "options": {"expires": max(seconds * 2, 30)},
        }
        return task

    return decorate
