"""When a guest turns out to have an account: nobody is told of one event twice, and the account's rhythms hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import hooks
from feedback.notices.models import Notice, Preference, Stopped, Wishes

if TYPE_CHECKING:
    from accounts.models import Person


def move(guest: Person, account: Person, at: datetime) -> None:
    told = Notice.objects.filter(person=account).values("entry_id")
    Notice.objects.filter(person=guest, entry_id__in=told).delete()
    for model in (Preference, Wishes, Stopped):
        model._default_manager.filter(person=guest).delete()


hooks.claiming.add("notices", move)
