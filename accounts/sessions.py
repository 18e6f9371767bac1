"""Sessions in the database, read with a prepared query: it is the first one of every request of a signed-in person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from groundwork.prepared import Prepared

_living: Prepared[Session] = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key="?",
    now=datetime.max.replace(tzinfo=UTC),
)


# Set in the session of somebody who takes part without an account: when it was last prolonged (seconds since 1970).
GUEST = "guest_since"
GUEST_SECONDS = 12 * 3600


class SessionStore(DatabaseStore):
    """A guest's session ends with the browser, and twelve hours after it was last used."""

    def get_session_cookie_age(self) -> int:
        return GUEST_SECONDS if GUEST in self else super().get_session_cookie_age()

    def _get_session_from_db(self) -> Any:
        session = _living.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
