"""One person says once what they think of a design, also where a guest turns out to have an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import hooks
from proposals.variants.models import Preference

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    """Where both said something, what the account said stays."""
    theirs = Preference.objects.filter(person=account).values("variant")
    Preference.objects.filter(person=guest, variant__in=theirs).delete()


hooks.claiming.add("variants", move)
