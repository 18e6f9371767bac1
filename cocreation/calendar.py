"""Dates for people's own calendars (RFC 5545). An event keeps its UID when its date moves and gets a higher SEQUENCE; one
that will not take place stays in the calendar as CANCELLED, so that it disappears from people's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from cocreation.models import Process


@dataclass(frozen=True, slots=True)
class Dated:
    """One event: `uid` never changes, `sequence` never falls. A date without a time is a whole day."""

    uid: str
    starts: datetime | date
    ends: datetime | date | None
    summary: str
    url: str
    text: str = ""
    sequence: int = 0
    cancelled: bool = False
    changed_at: datetime | None = None


def calendar_of(process: Process, at: datetime) -> str:
    """Every dated phase of one process from its start to its end, and the day by which the city answers."""
    return written(process.title, events_of(process), at)


def events_of(process: Process) -> list[Dated]:
    """What a process that was stopped had still ahead is cancelled."""
    url = process.get_absolute_url()
    stopped = process.stopped_at
    found = []
    for phase in process.line:
        if phase.starts:
            off = stopped is not None and not phase.is_over(stopped)
            found.append(
                Dated(
                    f"phase-{phase.pk}", phase.starts, phase.ends, f"{process.title}: {phase.name}", url, phase.text,
                    phase.version + off, off, stopped if off else phase.changed_at,
                )
            )  # fmt: skip
    if process.answer_by:
        off = stopped is not None and stopped < process.answer_by
        # It moves with phases, too.
        edits = process.version + sum(phase.version for phase in process.line)
        found.append(
            Dated(
                f"answer-{process.pk}", process.answer_by, None,
                _("{title}: the city answers by now").format(title=process.title), url, "", edits + off, off,
                stopped if off else process.changed_at,
            )
        )  # fmt: skip
    return found


def written(name: str, events: Iterable[Dated], at: datetime) -> str:
    """The calendar as a file."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Quartier//Quartier//EN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", " ".join(name.split()))
    host = urlsplit(settings.SITE_URL).hostname or "quartier"
    for each in events:
        event = Event()
        event.add("UID", f"{each.uid}@{host}")
        event.add("DTSTAMP", at.astimezone(UTC))
        event.add("SEQUENCE", each.sequence)
        event.add("DTSTART", _moment(each.starts))
        if each.ends:
            event.add("DTEND", _moment(each.ends))
        if each.changed_at:
            event.add("LAST-MODIFIED", each.changed_at.astimezone(UTC))
        event.add("SUMMARY", each.summary)
        if each.text:
            event.add("DESCRIPTION", each.text)
        event.add("URL", f"{settings.SITE_URL}{each.url}")
        event.add("STATUS", "CANCELLED" if each.cancelled else "CONFIRMED")
        event.add("TRANSP", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical().decode()


def _moment(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
