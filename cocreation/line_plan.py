"""Where phases of a lane go when one is added, taken to another place, or moved: pure, nothing is written.

Lengths belong to phases, pauses to the places between them. Times are kept as people say them: what begins at eight
begins at eight, also beyond a change of the clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils import timezone

from cocreation.recipes import recipes

if TYPE_CHECKING:
    from cocreation.models import Phase

USUAL_DAYS = 28


@dataclass(frozen=True, slots=True)
class Dates:
    starts: datetime | None
    ends: datetime | None

    @classmethod
    def of(cls, phase: Phase) -> Dates:
        return cls(phase.starts, phase.ends)


@dataclass(frozen=True, slots=True)
class Plan:
    """The lanes as they would be: each lane its phases in order, and by key the dates of those that get new ones."""

    lanes: dict[int, list[Phase]]
    dates: dict[str, Dates] = field(default_factory=dict)

    def dates_of(self, phase: Phase) -> Dates:
        return self.dates.get(phase.key, Dates.of(phase))

    def shifted(self, besides: Phase) -> list[Phase]:
        """Those that get other dates, but for the one somebody moves; in order of the lanes."""
        return [
            phase
            for lane in sorted(self.lanes)
            for phase in self.lanes[lane]
            if phase is not besides and self.dates_of(phase) != Dates.of(phase)
        ]


def lanes_of(line: Sequence[Phase]) -> dict[int, list[Phase]]:
    lanes: dict[int, list[Phase]] = {}
    for phase in line:
        lanes.setdefault(phase.lane, []).append(phase)
    return lanes


def usual_days(method: str) -> int:
    """As long as recipes plan a phase of this method."""
    return next(
        (plan.days for recipe in recipes for plan in recipe.phases if plan.method == method), USUAL_DAYS
    )


def length_of(phase: Phase) -> timedelta:
    """How long a phase is on the clocks of the wall, or as long as usual."""
    if phase.starts is None or phase.ends is None:
        return timedelta(days=usual_days(phase.method))
    return _length(phase.starts, phase.ends)


def in_lane(line: Sequence[Phase], phase: Phase, place: int) -> Plan:
    """`phase` at another place of its lane. All others keep their lengths, the pauses stay where they are."""
    lanes = lanes_of(line)
    before = lanes[phase.lane]
    after = [other for other in before if other is not phase]
    after.insert(max(0, min(place, len(after))), phase)
    return Plan(lanes | {phase.lane: after}, _rearranged(before, after))


def to_lane(line: Sequence[Phase], phase: Phase, lane: int, place: int | None = None) -> Plan:
    """`phase` in another lane: at its own dates where they are free, else after what is in the way.

    The lane it leaves keeps its dates. In the new one the following phases move as far as needed.
    """
    lanes = lanes_of(line)
    left = [other for other in lanes[phase.lane] if other is not phase]
    there = list(lanes.get(lane, ()))
    at = place if place is not None else _place_for(there, phase)
    rest = {number: phases for number, phases in lanes.items() if number != phase.lane} | (
        {phase.lane: left} if left else {}
    )
    if phase.starts is None or phase.ends is None:
        there.insert(at, phase)
        return Plan(rest | {lane: there})
    return _inserted(rest, there, phase, lane, at, wish=Dates.of(phase))


def added(
    line: Sequence[Phase], phase: Phase, lane: int, place: int, length: timedelta, begin: datetime | None
) -> Plan:
    """A new phase, so long, at a place of a lane; `begin` where nothing stands before it."""
    lanes = lanes_of(line)
    there = list(lanes.get(lane, ()))
    first = _dated(there[:place])
    following = _dated(there[place:])
    starts = first[-1].ends if first else following[0].starts if following else begin
    wish = Dates(starts, starts and _later(starts, length))
    return _inserted(lanes, there, phase, lane, place, wish=wish)


def free_at(phases: Sequence[Phase], dates: Dates) -> bool:
    """Whether nothing of these runs at these dates."""
    if dates.starts is None or dates.ends is None:
        return True
    return not any(
        other.starts < dates.ends and dates.starts < other.ends  # type: ignore[operator]
        for other in _dated(phases)
    )


def in_time(phases: Sequence[Phase]) -> list[Phase]:
    """The phases of a lane in the order of their dates; those without keep their places."""
    dated = iter(sorted(_dated(phases), key=lambda phase: phase.starts or datetime.max))
    return [next(dated) if phase.starts and phase.ends else phase for phase in phases]


# --- how ---


def _inserted(
    lanes: dict[int, list[Phase]], there: list[Phase], phase: Phase, lane: int, place: int, *, wish: Dates
) -> Plan:
    place = max(0, min(place, len(there)))
    behind = _dated(there[:place])
    ahead = _dated(there[place:])
    starts, ends = wish.starts, wish.ends
    if starts is None or ends is None:
        return Plan(lanes | {lane: [*there[:place], phase, *there[place:]]}, {phase.key: wish})
    length = _length(starts, ends)
    # The wish holds where it fits between the neighbours, otherwise the phase begins where the one before ends.
    fits = (not behind or behind[-1].ends <= starts) and (not ahead or ends <= ahead[0].starts)  # type: ignore[operator]
    if not fits:
        starts = behind[-1].ends if behind else ahead[0].starts
        assert starts is not None
    dates = {phase.key: Dates(starts, _later(starts, length))}
    border = dates[phase.key].ends
    for other in ahead:
        assert other.starts is not None and other.ends is not None and border is not None
        if other.starts >= border:
            break
        dates[other.key] = Dates(border, _later(border, _length(other.starts, other.ends)))
        border = dates[other.key].ends
    return Plan(lanes | {lane: [*there[:place], phase, *there[place:]]}, dates)


def _rearranged(before: Sequence[Phase], after: Sequence[Phase]) -> dict[str, Dates]:
    old, new = _dated(before), _dated(after)
    if not old:
        return {}
    pauses = [timedelta(0)]
    for one, other in pairwise(old):
        pauses.append(_length(one.ends, other.starts))  # type: ignore[arg-type]
    dates: dict[str, Dates] = {}
    moment = old[0].starts
    for pause, phase in zip(pauses, new, strict=True):
        assert moment is not None and phase.starts is not None and phase.ends is not None
        starts = _later(moment, pause)
        ends = _later(starts, _length(phase.starts, phase.ends))
        if Dates(starts, ends) != Dates.of(phase):
            dates[phase.key] = Dates(starts, ends)
        moment = ends
    return dates


def _place_for(there: Sequence[Phase], phase: Phase) -> int:
    """Where it stands by its own dates, or behind the last one that is in the way."""
    if phase.starts is None or phase.ends is None:
        return len(there)
    place = 0
    for number, other in enumerate(there, start=1):
        if other.starts is not None and other.starts < phase.ends:
            place = number
    return place


def _dated(phases: Sequence[Phase]) -> list[Phase]:
    return [phase for phase in phases if phase.starts and phase.ends]


def _wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _length(one: datetime, other: datetime) -> timedelta:
    """How long it is on the clocks of the wall; never less than nothing."""
    return max(_wall(other) - _wall(one), timedelta(0))


def _later(moment: datetime, by: timedelta) -> datetime:
    there = (_wall(moment) + by).replace(tzinfo=timezone.get_current_timezone())
    # In the hour that the clocks show twice, wall time alone could step back.
    return max(there, moment)
