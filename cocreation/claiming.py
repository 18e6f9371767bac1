"""What the hall does when a guest turns out to have an account: entries, follows, groups; then what waited is tried."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation import pending
from cocreation.models import Eligibility, Follow, GroupMembership
from cocreation.standing import forget_standings
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    """One human being has one entry in a process. Two of them in one account would be two people: that is refused."""
    theirs = Eligibility.objects.standing().filter(person=account)
    clash = (
        Eligibility.objects.standing()
        .filter(person=guest, process__in=theirs.values("process"))
        .select_related("process")
        .first()
    )
    if clash is not None:
        raise Refused(
            No(
                _("In “{title}” your account is checked already, as somebody else than in this visit. Nothing was changed.").format(
                    title=clash.process.title
                ),
                _("Finish this visit and log in, or ask the citizens' office."),
            )
        )  # fmt: skip
    for name in ("process", "contribution", "place", "theme"):
        doubled = Follow.objects.filter(person=account, **{f"{name}__isnull": False}).values(name)
        Follow.objects.filter(person=guest, **{f"{name}__in": Subquery(doubled)}).delete()
    groups = GroupMembership.objects.filter(person=account, ended_at__isnull=True).values("group")
    GroupMembership.objects.filter(person=guest, ended_at__isnull=True, group__in=groups).delete()


def go_on(person: Person, at: datetime) -> None:
    forget_standings(person)
    pending.complete_after_commit(person)


hooks.claiming.add("cocreation", move)
hooks.claimed.add("cocreation", go_on)
