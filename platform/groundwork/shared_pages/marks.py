"""What says whether a kept page still holds: marks in the shared cache, which a change replaces.

A page of a process stands under the marks of that process, any other under those of the whole city. Each has two: the
*strict* one is replaced when something may have left the pages, and no page outlives it by a moment; the *plain* one when
something was added, and pages may show that up to `COALESCE` later, so that a hundred supports a second do not undo the
cache. A third, over everything, belongs to events outside processes.

    strict:city  plain:city  strict:17  plain:17  everything

A mark is "<position in the log of the database>:<chance>". The position lets a reading copy of the database tell whether
it has got that far (groundwork/replica.py); it is empty where there is none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import BaseCache, caches
from django.db import transaction

from groundwork import replica
from groundwork.shared_pages.breaker import quietly

log = logging.getLogger("quartier.pages")

CITY = "city"
EVERYTHING = "everything"
# Carries the position of the last write of somebody without a session.
VISITORS = "visitors"
# A page that only lacks what was added may still be shown when it is younger than this (seconds).
COALESCE = 0.5
KEEP_SECONDS = 24 * 3600


def cache() -> BaseCache:
    return caches["pages"]


def names_for(process: int | None) -> tuple[str, str, str]:
    """(strict, plain, everything) under which a page of this process stands; None is a page about the city."""
    about = CITY if process is None else str(process)
    return f"strict:{about}", f"plain:{about}", EVERYTHING


def read(names: Iterable[str]) -> dict[str, str]:
    """The marks as they are now; one that is missing is made. Raises what the cache raises."""
    wanted = list(names)
    found: dict[str, str] = cache().get_many(wanted)
    for name in wanted:
        if name not in found:
            # Two may find it missing at once: the first one's stays.
            found[name] = str(cache().get_or_set(name, f":{_chance()}", KEEP_SECONDS))
    return found


def replace(changes: Iterable[tuple[int | None, bool]]) -> None:
    """Pages of these (process, strictly) no longer hold. Raises what the cache raises."""
    mark, names = _new_mark(), set()
    for process, strictly in changes:
        kind = "strict" if strictly else "plain"
        if process is None:
            names |= {EVERYTHING, f"{kind}:{CITY}"}
        else:
            names |= {f"{kind}:{process}", f"{kind}:{CITY}"}
    if names:
        cache().set_many(dict.fromkeys(names, mark), KEEP_SECONDS)


def visitor_wrote() -> None:
    """A visitor's next page is not read from a copy of the database that does not have this yet."""
    if replica.exists():
        with quietly():
            cache().set(VISITORS, _new_mark(), KEEP_SECONDS)


def replace_after_commit(process: int | None) -> None:
    """Strictly, as soon as the change is there for everybody. Where the cache does not answer, the reader of the journal
    does it again (manifest.py), and no page lives longer than `LIFE`."""

    connection = transaction.get_connection()
    here = set(connection.savepoint_ids)
    if not any(
        function == _Replace(process) and here == of for of, function, _robust in connection.run_on_commit
    ):
        transaction.on_commit(_Replace(process), robust=True)  # once for each process and transaction


@dataclass(frozen=True)
class _Replace:
    process: int | None

    def __call__(self) -> None:
        with quietly():
            replace([(self.process, True)])


def _new_mark() -> str:
    return f"{replica.written_to()}:{_chance()}"


def _chance() -> str:
    return uuid4().hex[:16]
