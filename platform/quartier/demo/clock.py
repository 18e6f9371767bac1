"""The demo's calendar: every moment is so many days from today, so that the town is always in the middle of its life."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from django.utils import timezone

_MOMENT = re.compile(r"([+-]?\d+)d(?: (\d\d):(\d\d))?")


def moment(words: str, today: datetime, *, default: time = time(12)) -> datetime:
    """`"-30d 08:00"` = thirty days before today at eight, local time; without a time of day, `default`. ValueError else."""
    match = _MOMENT.fullmatch(words)
    if match is None:
        raise ValueError(f"Not a moment of the demo's calendar: {words!r}")
    days, hour, minute = match.groups()
    day = timezone.localtime(today).date() + timedelta(days=int(days))
    at = time(int(hour), int(minute)) if hour else default
    return timezone.make_aware(datetime.combine(day, at))
