"""Writes of the hall. Each asks its rule, changes rows in one transaction and records the journal."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import conf
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Verification
from cocreation import admission, changes, history, pending, roles, versions
from cocreation.audit import on_data_of
from cocreation.gate import ENOUGH_TIME, missing_of, waived_in
from cocreation.lifecycle import publish_process as publish_process
from cocreation.line_plan import in_time, lanes_of
from cocreation.minimums import long_enough
from cocreation.models import (
    ConfigChange,
    Contribution,
    Follow,
    Hiding,
    Office,
    Phase,
    Place,
    Process,
    Withdrawal,
)
from cocreation.models.processes import jsonable
from cocreation.recipes import Recipe, create_from_recipe
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")


@transaction.atomic
def create_process(
    *,
    recipe: Recipe,
    title: dict[str, str],
    office: Office,
    places: list[Place],
    starts: datetime,
    by: Person,
    at: datetime,
) -> Process:
    """A draft from a recipe, which may not begin in the past; the minute that has begun is not past yet."""
    require(roles.may_configure(by, office=office))
    if starts < at.replace(second=0, microsecond=0):
        raise Refused(No(_("A new process cannot begin in the past.")))
    process = create_from_recipe(
        recipe=recipe, title=title, office=office, places=places, starts=starts, by=by, at=at
    )
    if not process.offline_de and not process.offline_en:  # type: ignore[attr-defined]
        process.offline_de, process.offline_en = own_routes("de"), own_routes("en")  # type: ignore[attr-defined]
        process.save(update_fields=["offline_de", "offline_en"])
    history.note(
        process=process,
        what="created",
        by=by,
        at=at,
        after={f"title_{code}": title.get(code, "") for code in LANGUAGES},
    )
    return process


def own_routes(language: str) -> str:
    """The city's own desk and telephone: the two ways without the internet that every process has."""
    desk, hours = conf.settings.CITY_DESK[language], conf.settings.CITY_HOURS[language]
    with override(language):
        phone = gettext("By phone: {phone}").format(phone=conf.settings.CITY_PHONE)
    return f"{desk}, {hours}\n{phone}"


@dataclass(frozen=True)
class PhaseChange:
    """What the studio may change about a phase; texts by language."""

    name: dict[str, str]
    text: dict[str, str]
    starts: datetime | None
    ends: datetime | None
    acts: list[str]
    audience: dict[str, dict[str, Any]]
    options: Any
    lane: int | None = None


@transaction.atomic
def change_phase(
    *,
    phase: Phase,
    change: PhaseChange,
    by: Person,
    at: datetime,
    reason: dict[str, str] | None = None,
    undoes: ConfigChange | None = None,
    seen: int | None = None,
) -> Phase:
    """Edit one phase. In a published process only borders that lie ahead may move, and only to moments ahead; what
    people may do stays as it is once the phase has begun, and it gets no shorter. After the first phase of the process
    began, a border moves only with a public `reason` (changes.py). Every change of a published process is in the journal.
    The promise until when the city answers moves with the end of the answer it was taken from.

    `seen` is the version somebody edited; raises `versions.Overtaken` when it is no longer what is stored.
    Raises ValidationError where the dates do not fit (an end before the start, phases of one lane that overlap), and
    beside the reason where it is missing.
    """
    require(roles.may_configure(by, phase.process))
    process = Process.objects.select_for_update().get(pk=phase.process_id)
    phase = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk)
    phase.process = process
    versions.check(phase, seen, by)
    begun = process.is_published and not phase.is_ahead(at)
    before, ended, stored = _told(phase), phase.ends, _state(phase)
    facts, scope = history.facts_of_phase(phase), changes.scope_of(process)
    if process.is_published:
        require(_may_move(phase.starts, change.starts, at) and _may_move(phase.ends, change.ends, at))
        require(_may_shorten(process, phase, change, at))
    for language in ("de", "en"):
        setattr(phase, f"name_{language}", change.name.get(language, ""))
        setattr(phase, f"text_{language}", change.text.get(language, ""))
    phase.starts, phase.ends = change.starts, change.ends
    phase.acts, phase.audience = change.acts, change.audience
    phase.set_opts(change.options)
    if change.lane is not None and change.lane != phase.lane:
        require(_may_change_lane(process, phase, change.lane, begun))
        phase.lane = change.lane
    after = _told(phase)
    if begun and any(after[key] != before[key] for key in ("acts", "audience", "options")):
        raise Refused(phase.kind.stays)
    phase.full_clean(exclude=["name", "name_de", "name_en", "text", "text_de", "text_en"])
    if _state(phase) != stored:
        phase.touch(by, at)
    phase.save()
    _put_in_order(process)
    if phase.method == "answer" and ended is not None and process.answer_by == ended != phase.ends:
        process.answer_by = phase.ends
        process.save(update_fields=["answer_by"])
    changed = sorted(key for key in after if after[key] != before[key])
    history.note(
        process=process, what="phase", by=by, at=at, before=facts, after=history.facts_of_phase(phase), part=phase.key,
        undoes=undoes,
    )  # fmt: skip
    amended = changes.amend(process=process, before=scope, reason=reason, by=by, at=at)
    if process.is_published and changed and (amended is None or set(changed) - {"starts", "ends"}):
        journal.record(
            "process.changed",
            by=by,
            on=process,
            process=process,
            at=at,
            data={"phase": phase.key, "changed": {key: [before[key], after[key]] for key in changed}},
        )
    return phase


