"""Questions about tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.hooks import needs_second_factor
from accounts.request import NEEDS_ACCOUNT
from accounts.tokens.models import Token
from groundwork.answer import Answer, No, Yes
from groundwork.webapi.scopes import FOR_STAFF

if TYPE_CHECKING:
    from accounts.models import Person

MOST = 20


def is_staff(person: Person) -> bool:
    """Whether the city asks this person for a second factor: then they have a role."""
    return any(asks(person) for asks in needs_second_factor)


def may_make(person: Person, scopes: Sequence[str], at: datetime) -> Answer:
    """An account, not too many of them, and the scopes of the city only for its people."""
    if person.is_guest:
        return NEEDS_ACCOUNT
    if set(scopes) & set(FOR_STAFF) and not is_staff(person):
        return No(_("These uses are for people of the city."))
    if Token.objects.valid(at).filter(person=person).count() >= MOST:
        return No(_("You have twenty already. Revoke one that you do not need any more."))
    return Yes()
