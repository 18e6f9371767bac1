"""When a guest turns out to have an account: one person supports a proposal once, and its number says so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from accounts import hooks
from groundwork.journal import api as journal
from proposals.models import Proposal, Support

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    """Where both support a proposal, one support remains and the counter goes down by one; the others move as they are."""
    doubled = set(Support.objects.filter(person=account).values_list("proposal", flat=True)) & set(
        Support.objects.filter(person=guest).values_list("proposal", flat=True)
    )
    if not doubled:
        return
    # Locked in the order of their keys, as everybody who changes several counters does.
    proposals = list(Proposal.objects.select_for_update(of=("self",)).filter(pk__in=doubled).order_by("pk"))
    Support.objects.filter(person=guest, proposal__in=doubled).delete()
    Proposal.objects.filter(pk__in=doubled).update(supports=F("supports") - 1)
    journal.record_many(
        {"verb": "support.withdrawn", "by": guest, "on": proposal, "process": proposal.process_id, "at": at}
        for proposal in proposals
    )


hooks.claiming.add("proposals", move)
