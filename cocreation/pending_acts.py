"""Acts of the hall that wait until somebody has identified: to follow something, to ask an organisation whether one may join."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import ask_to_join
from accounts.hooks import keepers
from accounts.models import Membership, Organisation
from cocreation import pending
from cocreation.actions import follow
from cocreation.models import Contribution, Process
from cocreation.participation import may_follow
from groundwork.answer import No, Refused, require

if TYPE_CHECKING:
    from accounts.models import Person


def title_of(payload: dict[str, Any]) -> str:
    return str(payload.get("title", ""))


def complete_follow(person: Person, payload: dict[str, Any], at: datetime) -> str:
    process = Process.objects.published().filter(pk=payload["process"]).first()
    if process is None:
        raise Refused(No(_("This process is gone.")))
    require(may_follow(person))
    follow(person=person, process=process, at=at)
    return process.get_absolute_url()


def complete_follow_contribution(person: Person, payload: dict[str, Any], at: datetime) -> str:
    found = Contribution.objects.visible_to(person).filter(receipt=payload["receipt"]).first()
    if found is None:
        raise Refused(No(_("This is not public any more.")))
    require(may_follow(person))
    follow(person=person, contribution=found, at=at)
    return str(payload.get("url") or found.get_absolute_url())


def complete_join(person: Person, payload: dict[str, Any], at: datetime) -> str:
    """Who belongs to it already (and had not logged in) has what they wanted."""
    organisation = Organisation.objects.filter(
        slug=payload["organisation"], confirmed_at__isnull=False
    ).first()
    if organisation is None:
        raise Refused(No(_("This organisation is not here any more.")))
    if not Membership.objects.filter(
        person=person, organisation=organisation, ended_at__isnull=True
    ).exists():
        ask_to_join(organisation=organisation, by=person)
    return organisation.get_absolute_url()


pending.acts.add(
    "follow",
    pending.PendingKind(
        "follow", _("You want to be told what happens in this process"), complete_follow, title_of
    ),
)
pending.acts.add(
    "follow_contribution",
    pending.PendingKind(
        "follow_contribution",
        _("You want to be told what becomes of this"),
        complete_follow_contribution,
        title_of,
    ),
)
pending.acts.add(
    "join",
    pending.PendingKind("join", _("You want to join this organisation"), complete_join, title_of),
)


def keep_for_the_house_below(
    act: str, payload: dict[str, Any], person: Person | None, answer: No | None, at: datetime
) -> str:
    kept = pending.keep(act, payload, process=None, person=person, answer=answer, at=at)
    return reverse("cocreation:waiting", args=[kept.token])


keepers.add("pending", keep_for_the_house_below)
