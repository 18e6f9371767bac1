"""Four eyes: what needs two people. One asks with a reason, another one with the same right agrees, then it happens.

    matters.add("identity", Matter("identity", _("…"), may=may_ask_who, scope=where_identity))
    approval = ask(what="identity", on=contribution, process=…, reason="…", by=mo, at=at, about=author)
    approve(approval=approval, by=clara, at=at)

The constraint decides that the second person is another one; every step is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.audit import on_data_of
from cocreation.models import Approval, Contribution, Process
from cocreation.roles import Role, Roles, Scope, roles_of
from groundwork.answer import Answer, No, Refused, Words, Yes, require
from groundwork.journal import api as journal
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

# How long the one who asked sees what was opened.
SHOWN = timedelta(hours=24)


def _nothing_more(approval: Approval, by: Person, at: datetime) -> None:
    """Agreeing is all."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of thing two people do: who has the right (to ask and to agree), where, and what happens then.

    Its journal verbs are "<slug>.asked", "<slug>.approved" and "<slug>.declined". `listed`: waits in the queue "Second
    pair of eyes"; other matters have a queue of their own.
    """

    slug: str
    words: Words
    may: Callable[[Person | None, Process | None], Answer]
    scope: Callable[[Roles], Scope]
    happen: Callable[[Approval, Person, datetime], None] = _nothing_more
    listed: bool = True


matters: Registry[Matter] = Registry("matter of four eyes")


@transaction.atomic
def ask(
    *,
    what: str,
    on: models.Model,
    process: Process,
    reason: str,
    by: Person,
    at: datetime,
    about: Person | None = None,
) -> Approval:
    """The first of the two. Nothing happens before somebody else agrees."""
    require(matters.get(what).may(by, process))
    approval = Approval(
        what=what, subject_label=on._meta.label, subject_key=str(on.pk), process=process, about=about,
        reason=reason, language=get_language() or "de", asked_by=by, asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            approval.save()
    except IntegrityError:
        raise Refused(No(_("Somebody has asked for this already."))) from None
    _record("asked", approval, by, at)
    return approval


@transaction.atomic
def approve(*, approval: Approval, by: Person, at: datetime) -> Approval:
    """The second of the two: agree, and it happens."""
    approval = _open(approval, by)
    if approval.asked_by_id == by.pk:
        raise Refused(No(_("Somebody else has to agree: you asked yourself.")))
    if approval.about_id == by.pk:
        raise Refused(No(_("This is about you. Somebody else has to decide it.")))
    approval.approved_by, approval.approved_at = by, at
    approval.save(update_fields=["approved_by", "approved_at"])
    _record("approved", approval, by, at)
    matters.get(approval.what).happen(approval, by, at)
    return approval


@transaction.atomic
def decline(*, approval: Approval, by: Person, at: datetime) -> Approval:
    """No; whoever asked may take it back the same way."""
    approval = _open(approval, by)
    approval.declined_by, approval.declined_at = by, at
    approval.save(update_fields=["declined_by", "declined_at"])
    _record("declined", approval, by, at)
    return approval


def _open(approval: Approval, by: Person) -> Approval:
    approval = Approval.objects.select_for_update(of=("self",)).select_related("process").get(pk=approval.pk)
    require(matters.get(approval.what).may(by, approval.process))
    if not approval.is_open:
        raise Refused(No(_("This has been decided already.")))
    return approval


def _record(step: str, approval: Approval, by: Person, at: datetime) -> None:
    data = on_data_of(approval.about_id)
    if approval.subject_label == Contribution._meta.label:
        data["contribution"] = int(approval.subject_key)
    journal.record(
        f"{approval.what}.{step}", by=by, on=approval, process=approval.process_id, at=at, data=data
    )


# --- what waits ---


def waiting(person: Person) -> QuerySet[Approval]:
    """Open requests this person may decide on, or asked for, the oldest first."""
    roles = roles_of(person)
    here = Q(pk__in=[])
    for matter in matters:
        if matter.listed and (scope := matter.scope(roles)):
            here |= Q(what=matter.slug) & scope.narrow("process__")
    return (
        Approval.objects.open().filter(here).select_related("asked_by", "process").order_by("asked_at", "pk")
    )


def allowed(roles: Roles) -> bool:
    return any(matter.listed and matter.scope(roles) for matter in matters)


# --- looking up who wrote something ---

IDENTITY = "identity"


def may_ask_who(person: Person | None, process: Process | None) -> Answer:
    roles = roles_of(person)
    if roles.may_verify or (process is not None and roles.moderates.covers(process)):
        return Yes()
    return No(_("Only moderators and the citizens' office may ask who wrote something."))


def where_identity(roles: Roles) -> Scope:
    return roles.moderates | roles.where(Role.CLERK)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a look-up opens: the address of the account and where the person lives, as far as it was checked."""

    email: str
    residence: str
    until: datetime


def ask_who_wrote(*, contribution: Contribution, reason: str, by: Person, at: datetime) -> Approval:
    """Ask to see who is behind a public name. Whoever wrote it is told once a second person has agreed."""
    if contribution.author is None:
        raise Refused(No(_("Nobody is named as the author of this, so there is nobody to look up.")))
    if contribution.author_id == by.pk:
        raise Refused(No(_("You wrote this yourself.")))
    if contribution.author.restricted_since is not None:
        raise Refused(
            No(_("Whoever wrote this has had the use of their data restricted. Nobody looks them up."))
        )
    return ask(
        what=IDENTITY, on=contribution, process=contribution.process, reason=reason, by=by, at=at,
        about=contribution.author,
    )  # fmt: skip


def identity_for(person: Person, contribution: Contribution, at: datetime) -> Identity | None:
    """Who wrote it, for the one who asked, for a day after somebody agreed. Nobody else ever."""
    if not may_ask_who(person, contribution.process):
        return None
    found = (
        Approval.objects.on(IDENTITY, contribution)
        .filter(
            asked_by=person, approved_at__gt=at - SHOWN, about__isnull=False, about=contribution.author_id
        )
        .select_related("about")
        .order_by("-approved_at")
        .first()
    )
    if found is None or found.about is None or found.approved_at is None:
        return None
    checked = found.about.verifications.valid(at).first()
    return Identity(found.about.email, checked.residence if checked else "", found.approved_at + SHOWN)


def looked_up(person: Person) -> list[Approval]:
    """For "My data": when two people of the city looked up who this person is, and why."""
    done = Approval.objects.filter(about=person, what=IDENTITY, approved_at__isnull=False)
    return list(done.select_related("asked_by", "approved_by", "process").order_by("-approved_at", "-pk"))
