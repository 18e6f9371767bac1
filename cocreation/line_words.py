"""The line of phases in words and as a drawing, for the studio: what a move would shift, and lanes over months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.line_actions import MOST_LANES, may_remove, plan_move
from cocreation.line_plan import Dates, Plan, lanes_of
from cocreation.models import Phase, Process
from groundwork.answer import Words
from groundwork.html import say

# --- what a move would shift ---


@dataclass(frozen=True, slots=True)
class Move:
    """One place a phase can go to: `to` is "lane:place"."""

    to: str
    words: Words
    icon: str
    sentence: str


def moves_of(process: Process, phase: Phase, at: datetime) -> list[Move]:
    """Where the phase can go by a button: earlier, later, and to the other lanes."""
    if not may_remove(process, phase, at):
        return []
    lanes = lanes_of(process.line)
    here = lanes[phase.lane]
    place = here.index(phase)
    found = []
    if place > 0:
        found.append((phase.lane, place - 1, _("earlier"), "arrow-up"))
    if place + 1 < len(here):
        found.append((phase.lane, place + 1, _("later"), "arrow-down"))
    others = [lane for lane in lanes if lane != phase.lane]
    if len(here) > 1 and len(lanes) < MOST_LANES:
        others.append(len(lanes))
    for lane in others:
        words = _("to lane {n}") if lane in lanes else _("to a new lane {n}")
        plan = plan_move(process.line, phase, lane, None)
        found.append((lane, plan.lanes[lane].index(phase), words.format(n=lane + 1), "git-branch"))
    return [
        Move(f"{lane}:{to}", words, icon, sentence_of(process, phase, lane, to))
        for lane, to, words, icon in found
    ]


def sentence_of(process: Process, phase: Phase, lane: int, place: int) -> str:
    """What would happen: where the phase itself goes, and who moves along."""
    plan = plan_move(process.line, phase, lane, place)
    return f"{_own(plan, phase)} {_others(plan, phase)}"


def shift_words(shifted: list[Phase]) -> str:
    """After a move: who moved along."""
    if not shifted:
        return _("No other dates moved.")
    return _("New dates have: {phases}.").format(phases=", ".join(_named(phase) for phase in shifted))


def span(dates: Dates) -> str:
    if dates.starts and dates.ends:
        return _("{start} to {end}").format(start=say.day(dates.starts), end=say.day(dates.ends))
    if dates.starts:
        return _("from {when}").format(when=say.day(dates.starts))
    return _("no date yet")


def _own(plan: Plan, phase: Phase) -> str:
    dates = plan.dates_of(phase)
    if dates == Dates.of(phase):
        return _("{phase} keeps its dates.").format(phase=_named(phase))
    return _("{phase} then runs {dates}.").format(phase=_named(phase), dates=span(dates))


def _others(plan: Plan, phase: Phase) -> str:
    shifted = plan.shifted(phase)
    if not shifted:
        return _("No other dates move.")
    parts = []
    for other in shifted:
        days = _days(other.starts, plan.dates_of(other).starts)
        if days > 0:
            words = ngettext("{phase}: {n} day later", "{phase}: {n} days later", days)
        else:
            words = ngettext("{phase}: {n} day earlier", "{phase}: {n} days earlier", -days)
        parts.append(words.format(phase=_named(other), n=abs(days)))
    return _("Also moving: {parts}.").format(parts="; ".join(parts))


def _days(old: datetime | None, new: datetime | None) -> int:
    if old is None or new is None:
        return 0
    return (timezone.localtime(new).date() - timezone.localtime(old).date()).days


def _named(phase: Phase) -> str:
    return _("“{name}”").format(name=phase.name or phase.kind.name)


# --- the drawing ---

ROW, TOP = 72, 30  # pixels: the height of a lane, and of the row of months


@dataclass(frozen=True, slots=True)
class Mark:
    """A month: its first day on the drawing."""

    x: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase on its lane; x, end and width are shares of the whole, as SVG takes them. `width` is the room for its name,
    which stands over the line and under it by turns."""

    name: str
    x: str
    end: str
    width: str
    y: int
    text_y: int
    state: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The dated phases over the months: an illustration, the list beside it says the same."""

    height: int
    marks: list[Mark]
    bars: list[Bar]


def drawing_of(process: Process, at: datetime) -> Drawing | None:
    """None while no phase has both its dates."""
    dated = [
        (phase, phase.starts, phase.ends)
        for phase in process.line
        if phase.starts is not None and phase.ends is not None
    ]
    if not dated:
        return None
    first = min(starts for _phase, starts, _ends in dated)
    last = max(ends for _phase, _starts, ends in dated)
    margin = (last - first) * 0.02
    first, whole = first - margin, (last - first) + 2 * margin

    def share(moment: datetime) -> float:
        return 100 * ((moment - first) / whole)

    lanes = sorted({phase.lane for phase, _starts, _ends in dated})
    bars = []
    for phase, starts, ends in dated:
        y = TOP + lanes.index(phase.lane) * ROW + 34
        x, end = share(starts), share(ends)
        here = sorted(other for each, other, _ends in dated if each.lane == phase.lane)
        turn = here.index(starts)
        room = share(here[turn + 2]) - x if turn + 2 < len(here) else 100 - x
        state = "past" if phase.is_over(at) else "now" if phase.is_open(at) else "next"
        bars.append(
            Bar(
                phase.name or str(phase.kind.name),
                _share(x),
                _share(end),
                _share(room),
                y,
                y + 24 if turn % 2 else y - 15,
                state,
            )
        )
    return Drawing(TOP + len(lanes) * ROW, _marks(first, first + whole, share), bars)


def _marks(first: datetime, last: datetime, share: object) -> list[Mark]:
    """The first days of months, so few that their names do not run into each other."""
    assert callable(share)
    moment = timezone.localtime(first)
    months = []
    year, month = moment.year, moment.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        begin = timezone.make_aware(datetime(year, month, 1))
        if begin >= last - timedelta(days=1):
            break
        months.append(begin)
    step = max(1, -(-len(months) // 8))
    return [
        Mark(_share(share(begin)), date_format(begin, "M Y" if begin.month == 1 else "M"))
        for begin in months[::step]
    ]


def _share(value: float) -> str:
    return f"{value:.2f}%"
