"""Dry runs: rehearse a draft with invented people, from phase to phase, and leave no trace of it.

The copy is a process of its own with a key below zero and never published. So no list, search, feed, number, notice or
journal entry knows of it (the database refuses them), and everything that belongs to it is found from that key. Going to
another phase moves the whole copy in time. What people would do in a phase is invented by the room that owns the method:

    rehearsals.add("ideas", Rehearsal("ideas", play=invent_proposals))
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, router, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.ages import BANDS
from accounts.models import Person, Verification
from cocreation import roles
from cocreation.models import DryRun, Office, Phase, Process, RoleGrant
from cocreation.packages import portable_options
from cocreation.parts import package_parts
from groundwork.answer import Answer, No, Refused, Words, Yes, require
from groundwork.registry import Registry

PREFIX = "dry-run-"
NAMES = ("Mia", "Emil", "Leyla", "Jakob", "Hanna", "Ole", "Zoë", "Murat", "Frieda", "Tomasz", "Ida", "Karim")
OFFICIAL = "Selma"
UNDATED = timedelta(days=28)
KEPT = timedelta(days=30)
INTO = timedelta(hours=1)  # how long the phase one goes to has been open


@dataclass(frozen=True)
class Scene:
    """A phase as it is rehearsed: who there is, from when until when, and dice that fall the same every time."""

    phase: Phase
    people: list[Person]
    official: Person
    office: Office
    starts: datetime
    until: datetime
    dice: random.Random
    # A colleague of the official, for what needs two.
    colleague: Person | None = None

    def moment(self, share: float) -> datetime:
        """A moment of the phase: 0 is its beginning, 1 is now or its end."""
        return self.starts + (self.until - self.starts) * share


def _nothing(scene: Scene) -> Words:
    return ""


def _nothing_more(process: Process) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a method's phase is filled with. `play` and `end` act through the real actions and say what came of it;
    either may raise Refused, which is told. `clear` removes what lies outside the database."""

    method: str
    play: Callable[[Scene], Words] = _nothing
    end: Callable[[Scene], Words] = _nothing
    clear: Callable[[Process], None] = _nothing_more


rehearsals: Registry[Rehearsal] = Registry("rehearsal of a method")


# --- rules ---


def may_rehearse(person: Person | None, process: Process) -> Answer:
    if process.is_published or process.is_dry_run:
        return No(_("Only a draft can be rehearsed. This process is public already."))
    if not process.line:
        return No(_("There is nothing to rehearse yet: this process has no phases."))
    return roles.may_configure(person, process) and Yes()


def of(process: Process) -> DryRun | None:
    return (
        DryRun.objects.filter(process__dry_run_of=process)
        .select_related("process__office", "process__dry_run_of")
        .first()
    )


def as_guest(person: Person, process: Process) -> Person:
    """The invented person as somebody who acts: only in this object, and only in this dry run."""
    person.rehearses, person.is_active = process.pk, True
    person._roles = roles.NOBODY  # type: ignore[attr-defined]
    return person


# --- actions ---


@transaction.atomic
def start(*, process: Process, phase: str, by: Person, at: datetime) -> DryRun:
    """A fresh copy of the draft in which this phase is open now and those before it have happened."""
    process = Process.objects.select_for_update().get(pk=process.pk)
    require(may_rehearse(by, process))
    if old := of(process):
        _remove(old)
    sandbox = _copy(process, by, at)
    run = DryRun.objects.create(process=sandbox, made_at=at, made_by=by)
    run.people.set(_invent_people(sandbox))
    _go(run, phase, by, at)
    return run


@transaction.atomic
def go_to(*, run: DryRun, phase: str, by: Person, at: datetime) -> DryRun:
    """Move on to a later phase with all that was done; a phase that has been played already begins afresh."""
    process = Process.objects.select_for_update().get(dry_runs=run.pk)
    require(may_rehearse(by, process))
    run = DryRun.objects.select_for_update(of=("self",)).select_related("process__office").get(pk=run.pk)
    if phase in run.played:
        return start(process=process, phase=phase, by=by, at=at)
    _go(run, phase, by, at)
    return run


@transaction.atomic
def remove(*, process: Process, by: Person) -> None:
    """Gone without a trace: the copy, its people and all they did."""
    require(roles.may_configure(by, process))
    run = of(Process.objects.select_for_update().get(pk=process.pk))
    if run is None:
        raise Refused(No(_("There is no dry run of this process.")))
    _remove(run)


