"""Guessing is made slow: so many wrong tries, then a pause, and the pause says until when.

Counted per process and way, for the account or the session and for the network address, in the cache: nothing of it is
kept longer than the pause, and an address stands there as a keyed hash.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No, Yes, late
from groundwork.html import say

PAUSE = timedelta(minutes=15)
# An address may stand for a whole school or office.
TRIES = {"account": 5, "session": 5, "address": 20}


def _keys(process: int, way: str, who: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    found = []
    for kind, name in who:
        if name:
            message = f"{process}:{way}:{kind}:{name}".encode()
            digest = hmac.digest(settings.SECRET_KEY.encode(), message, sha256).hex()
            found.append((f"checks:tries:{digest}", TRIES[kind]))
    return found


def may_try(process: int, way: str, who: Iterable[tuple[str, str]], at: datetime) -> Answer:
    """Before looking anything up: whether one more try is free."""
    for key, most in _keys(process, way, who):
        tries, until = cache.get(key, 0), cache.get(f"{key}:until")
        if tries >= most and until and until > at.timestamp():
            free = datetime.fromtimestamp(until, UTC)
            return No(
                format_lazy(
                    _("Those were too many tries. Please try again at {time}."),
                    time=late(partial(say.clock, free)),
                ),
                _("The citizens' office can help you at once."),
            )
    return Yes()


def wrong(process: int, way: str, who: Iterable[tuple[str, str]], at: datetime) -> None:
    """A try that found nothing."""
    seconds = int(PAUSE.total_seconds())
    for key, most in _keys(process, way, who):
        cache.add(key, 0, seconds)
        try:
            tries = cache.incr(key)
        except ValueError:  # it ended between the two
            cache.set(key, tries := 1, seconds)
        if tries >= most:
            cache.set(f"{key}:until", at.timestamp() + seconds, seconds)
            cache.touch(key, seconds)


def right(process: int, way: str, who: Iterable[tuple[str, str]]) -> None:
    """Somebody was found: they start anew; their address does not, or one good code would buy a thousand guesses."""
    own = [(kind, name) for kind, name in who if kind != "address"]
    for key, _most in _keys(process, way, own):
        cache.delete_many([key, f"{key}:until"])
