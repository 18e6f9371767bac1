"""How often: reads and writes of a token (a person, an address) in one minute. Counted in the cache; without it nobody waits."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.webapi.problems import Problem

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Count:
    """Where one stands in this minute."""

    most: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
        }


def count(who: str, *, writes: bool) -> Count:
    """One more. Raises Problem 429 beyond the most."""
    most = settings.API_WRITES_A_MINUTE if writes else settings.API_READS_A_MINUTE
    now = int(time.time())
    seconds = WINDOW - now % WINDOW
    # Addresses are not kept, not even for a minute: only what no one can turn back into one.
    name = salted_hmac("webapi.limits", who, algorithm="sha256").hexdigest()[:32]
    key = f"webapi:{'w' if writes else 'r'}:{now // WINDOW}:{name}"
    try:
        cache.add(key, 0, WINDOW + 5)
        used = int(cache.incr(key))
    except Exception:
        logger.warning("webapi.limits_not_counted")
        return Count(most, most, seconds)
    if used > most:
        words = format_lazy(
            _("More than {most} requests in one minute. Go on in {n} seconds."), most=most, n=seconds
        )
        found = Count(most, 0, seconds)
        raise Problem(429, words, headers={"Retry-After": str(seconds), **found.headers()})
    return Count(most, most - used, seconds)


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
