"""What is said to the windows that are open on a draft, in whichever process they are connected; and who is there.

Redis carries it. Where it is away nothing is lost: the database has every update, and windows ask again by themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache

log = logging.getLogger("quartier.cowriting")

# Who is there is known for so many seconds; an open window says it again before.
THERE = 50


def group(key: str) -> str:
    return f"draft.{key}"


def tell_update(key: str, update: bytes) -> None:
    _tell(key, {"type": "draft.update", "update": update, "sender": ""})


def tell_over(key: str, kind: str) -> None:
    _tell(key, {"type": "draft.over", "kind": kind})


def _tell(key: str, event: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group(key), event)
    except Exception:  # whatever the layer or its connection raises: the change itself is saved
        log.warning("the windows of a shared draft were not told", exc_info=True)


# --- who is there: a note in the cache that goes by itself, never in the database ---


def is_there(key: str, person: int) -> None:
    cache.set(_note(key, person), True, THERE)


def is_gone(key: str, person: int) -> None:
    cache.delete(_note(key, person))


def there(key: str, people: Iterable[int]) -> set[int]:
    """Of these people the ones who have the draft open."""
    notes = {_note(key, person): person for person in people}
    try:
        return {notes[note] for note in cache.get_many(notes)}
    except OSError:
        return set()


def _note(key: str, person: int) -> str:
    return f"cowriting:{key}:{person}"