@transaction.atomic
def sweep(at: datetime) -> int:
    """Dry runs that nobody needs any more: the process is public by now, or a month has passed. Returns how many went."""
    runs = DryRun.objects.select_for_update(of=("self",), skip_locked=True).select_related("process")
    old = list(runs.filter(Q(process__dry_run_of__published_at__isnull=False) | Q(made_at__lte=at - KEPT)))
    for run in old:
        _remove(run)
    return len(old)


# --- the copy ---

_NOT_COPIED = {
    "id",
    "slug",
    "published_at",
    "created_at",
    "created_by",
    "content_hash",
    "dry_run_of",
    "identity",  # a dry run has no register: its invented people are checked by the city
    "answer_by",
}


def _copy(process: Process, by: Person, at: datetime) -> Process:
    fields = [field for field in Process._meta.concrete_fields if field.name not in _NOT_COPIED]
    sandbox = Process(
        id=-secrets.randbelow(2**52) - 1,
        slug=f"{PREFIX}{secrets.token_hex(5)}",
        dry_run_of=process,
        created_by=by,
        answer_by=process.answer_by,
        **{field.attname: getattr(process, field.attname) for field in fields},
    )
    sandbox.save(force_insert=True)
    sandbox.places.set(process.places.all())
    lanes: dict[int, datetime] = {}
    first = min((phase.starts for phase in process.line if phase.starts), default=at)
    for phase in process.line:
        starts = phase.starts or lanes.get(phase.lane, first)
        ends = phase.ends or starts + UNDATED
        lanes[phase.lane] = ends
        copied = Phase(
            process=sandbox,
            starts=starts,
            ends=ends,
            **{
                field.attname: getattr(phase, field.attname)
                for field in Phase._meta.concrete_fields
                if field.name not in {"id", "process", "starts", "ends"}
            },
        )
        copied.set_opts(phase.kind.read_options(portable_options(phase)))
        try:
            with transaction.atomic():
                copied.save(force_insert=True)
        except IntegrityError:
            raise Refused(
                No(_("Two phases of one lane overlap once they all have dates. Please give them dates."))
            )
    sandbox.__dict__.pop("line", None)
    for part in package_parts:
        if (data := part.dump(process)) is not None:
            part.load(sandbox, part.check(data, part.name), by, at)
    return sandbox


def _invent_people(sandbox: Process) -> list[Person]:
    """A dozen residents of the places of the process, and one person of its office."""
    places = [place.slug for place in sandbox.places.order_by("slug")] or [""]
    people = [
        Person(
            email=f"{number}@{sandbox.slug}.invalid",
            public_name=gettext("{name} (invented)").format(name=name),
            place=places[number % len(places)],
            password=make_password(None),
            is_active=False,
            invented=True,
        )
        for number, name in enumerate((*NAMES, OFFICIAL))
    ]
    people = Person.objects.bulk_create(people)
    Verification.objects.bulk_create(
        Verification(
            person=person,
            residence=person.place,
            age_band=BANDS[1 + number % (len(BANDS) - 1)],
            method=Verification.Method.DEMO,
            verified_at=sandbox.created_at,
        )
        for number, person in enumerate(people[:-1])
    )
    return people


# --- time ---


def _go(run: DryRun, key: str, by: Person, at: datetime) -> None:
    """Move the copy in time until the phase has just begun, and let happen what has happened by then."""
    sandbox = run.process
    sandbox.__dict__.pop("line", None)
    target = next((phase for phase in sandbox.line if phase.key == key), None)
    if target is None or target.starts is None or target.ends is None:
        raise Refused(No(_("This phase is not there.")))
    into = min(INTO, (target.ends - target.starts) / 2)
    _travel(sandbox, at - (target.starts + into))
    sandbox.refresh_from_db()
    sandbox.__dict__.pop("line", None)
    everybody = [as_guest(person, sandbox) for person in run.people.order_by("pk")]
    people, official = everybody[:-1], everybody[-1]
    official._roles = roles.Roles(  # type: ignore[attr-defined]
        grants=(roles.Grant(RoleGrant.Role.OFFICIAL, office=sandbox.office_id),)
    )
    colleague = copy(people[0])
    colleague._roles = official._roles  # type: ignore[attr-defined]
    for moment, phase, ends in _events(sandbox.line, at):
        done = run.ended if ends else run.played
        if phase.key in done:
            continue
        rehearsal = rehearsals.find(phase.method)
        if rehearsal is not None:
            phase.process = sandbox
            scene = Scene(
                phase,
                people,
                official,
                sandbox.office,
                phase.starts or moment,
                min(phase.ends or at, at),
                random.Random(f"{phase.key} {ends}"),  # noqa: S311 - invented people, not secrets
                colleague,
            )
            note = _rehearse(rehearsal.end if ends else rehearsal.play, scene)
            if note:
                run.notes[phase.key] = f"{run.notes.get(phase.key, '')} {note}".strip()
        done.append(phase.key)
    run.save()


