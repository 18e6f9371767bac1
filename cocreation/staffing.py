"""Who works for the city in which role: granting, ending, and the trainings that roles need. Administrators only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cocreation.audit import on_data_of
from cocreation.models import Office, Place, Process, RoleGrant, Topic, Training
from cocreation.roles import forget_roles, roles_of
from cocreation.training import NEED_IT, Trained, trained
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.html.paging import keyset
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

Role = RoleGrant.Role
# How long an ended role can be brought back as if nothing had happened.
UNDO = timedelta(hours=24)


def may_staff(person: Person | None) -> Answer:
    if roles_of(person).is_admin:
        return Yes()
    return No(_("Only the administration gives and ends roles."))


@transaction.atomic
def grant_role(
    *,
    person: Person,
    role: str,
    by: Person,
    at: datetime,
    office: Office | None = None,
    place: Place | None = None,
    process: Process | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> RoleGrant:
    """Give a role from `starts` (now) on. It counts once the second factor and, where needed, the training are there.

    Raises ValidationError where role and scope do not fit or the dates are the wrong way round.
    """
    require(may_staff(by))
    if person.pk == by.pk:
        raise Refused(No(_("Somebody else of the administration has to give you a role.")))
    grant = RoleGrant(
        person=person, role=role, office=office, place=place, process=process,
        starts=max(starts or at, at), ends=ends, granted_by=by,
    )  # fmt: skip
    grant.full_clean()
    same = RoleGrant.objects.filter(person=person, role=role, office=office, place=place, process=process)
    still = same.filter(
        Q(ends__isnull=True) | Q(ends__gt=grant.starts),
        Q(ended_at__isnull=True) | Q(ended_at__gt=grant.starts),
    )
    if (still.filter(starts__lt=grant.ends) if grant.ends else still).exists():
        raise Refused(No(_("This person holds this role already.")))
    grant.save()
    forget_roles(person)
    journal.record(
        "role.granted", by=by, on=grant, at=at, process=process, data=on_data_of(person, role=role)
    )
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, by: Person, at: datetime) -> RoleGrant:
    """End a role now. The city never loses its last administrator."""
    require(may_staff(by))
    if grant.role == Role.ADMIN:
        # All of them, always in the same order: two administrators who end each other's role at once wait in line.
        list(RoleGrant.objects.select_for_update(of=("self",)).filter(role=Role.ADMIN).order_by("pk"))
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if (until := grant.until()) and until <= at:
        raise Refused(No(_("This role has ended already.")))
    if grant.role == Role.ADMIN and not _another_admin(grant, at):
        raise Refused(No(_("This is the last administrator. Give the role to somebody else first.")))
    grant.ended_at, grant.ended_by = max(at, grant.starts), by
    grant.save(update_fields=["ended_at", "ended_by"])
    forget_roles(grant.person)
    _record("role.ended", grant, by, at)
    return grant


def _another_admin(grant: RoleGrant, at: datetime) -> bool:
    """Whether somebody else could administer now: with the role and a second factor."""
    others = RoleGrant.objects.valid(at).filter(role=Role.ADMIN, person__is_active=True)
    return others.exclude(person=grant.person_id).filter(person__authenticator__isnull=False).exists()


@transaction.atomic
def undo_end(*, grant: RoleGrant, by: Person, at: datetime) -> RoleGrant:
    """Bring back a role that was ended within the last day: as it was, with its planned end."""
    require(may_staff(by))
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    require(may_undo(grant, at))
    grant.ended_at = grant.ended_by = None
    grant.full_clean()
    grant.save(update_fields=["ended_at", "ended_by"])
    forget_roles(grant.person)
    _record("role.resumed", grant, by, at)
    return grant


def may_undo(grant: RoleGrant, at: datetime) -> Answer:
    if grant.ended_at is None or grant.ended_by_id is None:
        return No(_("Nobody has ended this role."))
    if at - grant.ended_at > UNDO or (grant.ends and grant.ends <= at):
        return No(_("This is too long ago to be undone. Give the role again instead."))
    return Yes()


def _record(verb: str, grant: RoleGrant, by: Person, at: datetime) -> None:
    data = on_data_of(grant.person_id, role=grant.role)
    journal.record(verb, by=by, on=grant, at=at, process=grant.process_id, data=data)


@transaction.atomic
def record_training(
    *, person: Person, topics: Iterable[str], completed_on: date, by: Person, at: datetime, note: str = ""
) -> Training:
    """Keep that a person completed a training. Roles that rested for want of it count again at once."""
    require(may_staff(by))
    if person.pk == by.pk:
        raise Refused(No(_("Somebody else has to record your own training.")))
    if completed_on > timezone.localtime(at).date():
        raise Refused(No(_("This day lies ahead. Record a training once it is completed.")))
    training = Training(
        person=person,
        topics=sorted(topics),
        completed_on=completed_on,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    training.full_clean()
    training.save()
    forget_roles(person)
    journal.record("training.recorded", by=by, on=training, at=at, data=on_data_of(person))
    return training


@transaction.atomic
def withdraw_training(*, training: Training, by: Person, at: datetime) -> Training:
    """Take back a record that was wrong. It stays readable and does not count."""
    require(may_staff(by))
    training = Training.objects.select_for_update(of=("self",)).get(pk=training.pk)
    if training.withdrawn_at:
        raise Refused(No(_("This record was taken back already.")))
    training.withdrawn_at, training.withdrawn_by = at, by
    training.save(update_fields=["withdrawn_at", "withdrawn_by"])
    forget_roles(training.person)
    journal.record("training.withdrawn", by=by, on=training, at=at, data=on_data_of(training.person_id))
    return training


# --- reading ---


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role now or soon, as the administration sees them."""

    person: Person
    grants: list[RoleGrant]
    has_second_factor: bool
    needs_training: bool
    training: Trained


