"""Periodic tasks, declared beside the room they belong to; beat collects them at start.

@every(seconds=10, words=_("Send mail that is due"))
@shared_task(name="notices.send")
def send() -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groundwork.answer import Words

schedule: dict[str, dict[str, Any]] = {}


names: dict[str, Words] = {}


def every(*, seconds: float, words: Words) -> Callable[[Any], Any]:
    """Run this task every `seconds`; a run that was missed is not made up for, tasks find what is undone themselves.
    `words` say to the administration what it does."""

    def decorate(task: Any) -> Any:
        schedule[task.name] = {
            "task": task.name,
            "schedule": seconds,
            "options": {"expires": max(seconds * 2, 30)},
        }
        names[task.name] = words
        return task

    return decorate
