"""What the hall adds to one's own page, to the profile and to the closing of an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation.models import Contribution, Eligibility, Follow, GroupMembership, Phase, Place, RoleGrant
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person

ASKED = 6


def waits_for(person: Person, at: datetime) -> dict[str, Any]:
    """What is open now and not done yet, what ends first on top. One query, and at most one for each open phase."""
    phases = Phase.objects.published().open(at).select_related("process").order_by("ends", "pk")
    acts = []
    for phase in phases[:ASKED]:
        invitation = phase.kind.invitation(phase, person, at)
        if invitation and not invitation.done:
            acts.append({"phase": phase, "process": phase.process, "invitation": invitation})
    return {"acts": acts[:3]}


hooks.sections.add(
    "waits", hooks.Section("waits", "cocreation/section_waits.html", waits_for, column="top", order=10)
)


def place_names() -> dict[str, str]:
    return {place.slug: place.name for place in Place.objects.all()}


hooks.place_names.add("places", place_names)


def leave(person: Person, at: datetime) -> None:
    """When an account closes: contributions stay, without their author; wishes to be told end."""
    if RoleGrant.objects.valid(at).filter(person=person).exists():
        raise Refused(
            No(
                _(
                    "You work for the city here. Ask the administration to end your role first, then close the account."
                )
            )
        )
    Contribution.objects.filter(author=person).update(author=None)
    Follow.objects.filter(person=person).delete()
    # The entry stays, so that nobody counts twice; whose it was is forgotten.
    Eligibility.objects.filter(person=person).update(person=None)
    GroupMembership.objects.filter(person=person).delete()
    RoleGrant.objects.filter(person=person).delete()


hooks.closing.add("cocreation", leave)
