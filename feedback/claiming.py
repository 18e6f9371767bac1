"""When a guest turns out to have an account: one answer to "does it work?" and "was it helpful?" each, the account's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import hooks
from feedback.actions import recount_opinions
from feedback.models import Helpful, Opinion

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    answered = Opinion.objects.filter(person=account).values("commitment")
    doubled = Opinion.objects.filter(person=guest, commitment__in=answered)
    commitments = sorted(doubled.values_list("commitment", flat=True))
    doubled.delete()
    for commitment in commitments:
        recount_opinions(commitment, at)
    heard = Helpful.objects.filter(person=account).values("answer")
    Helpful.objects.filter(person=guest, answer__in=heard).delete()


hooks.claiming.add("feedback", move)
