"""When a training counts: every topic within the last 24 months. Pure functions of records and the clock.

A role that needs training rests by the clock alone once one topic has run out, and counts again with the next record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from cocreation.models.offices import RoleGrant, Topic

MONTHS = 24
REMIND = timedelta(days=30)
NEED_IT = frozenset({RoleGrant.Role.FACILITATOR, RoleGrant.Role.MODERATOR, RoleGrant.Role.OWNER})


def ends_on(completed: date) -> date:
    """The first day on which it does not count any more: the same day two years later, 1 March for 29 February."""
    try:
        return completed.replace(year=completed.year + MONTHS // 12)
    except ValueError:
        return date(completed.year + MONTHS // 12, 3, 1)


@dataclass(frozen=True, slots=True)
class Trained:
    """How far a person's training reaches: the topics nobody recorded, and the day on which the first one runs out."""

    missing: tuple[str, ...] = tuple(Topic.values)
    until: date | None = None

    def is_current(self, at: datetime) -> bool:
        return not self.missing and self.until is not None and _day(at) < self.until

    def ends_soon(self, at: datetime) -> bool:
        return self.is_current(at) and self.until is not None and _day(at) >= self.until - REMIND


def trained(records: Iterable[tuple[Iterable[str], date]]) -> Trained:
    """Records are topics with the day of completion; of each topic the newest counts."""
    newest: dict[str, date] = {}
    for topics, completed in records:
        for topic in topics:
            newest[topic] = max(completed, newest.get(topic, completed))
    missing = tuple(topic for topic in Topic.values if topic not in newest)
    return Trained(
        missing, min((ends_on(newest[topic]) for topic in Topic.values if topic in newest), default=None)
    )


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
