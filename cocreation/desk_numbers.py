"""The numbers in the menu of the desk: two dozen queries, on every page of it, so they are kept for a moment.

They hold until the journal has a new entry, until the person whose menu it is changes something, and for twenty seconds
at most: what has no entry (a job that failed, a date that passed) is never shown later than that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from groundwork.journal.models import Entry
from groundwork.prepared import Prepared
from groundwork.shared_pages import breaker, marks

if TYPE_CHECKING:
    from accounts.models import Person

# The slug of a queue -> how much waits in it (None: not counted), and whether some of it is overdue.
Numbers = dict[str, tuple[int | None, bool]]
PREFIX = "desk:"
STRETCH = 20
_newest: Prepared[int] = Prepared(lambda: Entry.objects.order_by("-id").values_list("id", flat=True)[:1])


def kept(person: Person, at: datetime, wanted: set[str], count: Callable[[], Numbers]) -> Numbers:
    """What is kept of the `wanted` queues for this person, or what `count` says now. One query, and those of `count`."""
    if not breaker.open_():
        return count()
    newest = _newest.first() or 0
    with breaker.quietly():
        before = marks.cache().get(f"{PREFIX}{person.pk}")
        if before is not None:
            entry, counted_at, numbers = before
            if (
                entry == newest
                and 0 <= (at - counted_at).total_seconds() < STRETCH
                and wanted <= numbers.keys()
            ):
                return dict(numbers)
    numbers = count()
    with breaker.quietly():
        marks.cache().set(f"{PREFIX}{person.pk}", (newest, at, numbers), STRETCH)
    return numbers


def forget(person: Person) -> None:
    """Count anew: this person has just done something."""
    with breaker.quietly():
        marks.cache().delete(f"{PREFIX}{person.pk}")
