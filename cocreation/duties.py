"""What a process still owes, for the hand-over from one office to another. Rooms above add what they know of.

duties.add("assess", to_assess)        # (process, at) -> list of Duty; one query
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from cocreation.models import Process


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is owed: what, by which day, by which office, and where it is done."""

    words: Words
    due: date | None = None
    office: str = ""
    url: str = ""

    def is_late(self, at: datetime) -> bool:
        return self.due is not None and self.due < timezone.localdate(at)


duties: Registry[Callable[[Process, datetime], list[Duty]]] = Registry("duty of a process")


def duties_of(process: Process, at: datetime) -> list[Duty]:
    """Everything that is owed, what is due first on top; what has no date comes last."""
    found = [duty for ask in duties for duty in ask(process, at)]
    return sorted(found, key=lambda duty: (duty.due is None, duty.due or date.max, str(duty.words)))


def _dates(process: Process, at: datetime) -> list[Duty]:
    """What the process itself promised: the answer by its day."""
    if process.answer_by is None or process.answer_by <= at or process.is_stopped(at):
        return []
    return [
        Duty(_("The city's answer to everybody"), timezone.localdate(process.answer_by), process.office.name)
    ]


duties.add("dates", _dates)
