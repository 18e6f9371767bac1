"""Named groups: make one, invite and add people, take them out, join, leave. A group only ever holds who knows of it:
whoever was added by address finds it on their page and can leave, whoever was invited joins by their own act."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.claiming import confirmed_account
from cocreation import roles
from cocreation.models import Group, GroupInvitation, GroupMembership, Process
from cocreation.standing import forget_standings
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

INVITATION_DAYS = 30


@transaction.atomic
def create_group(*, name: dict[str, str], process: Process | None, by: Person) -> Group:
    """A group of one process, or of the whole city."""
    require(roles.may_configure(by))
    group = Group(slug=_free_slug(name.get("de") or name.get("en") or "group"), process=process)
    for language, words in name.items():
        setattr(group, f"name_{language}", words)
    group.save()
    _names_changed()
    return group


@transaction.atomic
def rename_group(*, group: Group, name: dict[str, str], by: Person) -> Group:
    require(roles.may_configure(by))
    for language, words in name.items():
        setattr(group, f"name_{language}", words)
    group.save()
    _names_changed()
    return group


@transaction.atomic
def add_member(*, group: Group, email: str, by: Person, at: datetime) -> GroupMembership:
    """The account with exactly this confirmed address. Nothing else of an account is looked up."""
    require(roles.may_configure(by))
    person = confirmed_account(email)
    if person is None:
        raise Refused(
            No(
                _(
                    "There is no account with this confirmed address. Send the person the link of the invitation."
                )
            )
        )
    return _join(group, person, by, at)


@transaction.atomic
def end_membership(*, membership: GroupMembership, by: Person, at: datetime) -> None:
    """The administration takes somebody out, or somebody leaves."""
    if membership.person_id != by.pk:
        require(roles.may_configure(by))
    found = GroupMembership.objects.select_for_update().get(pk=membership.pk)
    if found.ended_at is not None:
        raise Refused(No(_("This person does not belong to the group any more.")))
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    forget_standings(by)
    journal.record("group.left", by=by, on=found.group, process=found.group.process_id, at=at)


@transaction.atomic
def invite(*, group: Group, by: Person, at: datetime) -> GroupInvitation:
    """A link that lets people in, for thirty days. The one before ends: there is one at a time."""
    require(roles.may_configure(by))
    Group.objects.select_for_update().get(pk=group.pk)
    group.invitations.valid(at).update(ended_at=at)  # type: ignore[attr-defined]
    return GroupInvitation.objects.create(
        group=group,
        code=secrets.token_urlsafe(16),
        created_at=at,
        created_by=by,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )


@transaction.atomic
def end_invitation(*, invitation: GroupInvitation, by: Person, at: datetime) -> None:
    require(roles.may_configure(by))
    GroupInvitation.objects.filter(pk=invitation.pk, ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def accept(*, code: str, by: Person, at: datetime) -> GroupMembership:
    """Somebody who holds the link wants to belong."""
    invitation = GroupInvitation.objects.select_for_update().filter(code=code).select_related("group").first()
    if invitation is None or invitation.ended_at is not None or invitation.expires_at <= at:
        raise Refused(No(_("This invitation is not valid any more. Ask whoever sent it for a new one.")))
    if by.is_guest:
        raise Refused(
            No(
                _("To belong to a group you need an account with a confirmed e-mail address."),
                _("Make it an account"),
                "cocreation:claim",
            )
        )
    return _join(invitation.group, by, None, at)


def _join(group: Group, person: Person, by: Person | None, at: datetime) -> GroupMembership:
    try:
        with transaction.atomic():
            membership = GroupMembership.objects.create(group=group, person=person, since=at, added_by=by)
    except IntegrityError:
        raise Refused(
            No(
                _("You belong to this group already.")
                if by is None
                else _("This person belongs to the group already.")
            )
        ) from None
    forget_standings(person)
    journal.record("group.joined", by=by or person, on=group, process=group.process_id, at=at)
    return membership


def _free_slug(name: str) -> str:
    base = slugify(name.replace("ü", "ue").replace("ä", "ae").replace("ö", "oe").replace("ß", "ss"))[:50]
    base = base or "group"
    slug, number = base, 2
    while Group.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _names_changed() -> None:
    """Names of groups are kept for a stretch; whoever changes one sees it at once."""
    transaction.on_commit(
        lambda: caches["fragments"].delete_many([f"groups:{code}" for code in ("de", "en")])
    )
