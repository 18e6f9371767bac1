"""When a guest turns out to have an account: one person supports a proposal once, and its number says so. When an account
closes: what it wrote stays, without its name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Coalesce

from accounts import hooks
from groundwork.journal import api as journal
from proposals.hands import settle
from proposals.models import Authorship, Proposal, Support, TakeOver, TextDraft

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    """Where both support a proposal, one support remains and the counter goes down by one; the others move as they are."""
    _one_hand(guest, account, at)
    doubled = set(Support.objects.filter(person=account).values_list("proposal", flat=True)) & set(
        Support.objects.filter(person=guest).values_list("proposal", flat=True)
    )
    if not doubled:
        return
    # Locked in the order of their keys, as everybody who changes several counters does.
    proposals = list(Proposal.objects.select_for_update(of=("self",)).filter(pk__in=doubled).order_by("pk"))
    # Whoever pressed the button here, or kept it after a change, did so for good: that outlives a support that was carried.
    theirs = Support.objects.filter(person=guest, proposal__in=doubled)
    pressed, kept = theirs.filter(via=None), theirs.filter(renewed_at__isnull=False)
    same = Support.objects.filter(person=account)
    same.filter(proposal__in=list(pressed.values_list("proposal", flat=True))).update(via=None)
    same.filter(renewed_at=None, proposal__in=list(kept.values_list("proposal", flat=True))).update(
        renewed_at=at
    )
    Support.objects.filter(person=guest, proposal__in=doubled).delete()
    Proposal.objects.filter(pk__in=doubled).update(supports=F("supports") - 1)
    journal.record_many(
        {"verb": "support.withdrawn", "by": guest, "on": proposal, "process": proposal.process_id, "at": at}
        for proposal in proposals
    )


hooks.claiming.add("proposals", move)


def _one_hand(guest: Person, account: Person, at: datetime) -> None:
    """Where both are authors or invited, the account is, and leads where the guest did."""
    mine = Authorship.objects.filter(declined_at__isnull=True, left_at__isnull=True)
    doubled = list(mine.filter(person=guest, proposal__in=mine.filter(person=account).values("proposal")))
    for hand in doubled:
        mine.filter(pk=hand.pk).update(left_at=at, lead_offered_at=None)
        if hand.role == Authorship.Role.LEAD:
            kept = mine.filter(person=account, proposal=hand.proposal_id)
            kept.update(
                role=Authorship.Role.LEAD, accepted_at=Coalesce("accepted_at", at), lead_offered_at=None
            )


def leave(person: Person, at: datetime) -> None:
    """The name goes everywhere. Where somebody else writes too, the one who has longest takes the lead; where nobody is
    left, the proposal looks for new authors."""
    hands = list(Authorship.objects.standing().filter(person=person).order_by("proposal"))
    keys = [hand.proposal_id for hand in hands]
    locked = Proposal.objects.select_for_update(of=("self",)).without_vector().filter(pk__in=keys)
    proposals = {proposal.pk: proposal for proposal in locked.order_by("pk")}
    Authorship.objects.filter(person=person).update(
        person=None, left_at=Coalesce("left_at", at), lead_offered_at=None
    )
    for hand in hands:
        settle(proposals[hand.proposal_id], hand, at)
    TakeOver.objects.filter(person=person, decided_at__isnull=True).update(decided_at=at)
    TakeOver.objects.filter(person=person).update(person=None)
    TextDraft.objects.filter(person=person).delete()


hooks.closing.add("proposals", leave)
