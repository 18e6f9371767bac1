"""Many write into the journal at once, and whoever reads it is killed without warning, again and again.

Writers are threads with random pauses inside their transactions, some of which are rolled back. Readers are processes; each
writes down what it read in the transaction that moves its cursor. They are started and killed (`kill -9`) by a process of
their own, so that nothing forks beside threads. In the end every committed entry was read exactly once by each reader.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from groundwork.journal import api as journal
from groundwork.journal import follow
from groundwork.journal.api import Reader, readers
from groundwork.journal.models import Entry
from groundwork.journal.sealer import seal, verify

AT = datetime(2027, 5, 3, 12, tzinfo=UTC)
NAMES = ("crowded-1", "crowded-2")


@dataclass
class Outcome:
    """What came of a run. `skipped` and `doubled` count entries over all readers; `broken` is where the chain breaks."""

    committed: int = 0
    rolled_back: int = 0
    kills: int = 0
    skipped: int = 0
    doubled: int = 0
    broken: int | None = None
    errors: list[BaseException] = field(default_factory=list)


def run(thing: Any, *, writers: int, entries: int, seed: int, pause: float = 0.002) -> Outcome:
    """So many writers, each so many entries. Leaves the entries in the journal and takes its own table away again."""
    found = Outcome()
    with _effects(), _registered():
        first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        connection.close()
        with _killed_readers(found, seed):
            threads = [
                threading.Thread(
                    target=_write, args=(thing, entries, random.Random(seed * 100 + n), pause, found)
                )
                for n in range(writers)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        _read_on()
        keys = list(
            Entry.objects.filter(pk__gt=first, subject_label=thing._meta.label).values_list("pk", flat=True)
        )
        found.committed = len(keys)
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), count(distinct (reader, entry)) from crowded_effect where entry = any(%s)",
                [keys],
            )
            rows, distinct = cursor.fetchone()
        found.doubled, found.skipped = rows - distinct, len(NAMES) * len(keys) - distinct
        found.broken = verify()
    return found


def _write(thing: Any, entries: int, dice: random.Random, pause: float, found: Outcome) -> None:
    try:
        for number in range(entries):
            try:
                with transaction.atomic():
                    for _several in range(dice.choice((1, 1, 3))):
                        journal.record("process.changed", on=thing, at=AT, data={"n": number})
                        time.sleep(dice.random() * pause)
                    if dice.random() < 0.1:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                found.rolled_back += 1
    except BaseException as error:
        found.errors.append(error)
    finally:
        connection.close()


# --- readers ---


@contextmanager
def _effects() -> Iterator[None]:
    """Where readers write down what they read; nothing in it refuses a double."""
    with connection.cursor() as cursor:
        cursor.execute("create table crowded_effect (reader text, entry bigint)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table crowded_effect")


@contextmanager
def _registered() -> Iterator[None]:
    with readers.temporarily(NAMES[0], _reader(NAMES[0])), readers.temporarily(NAMES[1], _reader(NAMES[1])):
        yield


def _reader(name: str) -> Reader:
    def read(entries: list[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into crowded_effect select %s, unnest(%s::bigint[])",
                [name, [each.pk for each in entries]],
            )

    return Reader(name, read)


def _read_on() -> None:
    seal()
    for name in NAMES:
        while follow._step(readers.get(name)):
            pass


def _child(work: Callable[[], None]) -> int:
    """A process of its own with connections of its own: those of a thread are nobody else's. Never returns in the child."""
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        os._exit(0)


def _read_for_ever() -> None:
    while True:
        _read_on()
        time.sleep(0.001)


@contextmanager
def _killed_readers(found: Outcome, seed: int) -> Iterator[None]:
    """Two processes read and seal; at random moments one of them is killed and another one takes its place."""
    stop_read, stop_write = os.pipe()
    told_read, told_write = os.pipe()
    dice = random.Random(seed)

    def supervise() -> None:
        os.close(stop_write)
        os.set_blocking(stop_read, False)
        running = [_child(_read_for_ever) for _each in range(2)]
        while not _ended(stop_read):
            time.sleep(0.02 + dice.random() * 0.08)
            victim = dice.randrange(2)
            os.kill(running[victim], signal.SIGKILL)
            os.waitpid(running[victim], 0)
            os.write(told_write, b"k")
            running[victim] = _child(_read_for_ever)
        for each in running:
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)

    pid = os.fork()
    if not pid:
        try:
            supervise()
        finally:
            os._exit(0)
    os.close(stop_read)
    os.close(told_write)
    try:
        yield
    finally:
        os.close(stop_write)
        while kills := os.read(told_read, 4096):
            found.kills += len(kills)
        os.close(told_read)
        os.waitpid(pid, 0)


def _ended(pipe: int) -> bool:
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        return False
