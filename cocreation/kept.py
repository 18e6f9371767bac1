"""What is the same for everybody is worked out once and kept until something happens in the process.

The key carries the newest journal entry of the process, so a change shows at once; and a stretch of twenty seconds, so
what only the clock changes is never older than that. Nothing personal may be kept: makers get no person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from django.core.cache import caches
from django.utils.translation import get_language

from groundwork.journal.models import Entry
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from cocreation.models import Process

T = TypeVar("T")
_newest: Prepared[int] = Prepared(
    lambda process: Entry.objects.filter(process_id=process).order_by("-id").values_list("id", flat=True)[:1],
    process=-1,
)
STRETCH = 20


def version_of(process: Process, at: datetime) -> str:
    """Changes when something happens in the process. One query on an index, none for a process of `find_process`.

    Of a dry run nothing is kept.
    """
    if process.is_dry_run:
        return f"{process.pk}:{uuid4()}"
    if hasattr(process, "newest_entry"):
        newest: int | None = process.newest_entry
    else:
        newest = _newest.first(process=process.pk)
    return f"{process.pk}:{newest or 0}:{int(at.timestamp()) // STRETCH}"


def keep(version: str, name: str, make: Callable[[], T]) -> T:
    key = f"process:{version}:{name}:{get_language()}"
    kept: T | None = caches["fragments"].get(key)
    if kept is None:
        kept = make()
        caches["fragments"].set(key, kept, STRETCH)
    return kept


def keep_on_page(process: Process, at: datetime, name: str, make: Callable[[], T]) -> T:
    """The same for a page that fetched the newest entry with its process; elsewhere asking for it would cost as much."""
    return keep(version_of(process, at), name, make) if hasattr(process, "newest_entry") else make()
