"""The shared cache may be away: nothing waits for it twice, and nothing fails because of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from redis.exceptions import RedisError

log = logging.getLogger("quartier.pages")

REST = 2.0  # seconds without another try after it did not answer
_until = 0.0


def open_() -> bool:
    """Whether to ask the cache at all."""
    return monotonic() >= _until


@contextmanager
def quietly() -> Iterator[None]:
    """A cache that does not answer ends this block, is noted once, and is left alone for a moment."""
    global _until
    try:
        yield
    except (RedisError, OSError) as error:
        if monotonic() >= _until:
            log.warning("pages.cache_away %s", type(error).__name__)
        _until = monotonic() + REST


def mend() -> None:
    """Ask again at once (tests)."""
    global _until
    _until = 0.0
