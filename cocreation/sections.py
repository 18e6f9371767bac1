"""What the hall adds to one's own page, to the profile and to the closing of an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation import audit, files, four_eyes, pending
from cocreation.kinds import kinds
from cocreation.models import (
    Approval,
    Contribution,
    Eligibility,
    Follow,
    GroupMembership,
    PendingAct,
    Phase,
    Place,
    RoleGrant,
    Training,
)
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person

ASKED = 6
KEPT = 20
RECEIPTS = 50


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


def kept_for(person: Person, at: datetime) -> dict[str, Any] | None:
    """What I did that does not count yet, what came of it since, and why something could not count. One query."""
    mine = PendingAct.objects.of(person).filter(expires_at__gt=at).select_related("process")
    found = list(mine.order_by("-created_at")[:KEPT])
    if not found:
        return None
    told = []
    for act in found:
        kind = pending.acts.find(act.act)
        if kind is not None:
            told.append(
                {
                    "act": act,
                    "words": kind.words,
                    "title": kind.title(act.payload),
                    "url": act.result_url or reverse("cocreation:waiting", args=[act.token]),
                    "next_url": pending.address_of(act.next_url),
                }
            )
    return {
        "waiting": [each for each in told if not _over(each)],
        "over": [each for each in told if _over(each)],
    }


def _over(each: dict[str, Any]) -> bool:
    act: PendingAct = each["act"]
    return bool(act.completed_at or act.given_up_at)


hooks.sections.add(
    "kept", hooks.Section("kept", "cocreation/section_kept.html", kept_for, column="top", order=5)
)


def receipts_of(person: Person, at: datetime) -> dict[str, Any] | None:
    """For who takes part without an account: the receipts, the only way back to what they did. One query."""
    if not person.is_guest:
        return None
    mine = Contribution.objects.filter(author=person).select_related("process").order_by("-pk")
    return {
        "receipts": [(each, kinds.get(each.kind).words, each.get_absolute_url()) for each in mine[:RECEIPTS]]
    }


hooks.sections.add(
    "receipts",
    hooks.Section("receipts", "cocreation/section_receipts.html", receipts_of, column="top", order=7),
)

hooks.data_sections.add(
    "looked-up",
    hooks.Section(
        "looked-up",
        "cocreation/data_looked_up.html",
        lambda person, at: {"rows": four_eyes.looked_up(person)},
    ),
)


ACTS = 20


def acts_on(person: Person, at: datetime) -> dict[str, Any]:
    """What people of the city did with this person's data, the newest first: the audit, read by the one it is about. Not
    who of them, and not what two of them have not agreed on. Two queries."""
    open_ends = {f"{matter}.{step}" for matter in four_eyes.matters.slugs() for step in ("asked", "declined")}
    told, _next = audit.lines(None, about=person.pk, size=ACTS, without=open_ends)
    return {"rows": told}


hooks.data_sections.add("acts", hooks.Section("acts", "cocreation/data_acts.html", acts_on))


def groups_of(person: Person, at: datetime) -> dict[str, Any]:
    """The groups somebody belongs to. One query."""
    found = person.group_memberships.filter(ended_at__isnull=True).select_related("group__process")
    return {"memberships": list(found.order_by("since"))}


hooks.sections.add(
    "groups", hooks.Section("groups", "cocreation/section_groups.html", groups_of, column="side", order=30)
)


def place_names() -> dict[str, str]:
    return {place.slug: place.name for place in Place.objects.all()}


hooks.own_things.add("contributions", lambda person: Contribution.objects.filter(author=person).values("pk"))
hooks.own_files.add("files", files.added_by)

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
    files.forget_waiting_of(person)
    Contribution.objects.filter(author=person).update(author=None)
    Follow.objects.filter(person=person).delete()
    PendingAct.objects.of(person).delete()
    # The entry stays, so that nobody counts twice; whose it was is forgotten.
    Eligibility.objects.filter(person=person).update(person=None)
    GroupMembership.objects.filter(person=person).delete()
    RoleGrant.objects.filter(person=person).delete()
    Training.objects.filter(person=person).delete()
    # That it happened stays in the journal; why it was asked was about them.
    Approval.objects.filter(about=person).update(about=None, reason="–")


hooks.closing.add("cocreation", leave)


def resign(person: Person, at: datetime) -> None:
    """Roles that came back with a restored copy end, so that whoever was forgotten can be forgotten again."""
    RoleGrant.objects.filter(person=person).delete()


hooks.resigning.add("cocreation", resign)
