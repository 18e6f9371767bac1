"""A reading copy of the database, where a city has one: who reads from it, how far it has come, and who must not wait.

Only a visitor's GET reads from the copy; everything with a session, every write and every job uses the database itself,
so that people find at once what they did. A visitor's page that has to show a change, or that follows a visitor's own
write, reads from the copy only when it has replayed the log that far; else from the database itself.

While the database itself is away a visitor's page is read from the copy, too, whether or not the copy is connected: it only has
to have got as far as the marks say, and while nobody can write nothing else happens that it could miss.

Positions in the write-ahead log are numbers of bytes since the database was made. Settings: DATABASE_REPLICA_URL.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections

log = logging.getLogger("quartier.replica")

ALIAS = "replica"
# How long a known position is believed (it only grows), how long a copy that failed is left alone, and how long it may
# have heard nothing from the database before its pages count as old.
ASK_AGAIN, REST, SILENCE = 0.2, 2.0, 15
# For how long visitors do not try a database again that was away.
AWAY = 1.0

_reading: ContextVar[bool] = ContextVar("reading from the copy", default=False)


class Copy:
    """What this process knows of the copy."""

    def __init__(self) -> None:
        # How far it is known to be while it is connected; -1: not connected. And how far it is in any case.
        self.position = self.replayed = -1
        self.asked = 0.0
        self.rests_until = 0.0
        # Until when the database itself counts as away.
        self.stands_in_until = 0.0

    def stands_in(self, needed: int) -> bool:
        """Whether it can answer for a database that is away: it is there and has got as far as `needed`."""
        try:
            self._ask()
        except DatabaseError as error:
            self.failed(error)
            return False
        return self.replayed >= needed

    def has_replayed(self, needed: int) -> bool:
        """Whether it is there, connected to the database, and has got as far as `needed`."""
        now = monotonic()
        if now < self.rests_until:
            return False
        if now - self.asked > ASK_AGAIN or self.position < needed:
            try:
                self._ask()
            except DatabaseError as error:
                self.failed(error)
                return False
        return self.position >= needed

    def failed(self, error: BaseException) -> None:
        log.warning("replica.away %s", type(error).__name__)
        self.position = self.replayed = -1
        self.rests_until = monotonic() + REST
        connections[ALIAS].close()

    def _ask(self) -> None:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "select coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, -1)::bigint, coalesce((select status ="
                " 'streaming' and last_msg_receipt_time > now() - make_interval(secs => %s) from pg_stat_wal_receiver), false)",
                [SILENCE],
            )
            position, connected = cursor.fetchone()
        self.asked, self.replayed = monotonic(), position
        if not connected:
            self.rests_until = monotonic() + REST
            log.warning("replica.disconnected")
        self.position = position if connected else -1


copy = Copy()


def exists() -> bool:
    return ALIAS in settings.DATABASES


def written_to() -> str:
    """The position up to which the database has written now; empty where there is no copy. One query where there is."""
    if not exists():
        return ""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")
        (position,) = cursor.fetchone()
    return str(position)


def position_of(marks: Iterable[str]) -> int:
    """The furthest position any of these marks carries."""
    return max((int(found) for mark in marks if (found := mark.partition(":")[0])), default=0)


class Router:
    """For settings.DATABASE_ROUTERS. Inside a transaction everything belongs to the database itself."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        if _reading.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return ALIAS
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _reading.set(False)  # from here on this request reads what it wrote
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != ALIAS


@contextmanager
def _from_the_copy(failures: list[BaseException]) -> Iterator[None]:
    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            return execute(sql, params, many, context)
        except (OperationalError, InterfaceError) as error:
            failures.append(error)
            raise

    token = _reading.set(True)
    try:
        with connections[ALIAS].execute_wrapper(watch):
            yield
    finally:
        _reading.reset(token)


def read_by(get_response: Callable[[Any], Any], request: Any, marks: Iterable[str] | None) -> Any:
    """The answer to a visitor's GET, from the copy where that is new enough. `marks`: what the answer must not be older
    than; None: not known, so the database itself answers. A copy that fails on the way is not noticed by the visitor, and
    neither is a database that is away while the copy is new enough."""
    if marks is None or not exists():
        return get_response(request)
    needed = position_of(marks)
    if copy.has_replayed(needed):
        response, failures = _read_from_the_copy(get_response, request)
        if not failures:
            return response
        copy.failed(failures[0])
    if monotonic() >= copy.stands_in_until:
        lost = _lost_database.set([])
        try:
            response = get_response(request)
            if not _lost_database.get():
                return response
        except (OperationalError, InterfaceError):
            if not copy.stands_in(needed):
                raise
            response = None
        finally:
            _lost_database.reset(lost)
        copy.stands_in_until = monotonic() + AWAY
        log.warning("replica.stands_in")
    else:
        response = None
    if copy.stands_in(needed):
        instead, failures = _read_from_the_copy(get_response, request)
        if not failures:
            return instead
        copy.failed(failures[0])
    return get_response(request) if response is None else response


def _read_from_the_copy(get_response: Callable[[Any], Any], request: Any) -> tuple[Any, list[BaseException]]:
    """(the answer, what failed of the copy on the way); with a failure the answer is worth nothing."""
    failures: list[BaseException] = []
    response = None
    try:
        with _from_the_copy(failures):
            response = get_response(request)
    except (OperationalError, InterfaceError) as error:
        failures.append(error)
    return response, failures


# Errors that mean that the database is away, of the request that is being answered.
_lost_database: ContextVar[list[BaseException] | None] = ContextVar("the database is away", default=None)


def _note(sender: Any, **kwargs: Any) -> None:
    """Django made a page of an error before anybody could catch it."""
    noted, error = _lost_database.get(), sys.exception()
    if noted is not None and isinstance(error, OperationalError | InterfaceError):
        noted.append(error)


got_request_exception.connect(_note, dispatch_uid="groundwork.replica")
