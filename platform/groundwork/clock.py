"""Time has one definition: half-open intervals `[starts, ends)` on the application's clock.

Votes are the exception: whether a ballot still counts is decided by the database's clock, inside the statement.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The current moment, aware. Tests freeze it with time-machine."""
    return timezone.now()


def within(at: datetime, starts: datetime | None, ends: datetime | None) -> bool:
    """Whether `at` lies in `[starts, ends)`; `None` is an open end. `starts=None` means not yet fixed: never within."""
    return starts is not None and starts <= at and (ends is None or at < ends)