def _state(phase: Phase) -> tuple[Any, ...]:
    return tuple(getattr(phase, field.attname) for field in phase._meta.concrete_fields)


def _may_change_lane(process: Process, phase: Phase, lane: int, begun: bool) -> Answer:
    others = {other.lane for other in process.line if other.pk != phase.pk}
    if begun:
        return No(format_lazy(_("“{phase}” has begun. It stays where it is."), phase=phase.name))
    if not 0 <= lane <= max(others, default=-1) + 1:
        return No(_("Lanes are filled one after the other."))
    return Yes()


def _put_in_order(process: Process) -> None:
    """Lanes without holes, and in each the phases in the order of their dates, also after dates were changed by hand."""
    lanes = lanes_of(list(Phase.objects.filter(process=process).order_by("lane", "order", "starts")))
    moved = []
    for lane, number in enumerate(sorted(lanes)):
        for order, phase in enumerate(in_time(lanes[number])):
            if (phase.lane, phase.order) != (lane, order):
                phase.lane, phase.order = lane, order
                moved.append(phase)
    Phase.objects.bulk_update(moved, ["lane", "order"])
    process.__dict__.pop("line", None)


def _told(phase: Phase) -> dict[str, Any]:
    """The parts of a phase whose change participants are told of, as they take effect."""
    return {
        "name": phase.name_de,  # type: ignore[attr-defined]
        "starts": phase.starts.isoformat() if phase.starts else None,
        "ends": phase.ends.isoformat() if phase.ends else None,
        "acts": sorted(phase.acts),
        "audience": {act: phase.audience_of(act).store() for act in sorted(phase.acts)},
        "options": jsonable(asdict(phase.opts)),
    }


def _may_move(old: datetime | None, new: datetime | None, at: datetime) -> Answer:
    if old == new:
        return Yes()
    if old is not None and old <= at:
        return No(_("This moment has passed already. Only dates that lie ahead can still be changed."))
    if new is None or new <= at:
        return No(_("In a published process a date can only move to a moment that lies ahead."))
    return Yes()


def _may_shorten(process: Process, phase: Phase, change: PhaseChange, at: datetime) -> Answer:
    """A phase that runs gets no shorter, and one that lies ahead not shorter than its method asks for."""
    old, new = phase.ends, change.ends
    if not phase.is_ahead(at):
        if old and new and new < old:
            return No(_("This phase has begun. It can be made longer, not shorter."))
        return Yes()
    fits = long_enough(phase, change.starts, change.ends)
    if fits or not long_enough(phase) or ENOUGH_TIME in waived_in(process):
        return Yes()
    return fits


# Texts of a process, each once per language, and what else the studio's form of the process holds.
TEXTS = ("title", "question", "lead", "what_open", "what_fixed", "how_decided", "decides", "offline")
SETTINGS = ("office", "promise", "minutes", "hue", "pattern", "answer_by")


