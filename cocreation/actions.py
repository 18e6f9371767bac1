"""Writes of the hall. Each asks its rule, changes rows in one transaction and records the journal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Verification
from cocreation import roles
from cocreation.models import Contribution, Follow, Hiding, Office, Phase, Place, Process, Withdrawal
from cocreation.models.processes import jsonable
from cocreation.recipes import Recipe, create_from_recipe
from cocreation.studio import gaps_of
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def publish_process(*, process: Process, by: Person, at: datetime) -> Process:
    """Make a draft public. Refused while something is missing; the studio lists what."""
    require(roles.may_configure(by))
    process = Process.objects.select_for_update().get(pk=process.pk)
    if process.published_at:
        raise Refused(No(_("This process is published already.")))
    if gaps_of(process):
        raise Refused(No(_("Something is still missing before this process can be published.")))
    process.published_at = at
    process.save(update_fields=["published_at"])
    journal.record("process.published", by=by, on=process, process=process, at=at)
    return process


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
    require(roles.may_configure(by))
    if starts < at.replace(second=0, microsecond=0):
        raise Refused(No(_("A new process cannot begin in the past.")))
    return create_from_recipe(
        recipe=recipe, title=title, office=office, places=places, starts=starts, by=by, at=at
    )


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


@transaction.atomic
def change_phase(*, phase: Phase, change: PhaseChange, by: Person, at: datetime) -> Phase:
    """Edit one phase. In a published process only borders that lie ahead may move, and only to moments ahead; what
    people may do stays as it is once the phase has begun. Every change of a published process is in the journal.
    The promise until when the city answers moves with the end of the answer it was taken from.

    Raises ValidationError where the dates do not fit (an end before the start, phases of one lane that overlap).
    """
    require(roles.may_configure(by))
    process = Process.objects.select_for_update().get(pk=phase.process_id)
    phase = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk)
    phase.process = process
    begun = process.is_published and not phase.is_ahead(at)
    before, ended = _told(phase), phase.ends
    if process.is_published:
        require(_may_move(phase.starts, change.starts, at) and _may_move(phase.ends, change.ends, at))
    for language in ("de", "en"):
        setattr(phase, f"name_{language}", change.name.get(language, ""))
        setattr(phase, f"text_{language}", change.text.get(language, ""))
    phase.starts, phase.ends = change.starts, change.ends
    phase.acts, phase.audience = change.acts, change.audience
    phase.set_opts(change.options)
    after = _told(phase)
    if begun and any(after[key] != before[key] for key in ("acts", "audience", "options")):
        raise Refused(No(_("This phase has begun. What people may do in it stays as it is.")))
    phase.full_clean(exclude=["name", "name_de", "name_en", "text", "text_de", "text_en"])
    phase.save()
    if phase.method == "answer" and ended is not None and process.answer_by == ended != phase.ends:
        process.answer_by = phase.ends
        process.save(update_fields=["answer_by"])
    changed = sorted(key for key in after if after[key] != before[key])
    if process.is_published and changed:
        journal.record(
            "process.changed",
            by=by,
            on=process,
            process=process,
            at=at,
            data={"phase": phase.key, "changed": {key: [before[key], after[key]] for key in changed}},
        )
    return phase


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
) -> Process:
    """Edit the texts and facts of a process. `texts` by column ("question_de"). A published process keeps a complete
    set of them, and what was changed is in the journal."""
    require(roles.may_configure(by))
    process = Process.objects.select_for_update().get(pk=process.pk)
    if process.is_published:
        require(_may_move(process.answer_by, settings.get("answer_by"), at))
    wanted = {**texts, **settings}
    changed = sorted(
        name for name, value in wanted.items() if (getattr(process, name) or "") != (value or "")
    )
    for name, value in wanted.items():
        setattr(process, name, value)
    process.full_clean(exclude=["slug", "title", *(name for name in texts if not texts[name])])
    process.save()
    if set(process.places.values_list("pk", flat=True)) != {place.pk for place in places}:
        process.places.set(places)
        changed.append("places")
    if process.is_published:
        process.__dict__.pop("line", None)
        if gaps_of(process):
            raise Refused(No(_("This process is public. Its texts and dates must stay complete.")))
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
    journal.record("organisation.confirmed", by=by, on=organisation, at=at)
    return organisation


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
    require(roles.may_moderate(by))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if contribution.hidden_at:
        raise Refused(No(_("This is hidden already.")))
    hiding = Hiding.objects.create(contribution=contribution, by=by, at=at, rule=rule, reason=reason)
    contribution.hidden_at = at
    contribution.settle()
    contribution.save(update_fields=["hidden_at", "is_public"])
    journal.record(
        "contribution.hidden",
        by=by,
        on=contribution,
        process=contribution.process_id,
        at=at,
        data={"rule": rule, "reason": reason},
    )
    return hiding


@transaction.atomic
def restore_contribution(*, contribution: Contribution, by: Person, at: datetime) -> Contribution:
    """Lift the hiding: the contribution is back wherever it was."""
    require(roles.may_moderate(by))
    contribution = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if not contribution.hidden_at:
        raise Refused(No(_("This is not hidden.")))
    contribution.hidings.filter(lifted_at__isnull=True).update(lifted_at=at, lifted_by=by)
    contribution.hidden_at = None
    contribution.settle()
    contribution.save(update_fields=["hidden_at", "is_public"])
    journal.record("contribution.restored", by=by, on=contribution, process=contribution.process_id, at=at)
    return contribution


def follow(
    *, person: Person, at: datetime, process: Process | None = None, contribution: Contribution | None = None
) -> None:
    """Tell this person what happens. Following twice is following once."""
    try:
        with transaction.atomic():
            Follow.objects.create(person=person, process=process, contribution=contribution, at=at)
    except IntegrityError:
        return


def unfollow(
    *, person: Person, process: Process | None = None, contribution: Contribution | None = None
) -> None:
    Follow.objects.filter(person=person, process=process, contribution=contribution).delete()


@transaction.atomic
def verify_person(*, person: Person, residence: str, by: Person, at: datetime) -> Verification:
    """Somebody showed their identity at the desk: keep the place they live in, for two years, and nothing else."""
    if not roles.roles_of(by).may_verify:
        raise Refused(No(_("Only the citizens' office may confirm an address.")))
    if by.pk == person.pk:
        raise Refused(No(_("Somebody else at the office has to confirm your own address.")))
    person.verifications.filter(revoked_at__isnull=True).update(revoked_at=at)
    verification = Verification.objects.create(
        person=person,
        residence=residence,
        method=Verification.Method.DESK,
        verified_at=at,
        verified_by=by,
        expires_at=at + timedelta(days=730),
    )
    journal.record("person.verified", by=by, on=person, at=at)
    return verification
