"""The line of a process: its phases as stops, with their totals, lanes and dates; and its short form for cards.

Everything is computed from rows and the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cocreation.kept import keep
from groundwork.html import say
from groundwork.html.line import Lane, State, Stop

if TYPE_CHECKING:
    from cocreation.models import Phase, Process

MOST_COLUMNS = 9


@dataclass(frozen=True, slots=True)
class Line:
    stops: list[Stop]
    lanes: list[Lane]


@dataclass(frozen=True, slots=True)
class Short:
    """The line on a card: dots, where the process stands in bold, and what follows."""

    stops: list[Stop]
    words: str
    rest: str | SafeString


def state_of(phase: Phase, at: datetime) -> State:
    process = phase.process
    if process.stopped_at and process.is_stopped(at):
        return "past" if phase.starts and phase.starts <= process.stopped_at else "next"
    if phase.is_over(at):
        return "past"
    return "now" if phase.is_open(at) else "next"


def totals_of(process: Process, version: str) -> dict[int, str]:
    """Each phase in one number ("214 proposals"), by the phase's key. At most one query a phase, none while kept."""

    def ask() -> dict[int, str]:
        found = {}
        for phase in process.line:
            phase.process = process
            found[phase.pk] = str(phase.kind.total(phase))
        return found

    return keep(version, "totals", ask)


def line_of(process: Process, at: datetime, version: str) -> Line:
    """All phases with their numbers; lanes beside the main one stand over the stops they run parallel to."""
    totals = totals_of(process, version)
    main = process.main_lane()
    stops = [_stop(phase, at, totals.get(phase.pk, "")) for phase in main]
    lanes: list[Lane] = []
    for number in sorted({phase.lane for phase in process.line} - {0}):
        along = [phase for phase in process.line if phase.lane == number]
        start = _column(along[0], main)
        end = min(start + len(along), MOST_COLUMNS)
        label = _("At the same time: {name}").format(name=along[0].name)
        lanes.append((label, start, end, [_stop(phase, at, totals.get(phase.pk, "")) for phase in along]))
    return Line(stops, lanes)


def _column(phase: Phase, main: list[Phase]) -> int:
    """The stop of the main lane, counted from 1, that is under way when `phase` begins."""
    if phase.starts is None:
        return 1
    began = [n for n, other in enumerate(main, start=1) if other.starts and other.starts <= phase.starts]
    return max(began, default=1)


def _stop(phase: Phase, at: datetime, total: str) -> Stop:
    state = state_of(phase, at)
    number = format_html("<b>{}</b>", total) if total else ""
    if phase.process.is_stopped(at) and not phase.is_over(at):
        return Stop(
            phase.name, state, _under(_("stopped") if state == "past" else _("does not take place"), number)
        )
    if state == "past":
        until = _("until {when}").format(when=say.day(phase.ends)) if phase.ends else ""
        return Stop(phase.name, state, _under(until, number))
    if state == "now":
        due = _("until {when}").format(when=say.short_when(phase.ends)) if phase.ends else ""
        return Stop(phase.name, state, number or phase.text, due)
    if phase.method == "answer" and phase.ends:
        due = _("by {when}").format(when=say.day(phase.ends))
        return Stop(phase.name, state, phase.text, due, "calendar-clock")
    starts = _("from {when}").format(when=say.start(phase.starts, at)) if phase.starts else _("no date yet")
    return Stop(phase.name, state, _under(starts, number))


def _under(first: str, second: str) -> str:
    """Two short facts, one under the other."""
    if first and second:
        return mark_safe(f"{conditional_escape(first)}<br>{conditional_escape(second)}")  # noqa: S308 - escaped
    return second or first


def short_line(process: Process, at: datetime) -> Short:
    """For cards: no totals, so no query beyond the phases that were fetched with the process."""
    main = process.main_lane()
    stops = [Stop(phase.name, state_of(phase, at)) for phase in main][:MOST_COLUMNS]
    if process.is_stopped(at) and process.stopped_at:
        return Short(stops, _("Stopped"), say.day(process.stopped_at))
    now = next((phase for phase in main if phase.is_open(at)), None)
    if now:
        return Short(stops, now.name, _("until {when}").format(when=say.soon(now.ends)) if now.ends else "")
    coming = next((phase for phase in main if phase.starts and phase.starts > at), None)
    if coming and coming.starts:
        return Short(stops, coming.name, _("from {when}").format(when=say.start(coming.starts, at)))
    ended = [phase.ends for phase in main if phase.ends]
    if ended and main[-1].is_over(at):
        return Short(stops, _("Finished"), say.day(max(ended)))
    return Short(stops, _("No dates yet"), "")
