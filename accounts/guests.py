"""Taking part without an account: somebody the city knows for the length of a visit, and no longer than they want.

A guest is a `Person` like everybody else, so that every act, rule and receipt works for them; but without an address, a
password or a role, never written to, and signed in by nothing but this browser (guest_session.py). They can become an account until they say
"I am finished" (accounts/claiming.py).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, override

from accounts.hooks import claimed
from accounts.models import Person
from accounts.queries import places, pointers_at_people

NO_MAILBOX = "@account.invalid"
IDLE = timedelta(days=2)


def has_no_mailbox(email: str) -> bool:
    """Addresses of guests and of closed accounts lead nowhere."""
    return email.lower().endswith(NO_MAILBOX)


def make_guest(*, language: str, at: datetime, public_name: str = "", place: str = "") -> Person:
    """Somebody without an account, under the name they chose or as "Someone from <place>" in their language."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    name = " ".join(public_name.replace("\x00", "").split())[:80]
    with override(known):
        somewhere = places().get(place) or settings.CITY_NAME
        guest = Person(
            is_guest=True,
            email=f"guest-{uuid.uuid4()}{NO_MAILBOX}",
            public_name=name or gettext("Someone from %(place)s") % {"place": somewhere},
            language=known,
            joined_at=at,
        )
    guest.set_unusable_password()
    guest.full_clean(exclude=["password"])
    guest.save(force_insert=True)
    return guest


def tell_claimed(person: Person, at: datetime) -> None:
    for follow_up in claimed:
        follow_up(person, at)


def forget_idle(at: datetime) -> int:
    """Delete guests who came two days ago or longer, did nothing that is kept, and are gone. Returns how many."""
    idle = Person.objects.filter(is_guest=True, joined_at__lte=at - IDLE)
    for pointer in pointers_at_people():
        model: Any = pointer.related_model
        idle = idle.exclude(Exists(model._base_manager.filter(**{pointer.field.name: OuterRef("pk")})))
    return idle.delete()[0]
