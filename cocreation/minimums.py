"""How long a phase lasts at least, and how early a process is announced: `QUARTIER_MINIMUM_DAYS`, by method.

Days are days of the city's calendar, so the nights of the clock change take nothing away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from groundwork.answer import Answer, No, Words, Yes

if TYPE_CHECKING:
    from cocreation.models import Phase, Process

NOTICE = "notice"


def minimum_days(method: str) -> int:
    days: dict[str, int] = settings.QUARTIER_MINIMUM_DAYS
    return days.get(method, 0)


def lasts(starts: datetime, ends: datetime, days: int) -> bool:
    """Whether at least so many days of the calendar lie between two moments."""
    return timezone.localtime(starts) + timedelta(days=days) <= timezone.localtime(ends)


def long_enough(phase: Phase, starts: datetime | None = None, ends: datetime | None = None) -> Answer:
    """Whether a phase lasts as long as its method asks for. Without dates there is nothing to say yet."""
    starts, ends, least = starts or phase.starts, ends or phase.ends, minimum_days(phase.method)
    if starts is None or ends is None or lasts(starts, ends, least):
        return Yes()
    return No(
        format_lazy(
            _("“{phase}” must last at least {days}."),
            phase=phase.name or phase.kind.name,
            days=_days(least),
        )
    )


def announced_in_time(process: Process, published: datetime) -> Answer:
    """Whether people hear of a process early enough before its first phase begins."""
    first = min((phase.starts for phase in process.line if phase.starts), default=None)
    least = minimum_days(NOTICE)
    if first is None or lasts(published, first, least):
        return Yes()
    return No(
        format_lazy(_("The first phase must begin at least {days} after the publication."), days=_days(least))
    )


def _days(number: int) -> Words:
    return format_lazy(ngettext_lazy("{n} day", "{n} days", number), n=number)
