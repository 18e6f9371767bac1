"""Who is signed in: allauth's backend, asking for the person with a prepared query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person
from groundwork.prepared import Prepared

_person: Prepared[Person] = Prepared(lambda key: Person.objects.filter(pk=key), key=-1)


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        person = _person.first(key=int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None
