"""Writes of the line of phases: add, remove, put back, double, move, and change the method of one.

In a published process only what lies ahead is touched, and every change is in the journal, as in `actions.change_phase`.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import history, line_plan, roles
from cocreation.gate import missing_of
from cocreation.methods import Method
from cocreation.models import Phase, Process, RemovedPhase
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
TEXTS = tuple(f"{name}_{code}" for name in ("name", "text") for code in LANGUAGES)
MOST_PHASES, MOST_LANES = 30, 6
FIRST_AFTER = timedelta(days=14)


@transaction.atomic
def add_phase(
    *,
    process: Process,
    method: Method,
    by: Person,
    at: datetime,
    lane: int = 0,
    after: str = "",
    beside: str = "",
) -> Phase:
    """A phase of this method, named and long as usual: after another one (by its key), or first in its lane.

    `beside`: a first phase of a lane begins together with this one. The following phases of the lane make room.
    """
    process = _locked(process, by, at)
    require(_may_grow(process, lane))
    phase = Phase(process=process, key=free_key(process, method.slug), method=method.slug, lane=lane)
    for code in LANGUAGES:
        with translation.override(code):
            setattr(phase, f"name_{code}", str(method.name)[:80])
    _reset(phase, method)
    there = [other for other in process.line if other.lane == lane]
    place = next((number for number, other in enumerate(there, start=1) if other.key == after), 0)
    plan = line_plan.added(
        process.line,
        phase,
        lane,
        place,
        line_plan.length_of(phase),
        _beginning(process, beside, at),
    )
    return _put_in(process, phase, plan, by, at)


@transaction.atomic
def duplicate_phase(*, phase: Phase, by: Person, at: datetime) -> Phase:
    """The same phase once more, right behind it."""
    process = _locked(phase.process, by, at)
    phase = _found(process, phase)
    require(_may_grow(process, phase.lane))
    copy = Phase(
        process=process,
        key=free_key(process, phase.method),
        method=phase.method,
        lane=phase.lane,
        acts=list(phase.acts),
        audience=dict(phase.audience),
        options=dict(phase.options),
    )
    for name in TEXTS:
        setattr(copy, name, getattr(phase, name))
    for code in LANGUAGES:
        name = getattr(phase, f"name_{code}")
        setattr(copy, f"name_{code}", f"{name[:76]} (2)" if name else "")
    there = [other for other in process.line if other.lane == phase.lane]
    plan = line_plan.added(
        process.line, copy, phase.lane, there.index(phase) + 1, line_plan.length_of(phase), None
    )
    return _put_in(process, copy, plan, by, at)


@transaction.atomic
def remove_phase(*, phase: Phase, by: Person, at: datetime) -> RemovedPhase:
    """Take a phase out. What was removed is kept, so that it can be put back. Never one that holds anything."""
    process = _locked(phase.process, by, at)
    phase = _found(process, phase)
    require(_lies_ahead(process, phase, at) and _is_empty(phase))
    removed = RemovedPhase.objects.create(
        process=process, name=phase.name or phase.key, stored=_stored(phase), removed_at=at, removed_by=by
    )
    name = phase.name_de  # type: ignore[attr-defined]
    key = phase.key
    phase.delete()
    process.__dict__.pop("line", None)
    _stays_complete(process, at)
    _record(process, key, {"phase": [name, None]}, by, at)
    return removed


@transaction.atomic
def restore_phase(*, removed: RemovedPhase, by: Person, at: datetime) -> Phase:
    """Put a removed phase back where it was; without its dates where something else runs at them by now."""
    process = _locked(removed.process, by, at)
    found = RemovedPhase.objects.select_for_update().filter(pk=removed.pk, process=process).first()
    if found is None:
        raise Refused(No(_("This was put back already.")))
    stored = dict(found.stored)
    require(_may_grow(process, stored["lane"]))
    dates = line_plan.Dates(*(parse_datetime(stored.pop(end) or "") for end in ("starts", "ends")))
    phase = Phase(process=process, **stored)
    if any(other.key == phase.key for other in process.line):
        phase.key = free_key(process, phase.method)
    there = [other for other in process.line if other.lane == phase.lane]
    if line_plan.free_at(there, dates):
        phase.starts, phase.ends = dates.starts, dates.ends
    place = sum(1 for other in there if other.order < phase.order)
    there.insert(place, phase)
    found.delete()
    return _put_in(
        process, phase, line_plan.Plan(line_plan.lanes_of(process.line) | {phase.lane: there}), by, at
    )


@transaction.atomic
def move_phase(
    *, phase: Phase, by: Person, at: datetime, lane: int | None = None, place: int | None = None
) -> list[Phase]:
    """To another place of its lane, or to another lane; the phases that have to make room move along.

    Gives the others whose dates moved.
    """
    process = _locked(phase.process, by, at)
    phase = _found(process, phase)
    if lane is not None and lane != phase.lane:
        require(_may_grow(process, lane, more=0))
    plan = plan_move(process.line, phase, lane, place)
    shifted = plan.shifted(phase)
    require(_lies_ahead(process, phase, at))
    for other in shifted:
        require(_lies_ahead(process, other, at))
    _carry_out(process, plan, by, at)
    return shifted


def plan_move(line: list[Phase], phase: Phase, lane: int | None, place: int | None) -> line_plan.Plan:
    """What `move_phase` would do."""
    if lane is None or lane == phase.lane:
        here = [other for other in line if other.lane == phase.lane]
        return line_plan.in_lane(line, phase, here.index(phase) if place is None else place)
    return line_plan.to_lane(line, phase, lane, place)


@transaction.atomic
def change_method(*, phase: Phase, method: Method, by: Person, at: datetime) -> Phase:
    """Another method for a phase of a draft. Its name and its dates stay; acts, audiences and options begin anew."""
    process = _locked(phase.process, by, at)
    phase = _found(process, phase)
    if process.is_published:
        raise Refused(No(_("This process is public. The method of its phases stays as it is.")))
    require(_is_empty(phase))
    if phase.method == method.slug:
        return phase
    before, phase.method = phase.method, method.slug
    _reset(phase, method)
    phase.touch(by, at)
    phase.save()
    _record(process, phase.key, {"method": [before, method.slug]}, by, at)
    return phase


# --- rules ---


def _may_grow(process: Process, lane: int, more: int = 1) -> Answer:
    lanes = {phase.lane for phase in process.line}
    if not 0 <= lane < MOST_LANES or lane > max(lanes, default=-1) + 1:
        return No(_("There are at most {n} lanes, one after the other.").format(n=MOST_LANES))
    if len(process.line) + more > MOST_PHASES:
        return No(_("A process has at most {n} phases.").format(n=MOST_PHASES))
    return Yes()


def _lies_ahead(process: Process, phase: Phase, at: datetime) -> Answer:
    if process.is_published and not phase.is_ahead(at):
        return No(format_lazy(_("“{phase}” has begun. It stays where it is."), phase=phase.name))
    return Yes()


def _is_empty(phase: Phase) -> Answer:
    """Whether nothing belongs to the phase, in whichever room."""
    for relation in Phase._meta.related_objects:
        model: Any = relation.related_model
        if model._base_manager.filter(**{relation.field.name: phase.pk}).exists():
            return No(
                format_lazy(
                    _("“{phase}” holds contributions already. It can be changed, but not taken away."),
                    phase=phase.name,
                )
            )
    return Yes()


def may_remove(process: Process, phase: Phase, at: datetime) -> Answer:
    """For the page: without looking for contributions; the action looks."""
    return _may_redraw(process, at) and _lies_ahead(process, phase, at)


def _stays_complete(process: Process, at: datetime) -> None:
    if process.is_published and (gaps := missing_of(process, at)):
        raise Refused(
            No(
                format_lazy(
                    _("This process is public and must stay complete. Missing would be: {what}"),
                    what=gaps[0].words,
                )
            )
        )


# --- how ---


def _locked(process: Process, by: Person, at: datetime) -> Process:
    require(roles.may_configure(by, process))
    process = Process.objects.select_for_update().get(pk=process.pk)
    require(_may_redraw(process, at))
    return process


def _may_redraw(process: Process, at: datetime) -> Answer:
    """Once the first phase of a public process began, its line stands; single dates move with a public reason."""
    if process.is_published and process.has_begun(at):
        return No(
            _("This process has begun. Its line stays as it is."),
            _("Dates that lie ahead can still move: open the phase and say in public why."),
        )
    return Yes()


def _found(process: Process, phase: Phase) -> Phase:
    found = next((each for each in process.line if each.pk == phase.pk), None)
    if found is None:
        raise Refused(No(_("This phase was taken away meanwhile.")))
    found.process = process
    return found


def free_key(process: Process, wish: str) -> str:
    """A key no phase of the process has: "ideas", "ideas-2"."""
    taken = {phase.key for phase in process.line}
    key, number = wish, 2
    while key in taken:
        key, number = f"{wish}-{number}", number + 1
    return key


def _reset(phase: Phase, method: Method) -> None:
    acts = [act.slug for act in method.acts]
    phase.acts = acts
    phase.audience = {act: method.default_audience(act) for act in acts}
    phase.set_opts(method.options())


def _beginning(process: Process, beside: str, at: datetime) -> datetime:
    """Together with the phase it runs beside; the first phase of all begins in two weeks, in the morning."""
    along = next((phase for phase in process.line if phase.key == beside and phase.starts), None)
    if along is None:
        along = next((phase for phase in process.line if phase.starts), None)
    if along is not None and along.starts is not None and (not process.is_published or along.starts > at):
        return along.starts
    day = timezone.localtime(at + FIRST_AFTER).date()
    return timezone.make_aware(datetime.combine(day, time(8)))


def _put_in(process: Process, phase: Phase, plan: line_plan.Plan, by: Person, at: datetime) -> Phase:
    """Store a new phase: the others make room first."""
    for other in plan.shifted(phase):
        require(_lies_ahead(process, other, at))
    dates = plan.dates_of(phase)
    phase.starts, phase.ends = dates.starts, dates.ends
    if process.is_published and (phase.starts is None or phase.starts <= at):
        raise Refused(No(_("In a published process a new phase can only begin at a moment that lies ahead.")))
    _carry_out(process, plan, by, at, new=phase)
    _record(process, phase.key, {"phase": [None, phase.name_de]}, by, at)  # type: ignore[attr-defined]
    return phase


def _carry_out(
    process: Process, plan: line_plan.Plan, by: Person, at: datetime, new: Phase | None = None
) -> None:
    """Write places and dates in one statement: neighbours may pass each other, the constraint looks at the end."""
    # Lanes are counted without holes: the last phase that leaves a lane takes it along.
    lanes = [plan.lanes[number] for number in sorted(plan.lanes) if plan.lanes[number]]
    moved = []
    for lane, phases in enumerate(lanes):
        for order, phase in enumerate(phases):
            dates = plan.dates_of(phase)
            old = line_plan.Dates.of(phase)
            if phase is not new and (phase.lane, phase.order, old) == (lane, order, dates):
                continue
            elsewhere = phase.lane != lane or old != dates
            phase.lane, phase.order = lane, order
            phase.starts, phase.ends = dates.starts, dates.ends
            if phase is new:
                continue
            moved.append(phase)
            if elsewhere:
                phase.touch(by, at)
            _answer_moves(process, phase, old)
            changed = {
                name: [before.isoformat() if before else None, after.isoformat() if after else None]
                for name, before, after in (
                    ("starts", old.starts, dates.starts),
                    ("ends", old.ends, dates.ends),
                )
                if before != after
            }
            if process.is_published and changed and dates.starts is not None and dates.starts <= at:
                raise Refused(
                    No(_("In a published process a date can only move to a moment that lies ahead."))
                )
            _record(process, phase.key, changed, by, at)
    try:
        with transaction.atomic():
            Phase.objects.bulk_update(
                moved, ["lane", "order", "starts", "ends", "version", "changed_at", "changed_by"]
            )
            if new is not None:
                new.touch(by, at)
                new.full_clean(exclude=["name", *TEXTS])
                new.save()
    except (IntegrityError, ValidationError):
        raise Refused(No(_("Phases of one lane must not overlap."))) from None
    process.__dict__.pop("line", None)
    if moved or new is not None:
        _stays_complete(process, at)


def _answer_moves(process: Process, phase: Phase, old: line_plan.Dates) -> None:
    """The promise until when the city answers moves with the end of the answer it was taken from."""
    if phase.method == "answer" and old.ends is not None and process.answer_by == old.ends != phase.ends:
        process.answer_by = phase.ends
        process.save(update_fields=["answer_by"])


def _record(process: Process, key: str, changed: dict[str, Any], by: Person, at: datetime) -> None:
    """What became of a phase: in the staff history, and in the journal when the process is public."""
    history.note(
        process=process,
        what="line",
        by=by,
        at=at,
        part=key,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
    )
    if process.is_published and changed:
        journal.record(
            "process.changed",
            by=by,
            on=process,
            process=process,
            at=at,
            data={"phase": key, "changed": changed},
        )


def _stored(phase: Phase) -> dict[str, Any]:
    plain = ("key", "method", "lane", "order", "acts", "audience", "options")
    return {name: getattr(phase, name) for name in (*plain, *TEXTS)} | {
        end: moment.isoformat() if moment else None
        for end, moment in (("starts", phase.starts), ("ends", phase.ends))
    }