@transaction.atomic
def change_process(
    *,
    process: Process,
    texts: dict[str, str],
    settings: dict[str, Any],
    places: list[Place],
    by: Person,
    at: datetime,
    reason: dict[str, str] | None = None,
    undoes: ConfigChange | None = None,
    seen: int | None = None,
) -> Process:
    """Edit the texts and facts of a process. `texts` by column ("question_de"). A published process keeps a complete
    set of them, and what was changed is in the journal. Once its first phase began, scope and promise change only with a
    public `reason`: ValidationError beside it where it is missing (changes.py). `seen` as in `change_phase`."""
    require(roles.may_configure(by, process, office=settings.get("office")))
    process = Process.objects.select_for_update().get(pk=process.pk)
    versions.check(process, seen, by)
    if process.is_published:
        require(_may_move(process.answer_by, settings.get("answer_by"), at))
    facts, scope = history.facts_of_process(process, TEXTS, SETTINGS), changes.scope_of(process)
    wanted = {**texts, **settings}
    changed = sorted(
        name for name, value in wanted.items() if (getattr(process, name) or "") != (value or "")
    )
    for name, value in wanted.items():
        setattr(process, name, value)
    process.full_clean(exclude=["slug", "title", *(name for name in texts if not texts[name])])
    if set(process.places.values_list("pk", flat=True)) != {place.pk for place in places}:
        process.places.set(places)
        changed.append("places")
    if changed:
        process.touch(by, at)
    process.save()
    history.note(
        process=process, what="texts", by=by, at=at, before=facts,
        after=history.facts_of_process(process, TEXTS, SETTINGS), undoes=undoes,
    )  # fmt: skip
    if process.is_published:
        process.__dict__.pop("line", None)
        if missing_of(process, at):
            raise Refused(No(_("This process is public. Its texts and dates must stay complete.")))
        if amended := changes.amend(process=process, before=scope, reason=reason, by=by, at=at):
            told = {change["field"] for change in amended.changes}
            changed = [name for name in changed if re.sub(r"_(de|en)$", "", name) not in told]
        if changed:
            journal.record(
                "process.changed", by=by, on=process, process=process, at=at, data={"changed": changed}
            )
    return process


@transaction.atomic
def confirm_organisation(*, organisation: Organisation, by: Person, at: datetime) -> Organisation:
    """The citizens' office has seen that the organisation exists; whoever registered it speaks for it."""
    if not roles.roles_of(by).may_verify:
        raise Refused(No(_("Only the citizens' office may confirm an organisation.")))
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.confirmed_at:
        raise Refused(No(_("This organisation is confirmed already.")))
    organisation.confirmed_at, organisation.confirmed_by = at, by
    organisation.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record(
        "organisation.confirmed", by=by, on=organisation, at=at, data=on_data_of(_speaker(organisation))
    )
    return organisation


def _speaker(organisation: Organisation) -> int | None:
    """Who registered it: the first who speaks for it."""
    lead = organisation.memberships.filter(role=Membership.Role.LEAD).order_by("pk")
    return lead.values_list("person_id", flat=True).first()


@transaction.atomic
def withdraw_contribution(
    *, contribution: Contribution, by: Person, at: datetime, reason: str = ""
) -> Contribution:
    """The author takes it back. It leaves every list; its page keeps saying that it was withdrawn."""
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.author_id != by.pk:
        raise Refused(No(_("Only the author can take this back.")))
    if contribution.withdrawn_at:
        raise Refused(No(_("This was withdrawn already.")))
    Withdrawal.objects.create(contribution=contribution, by=by, at=at, reason=reason)
    contribution.withdrawn_at = at
    contribution.settle()
    contribution.save(update_fields=["withdrawn_at", "is_public"])
    journal.record("contribution.withdrawn", by=by, on=contribution, process=contribution.process_id, at=at)
    return contribution


@transaction.atomic
def hide_contribution(
    *, contribution: Contribution, by: Person, at: datetime, rule: str, reason: str
) -> Hiding:
    """Take a contribution off every page; the author gets the rule and the reason."""
    require(roles.may_moderate(by, contribution.process))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.hidden_at:
        raise Refused(No(_("This is hidden already.")))
    if contribution.process_id < 0:
        raise Refused(No(_("This is part of a dry run. There is nothing to moderate.")))
    hiding = Hiding.objects.create(contribution=contribution, by=by, at=at, rule=rule, reason=reason)
    contribution.hidden_at = at
    contribution.settle()
    contribution.save(update_fields=["hidden_at", "is_public"])
    hiding.contribution = contribution
    more = {key: value for keeper in admission.keepers for key, value in keeper.hidden(hiding).items()}
    journal.record(
        "contribution.hidden",
        by=by,
        on=contribution,
        process=contribution.process_id,
        at=at,
        data=on_data_of(contribution.author_id, rule=rule, reason=reason, **more),
    )
    return hiding


