"""Who is signed in: allauth's backend, asking for the person with a prepared query, and with it what pages want to know of
them (`hooks.asked_with_person`): each query of its own would cost a page as much as a dozen of its lines."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts import hooks
from accounts.models import Person
from accounts.request import ASKED
from groundwork.prepared import Prepared

_person: Prepared[Person] = Prepared(
    lambda key: Person.objects.filter(pk=key).annotate(
        **{f"{ASKED}{slug}": hooks.asked_with_person.get(slug)() for slug in hooks.asked_with_person.slugs()}
    ),
    key=-1,
)


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        person = _person.first(key=int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None
