"""What the houses use: verbs to declare, `record` to write, `reader` to follow."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.core.cache import caches
from django.db import models, transaction

from groundwork.journal.models import Entry
from groundwork.registry import Registry
from groundwork.shared_pages import marks
from groundwork.shared_pages.breaker import open_, quietly

if TYPE_CHECKING:
    from groundwork.answer import Words

log = logging.getLogger("quartier.journal")


@dataclass(frozen=True, slots=True)
class Verb:
    """A thing that can happen: `slug` as "noun.happened", `label` for readers, whether anyone may read it.

    `adds`: it only adds to what pages show, or happens often and changes a number. Pages for visitors may come half a
    second later; with every other verb none is shown any more that was drawn before (groundwork/shared_pages).
    """

    slug: str
    label: Words
    public: bool = True
    adds: bool = False


verbs: Registry[Verb] = Registry("journal verb")


def declare(*new: Verb) -> None:
    for verb in new:
        verbs.add(verb.slug, verb)


class HasKey(Protocol):
    pk: Any


def _entry(
    verb: str,
    *,
    on: models.Model,
    at: datetime,
    by: HasKey | None = None,
    organisation: HasKey | None = None,
    process: HasKey | int | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    verbs.get(verb)  # a typo is an error here, not a silent new verb
    return Entry(
        verb=verb,
        subject_label=on._meta.label,
        subject_key=str(on.pk),
        process_id=process if isinstance(process, int) or process is None else process.pk,
        actor_id=by.pk if by is not None else None,
        organisation_id=organisation.pk if organisation is not None else None,
        at=at,
        data=data or {},
    )


def record(verb: str, **about: Any) -> Entry:
    """Write one entry inside the caller's transaction and wake the readers after its commit.

    What happens in a process with a key below zero, a dry run, did not happen: nothing is written of it.

    `on` the thing, `at` the moment, `by` the person, `organisation` acted for, `process` it belongs to (object or key),
    `data` facts without persons (JSON). KeyError for an undeclared verb.
    """
    entry = _entry(verb, **about)
    if _is_rehearsal(entry):
        return entry
    entry.save(force_insert=True)
    _pages_change([entry])
    wake_after_commit()
    return entry


def record_again(verb: str, *, key: int, at: datetime) -> Entry | None:
    """Write the newest entry of this verb about this thing once more, as of `at`: it happened, and is public only now."""
    first = Entry.objects.filter(verb=verb, subject_key=str(key)).order_by("-id").first()
    if first is None:
        return None
    again = Entry(
        verb=verb, subject_label=first.subject_label, subject_key=first.subject_key, process_id=first.process_id,
        actor_id=first.actor_id, organisation_id=first.organisation_id, at=at, data=first.data,
    )  # fmt: skip
    again.save(force_insert=True)
    _pages_change([again])
    wake_after_commit()
    return again


def record_many(entries: Iterable[dict[str, Any]]) -> int:
    """Write many entries at once: dictionaries with `verb` and the arguments of `record`. Returns how many."""
    made = Entry.objects.bulk_create(
        [entry for about in entries if not _is_rehearsal(entry := _entry(**about))], batch_size=2000
    )
    if made:
        _pages_change(made)
        wake_after_commit()
    return len(made)


def entry_from(source: str, verb: str, **about: Any) -> tuple[str, list[Any]]:
    """`insert into journal_entry … select … from <source>` and its parameters: for actions that are one SQL statement.

    One entry for every row of `source`, the same entry `record` would write. The action calls `wake_after_commit`.
    """
    entry = _entry(verb, **about)
    fields = [field for field in Entry._meta.local_fields if field.name in _WRITTEN]
    columns = ", ".join(str(field.column) for field in fields)
    holes = ", ".join(f"%s::{field.db_type(transaction.get_connection())}" for field in fields)
    values = [
        json.dumps(entry.data) if field.name == "data" else getattr(entry, field.attname) for field in fields
    ]
    source = f"{source} where false" if _is_rehearsal(entry) else source
    return f"insert into {Entry._meta.db_table} ({columns}) select {holes} from {source}", values  # noqa: S608 - names of columns


def _is_rehearsal(entry: Entry) -> bool:
    return entry.process_id is not None and entry.process_id < 0


_WRITTEN = {"verb", "subject_label", "subject_key", "process_id", "actor_id", "organisation_id", "at", "data"}


def _pages_change(entries: Iterable[Entry]) -> None:
    """Pages kept for visitors end with the commit; where something was only added, the reader of the journal sees to it."""
    for process in {entry.process_id for entry in entries if not verbs.get(entry.verb).adds}:
        marks.replace_after_commit(process)


def wake_after_commit() -> None:
    # One wake per transaction is enough. A broker that is down loses nothing: the periodic sweep reads the cursors.
    connection = transaction.get_connection()
    if any(function is wake for _, function, _ in connection.run_on_commit):
        return
    transaction.on_commit(wake)


def wake() -> None:
    """Send for the readers, unless somebody has and they have not begun yet: then they will read this, too. A hundred
    supports a second are some twenty messages, and telling the broker is a third of what a support costs."""
    from groundwork.journal.tasks import follow

    if not _first_to_wake():
        return
    try:
        follow.apply_async(retry=False)
    except Exception as error:  # the broker may be down; whatever it raises, the act itself is done
        log.warning("journal.wake_failed %s", error)
        readers_begin()


# Set while a message to the readers is on its way. One that was lost keeps others back for no longer than this (seconds).
_ON_ITS_WAY, _LOST = "journal:woken", 2


def _first_to_wake() -> bool:
    with quietly():
        return not open_() or caches["wakes"].add(_ON_ITS_WAY, 1, timeout=_LOST)
    return True  # nobody knows: once more does no harm


def readers_begin() -> None:
    """What is committed from here on needs another message. Before anything is read."""
    with quietly():
        if open_():
            caches["wakes"].delete(_ON_ITS_WAY)


@dataclass(frozen=True, slots=True)
class Reader:
    """Follows `seq`. `read(entries)` gets a batch in order, inside the transaction that moves its cursor.

    `from_now`: what happened before it read for the first time is none of its business.
    """

    name: str
    read: Callable[[list[Entry]], None]
    verbs: frozenset[str] | None = None
    from_now: bool = False


readers: Registry[Reader] = Registry("journal reader")


def reader(
    name: str, *, verbs: Iterable[str] | None = None, from_now: bool = False
) -> Callable[[Callable[[list[Entry]], None]], Any]:
    """Register a function as a reader: it is called with batches of sealed entries of these verbs (all when None)."""

    def decorate(read: Callable[[list[Entry]], None]) -> Callable[[list[Entry]], None]:
        readers.add(name, Reader(name, read, frozenset(verbs) if verbs is not None else None, from_now))
        return read

    return decorate