def holders(at: datetime, after: str | None = None, size: int = 40) -> tuple[list[Holder], str | None]:
    """Everybody with a role now or from a later day on, by name, and the token of the next page. Four queries."""
    from accounts.models import Person

    standing = _standing(at)
    people = Person.objects.filter(Exists(standing.filter(person=OuterRef("pk"))))
    page = keyset(people.annotate(factor=_FACTOR), ("public_name", "pk"), after=after, size=size)
    keys = [person.pk for person in page.items]
    grants, records = defaultdict(list), defaultdict(list)
    for grant in (
        standing.filter(person__in=keys).select_related("office", "place", "process").order_by("starts", "pk")
    ):
        grants[grant.person_id].append(grant)
    for training in Training.objects.standing().filter(person__in=keys):
        records[training.person_id].append((training.topics, training.completed_on))
    return [
        Holder(
            person, grants[person.pk], person.factor,  # type: ignore[attr-defined]
            any(grant.role in NEED_IT for grant in grants[person.pk]), trained(records[person.pk]),
        )
        for person in page.items
    ], page.next_token  # fmt: skip


_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk")))


def _standing(at: datetime) -> QuerySet[RoleGrant]:
    """Grants that count now or will."""
    return RoleGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=at), Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    )


def trainings_to_renew(at: datetime) -> int:
    """How many people have a role that rests, or will within a month, for want of training. One query."""
    rows = (
        _standing(at)
        .filter(role__in=NEED_IT, person__is_active=True)
        .order_by("person")
        .values_list("person")
        .distinct()
        .annotate(
            records=ArraySubquery(
                Training.objects.standing()
                .filter(person=OuterRef("person"))
                .values(json=JSONObject(topics="topics", on="completed_on"))
            )
        )
    )
    return sum(
        1
        for _person, records in rows
        if needs_renewal(trained((each["topics"], date.fromisoformat(each["on"])) for each in records), at)
    )


def needs_renewal(training: Trained, at: datetime) -> bool:
    return not training.is_current(at) or training.ends_soon(at)


def topic_words(topics: Iterable[str]) -> list[str]:
    return [str(Topic(topic).label) for topic in topics]