def _rehearse(act: Callable[[Scene], Words], scene: Scene) -> str:
    try:
        with transaction.atomic():
            return str(act(scene))
    except Refused as refused:
        return str(refused)


def _events(line: Iterable[Phase], at: datetime) -> list[tuple[datetime, Phase, bool]]:
    """Beginnings and ends that lie behind, in order; an end comes before the beginning of what follows it."""
    found = [(phase.starts, phase, False) for phase in line if phase.starts and phase.starts <= at]
    found += [(phase.ends, phase, True) for phase in line if phase.ends and phase.ends <= at]
    return sorted(found, key=lambda event: (event[0], not event[2], event[1].lane))


def _travel(sandbox: Process, by: timedelta) -> None:
    """Move every moment in the copy and in all that belongs to it."""
    for model, keys in _belongings(sandbox).items():
        if model in (Person, DryRun):
            continue
        moments = [
            field.name
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.DateTimeField)
        ]
        if moments:
            _rows(model, keys).update(**{name: F(name) + by for name in moments})


# --- what belongs to it ---

Model = type[models.Model]


def _rows(model: Model, keys: set[Any]) -> models.QuerySet[Any]:
    return models.QuerySet(model).filter(pk__in=keys)


def _belongings(sandbox: Process) -> dict[Model, set[Any]]:
    """Every row that points at the copy or at one of its people, at whatever distance; by model."""
    found: dict[Model, set[Any]] = {Process: {sandbox.pk}}
    invented = set(Person.objects.filter(dry_runs=sandbox.pk, invented=True).values_list("pk", flat=True))
    if invented:
        found[Person] = invented
    fresh = {model: set(keys) for model, keys in found.items()}
    while fresh:
        new: dict[Model, set[Any]] = {}
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.local_concrete_fields:
                target = field.related_model
                if not isinstance(field, models.ForeignKey) or target not in fresh:
                    continue
                if field.remote_field.on_delete is models.SET_NULL:
                    continue
                rows: models.QuerySet[Any] = models.QuerySet(model).filter(
                    **{f"{field.name}__in": fresh[target]}
                )
                more = set(rows.values_list("pk", flat=True)) - found.get(model, set())
                if more:
                    found.setdefault(model, set()).update(more)
                    new.setdefault(model, set()).update(more)
        fresh = new
    return found


def _remove(run: DryRun) -> None:
    sandbox = run.process
    for rehearsal in rehearsals:
        rehearsal.clear(sandbox)
    roots = {Process, Person}
    # Deleting may leave rows of its own (counts kept by the database): look again until there are none.
    for _round in range(4):
        belongings = {
            model: keys
            for model, keys in _belongings(sandbox).items()
            if model not in roots and model is not DryRun and model._meta.auto_created is not DryRun
        }
        if not belongings:
            break
        for model, rows in belongings.items():
            _delete(model, rows)
    people = set(run.people.values_list("pk", flat=True))
    _delete(
        DryRun.people.through,
        set(DryRun.people.through.objects.filter(dryrun=run).values_list("pk", flat=True)),
    )
    _delete(DryRun, {run.pk})
    _delete(Person, people)
    _delete(Process, {sandbox.pk})


def _delete(model: Model, keys: set[Any]) -> None:
    """Rows and nothing else. Foreign keys are looked at when the transaction ends: the order does not matter."""
    _rows(model, keys)._raw_delete(using=router.db_for_write(model))  # type: ignore[attr-defined]
