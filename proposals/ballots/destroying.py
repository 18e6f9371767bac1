"""The end of a vote's secrets: two people destroy its key and its pepper, once the result is public and nobody needs them.

From then on no backup, no dump and no court can tell whose a ballot was (REQ-31).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cocreation import four_eyes, roles
from cocreation.models import Approval
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.ballots import keys
from proposals.ballots.manifest import KEYS
from proposals.ballots.models import Tally, Vote

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def confirm_destruction(*, vote: Vote, by: Person, at: datetime) -> bool:
    """The first of the two asks, the second does it. Whether the keys are destroyed now. Refused before the result is
    public, by the same person twice, and when it is done."""
    vote = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    require(roles.may_configure(by, vote.phase.process))
    _must_be_due(vote)
    first = Approval.objects.open().on(KEYS, vote).first()
    if first is None:
        four_eyes.ask(
            what=KEYS, on=vote, process=vote.phase.process, reason=_("The result is public."), by=by, at=at
        )
        return False
    if first.asked_by_id == by.pk:
        raise Refused(No(gettext_lazy("You have confirmed already. The second one has to be somebody else.")))
    four_eyes.approve(approval=first, by=by, at=at)
    return True


def _must_be_due(vote: Vote) -> None:
    if vote.keys_destroyed_at is not None:
        raise Refused(No(gettext_lazy("The keys of this vote are destroyed already.")))
    if not Tally.objects.published().filter(pk=vote.pk).exists():
        raise Refused(No(gettext_lazy("The keys are needed until the result is public.")))


def destroy(approval: Approval, by: Person, at: datetime) -> None:
    """What happens when the second person agrees: the moment is stored, then, after the commit, the file is gone."""
    vote = (
        Vote.objects.select_for_update(of=("self",)).select_related("phase").get(pk=int(approval.subject_key))
    )
    _must_be_due(vote)
    vote.keys_destroyed_at = at
    vote.save(update_fields=["keys_destroyed_at"])
    journal.record("vote.keys_destroyed", by=by, on=vote, process=vote.phase.process_id, at=at)
    transaction.on_commit(lambda: keys.forget(vote.pk, vote.public_key))


def first_confirmations(votes: list[Vote]) -> dict[int, Approval]:
    """By vote: who was the first of the two. One query."""
    found = Approval.objects.open().filter(
        what=KEYS, subject_label=Vote._meta.label, subject_key__in=[str(vote.pk) for vote in votes]
    )
    return {int(each.subject_key): each for each in found.select_related("asked_by")}


def waiting(person: Person) -> QuerySet[Vote]:
    """Published votes whose secrets still exist, where this person sets up processes."""
    scope = roles.roles_of(person).configures
    if not scope:
        return Vote.objects.none()
    return (
        Vote.objects.filter(
            scope.narrow("phase__process__"),
            tally__published_at__isnull=False,
            public_key__isnull=False,
            keys_destroyed_at__isnull=True,
        )
        .select_related("phase__process")
        .order_by("counted_at")
    )
