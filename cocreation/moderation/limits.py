"""How many reports come from one network in a day. Counted in the cache under a keyed hash of address and day: no address
is written anywhere, and nothing of the count is left the day after."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No, Yes

# An address may stand for a whole school or office.
MOST = 10
A_DAY = 24 * 3600


def _key(address: str, at: datetime) -> str:
    message = f"{at.date().isoformat()}:{address}".encode()
    return f"moderation:reports:{hmac.digest(settings.SECRET_KEY.encode(), message, sha256).hex()}"


def may_send(address: str, at: datetime) -> Answer:
    if address and cache.get(_key(address, at), 0) >= MOST:
        return No(
            _(
                "Many reports came from your network today. Please sign in to report more, or try again tomorrow."
            ),
            _("Sign in"),
            "account_login",
        )
    return Yes()


def sent(address: str, at: datetime) -> None:
    if not address:
        return
    key = _key(address, at)
    cache.add(key, 0, A_DAY)
    try:
        cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, A_DAY)
