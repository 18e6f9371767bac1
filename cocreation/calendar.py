"""The dates of a process for people's own calendars (RFC 5545). An event keeps its UID when its date moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from cocreation.models import Process

LONGEST = 74  # octets of a line, without the break


def calendar_of(process: Process, at: datetime) -> str:
    """Every dated phase from its start to its end, and the day by which the city answers."""
    host = urlsplit(settings.SITE_URL).hostname or "quartier"
    link = f"{settings.SITE_URL}{process.get_absolute_url()}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Quartier//Quartier//EN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escape(process.title)}")
    for phase in process.line:
        if phase.starts:
            summary = f"{process.title}: {phase.name}"
            lines += _event(
                f"phase-{phase.pk}@{host}", phase.starts, phase.ends, summary, phase.text, link, at
            )
    if process.answer_by:
        summary = _("{title}: the city answers by now").format(title=process.title)
        lines += _event(f"answer-{process.pk}@{host}", process.answer_by, None, summary, "", link, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line))


def _event(
    uid: str, starts: datetime, ends: datetime | None, summary: str, text: str, link: str, at: datetime
) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(starts)}",
        *([f"DTEND:{_moment(ends)}"] if ends else []),
        f"SUMMARY:{_escape(summary)}",
        *([f"DESCRIPTION:{_escape(text)}"] if text else []),
        f"URL:{link}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _fold(line: str) -> Iterator[str]:
    """Lines of at most 75 octets; a continuation begins with a space and never splits a character."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LONGEST:
            yield part.decode()
            part = b" "
        part += octets
    yield part.decode()