@transaction.atomic
def restore_contribution(*, contribution: Contribution, by: Person, at: datetime) -> Contribution:
    """Lift the hiding: the contribution is back wherever it was."""
    require(roles.may_moderate(by, contribution.process))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if not contribution.hidden_at:
        raise Refused(No(_("This is not hidden.")))
    hiding = contribution.hidings.select_for_update().get(lifted_at__isnull=True)
    hiding.lifted_at, hiding.lifted_by = at, by
    hiding.save(update_fields=["lifted_at", "lifted_by"])
    contribution.hidden_at = None
    contribution.settle()
    contribution.save(update_fields=["hidden_at", "is_public"])
    for keeper in admission.keepers:
        keeper.restored(hiding, by, at)
    journal.record(
        "contribution.restored",
        by=by,
        on=contribution,
        process=contribution.process_id,
        at=at,
        data=on_data_of(contribution.author_id),
    )
    return contribution


def set_contribution_aside(*, contribution: Contribution, at: datetime) -> None:
    """It lives on in another one and leaves every list. The caller asked its rule and says so in the journal; it holds the
    lock on the contribution."""
    contribution.set_aside_at = at
    contribution.settle()
    contribution.save(update_fields=["set_aside_at", "is_public"])


def bring_contribution_back(*, contribution: Contribution) -> None:
    """It stands for itself again: public where nothing else took it off the pages meanwhile."""
    contribution.set_aside_at = None
    contribution.settle()
    contribution.save(update_fields=["set_aside_at", "is_public"])


@transaction.atomic
def hold_contribution(
    *, contribution: Contribution, by: Person, at: datetime, data: dict[str, Any] | None = None
) -> Contribution:
    """Nobody but its author and moderators sees it until it is released: it waits for a change."""
    require(roles.may_moderate(by, contribution.process))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.held_at or contribution.hidden_at:
        raise Refused(No(_("This is not shown already.")))
    contribution.hold(at)
    contribution.save(update_fields=["held_at", "is_public"])
    journal.record(
        "contribution.held", by=by, on=contribution, process=contribution.process_id, at=at,
        data=on_data_of(contribution.author_id, **(data or {})),
    )  # fmt: skip
    return contribution


@transaction.atomic
def release_contribution(*, contribution: Contribution, by: Person, at: datetime) -> Contribution:
    """What waited is shown. What nobody has seen so far is announced now, with the entry it was published with."""
    require(roles.may_moderate(by, contribution.process))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if not contribution.held_at:
        raise Refused(No(_("This does not wait for anything.")))
    is_new = contribution.held_at == contribution.published_at
    contribution.held_at = None
    contribution.settle()
    contribution.save(update_fields=["held_at", "is_public"])
    journal.record(
        "contribution.released", by=by, on=contribution, process=contribution.process_id, at=at,
        data=on_data_of(contribution.author_id),
    )  # fmt: skip
    if is_new and contribution.is_public:
        journal.record_again(f"{contribution.kind}.published", key=contribution.pk, at=at)
    return contribution


def follow(*, person: Person, at: datetime, **thing: Any) -> None:
    """Tell this person what happens: with a `process`, a `contribution`, in a `place` or on a `theme` (one of them).
    Following twice is following once."""
    try:
        with transaction.atomic():
            Follow.objects.create(person=person, at=at, **thing)
    except IntegrityError:
        return


def unfollow(*, person: Person, **thing: Any) -> None:
    Follow.objects.filter(person=person, **thing).delete()


@transaction.atomic
def note_look_up(*, person: Person, by: Person, at: datetime) -> None:
    """Somebody at the office found an account by its address and sees its name: the person reads that it was done."""
    if not roles.roles_of(by).may_verify:
        raise Refused(No(_("Only the citizens' office may confirm an address.")))
    journal.record("person.looked_up", by=by, on=person, at=at, data=on_data_of(person))


@transaction.atomic
def verify_person(
    *, person: Person, residence: str, by: Person, at: datetime, age_band: str = ""
) -> Verification:
    """Somebody showed their identity at the desk: keep the place they live in and, where it was asked, the age band, for
    two years, and nothing else."""
    if not roles.roles_of(by).may_verify:
        raise Refused(No(_("Only the citizens' office may confirm an address.")))
    if by.pk == person.pk:
        raise Refused(No(_("Somebody else at the office has to confirm your own address.")))
    person.verifications.filter(revoked_at__isnull=True).update(revoked_at=at)
    verification = Verification.objects.create(
        person=person,
        residence=residence,
        age_band=age_band,
        method=Verification.Method.DESK,
        verified_at=at,
        verified_by=by,
        expires_at=at + timedelta(days=730),
    )
    journal.record("person.verified", by=by, on=person, at=at, data=on_data_of(person))
    pending.complete_after_commit(person)
    return verification
