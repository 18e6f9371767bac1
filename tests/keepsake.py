"""The world, built once per test process and put back for every test in a few milliseconds.

Building it takes nearly a thousand statements. What they leave is copied out of the first test's transaction, row by row,
and copied into those that follow, with triggers and foreign keys asleep: the rows passed them when they were made.

Between tests that want the same world it stays: in a transaction around theirs, each of which is undone to a savepoint
(`stand`, called before a test is set up; tests/conftest.py). A test that wants no world, or commits, finds an empty database.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.world import World, build_world
from tests.worlds.files import bring_back

WHOLE = "whole"
# Nobody reads the clock of a transaction, but nothing should grow for ever in one either.
SECONDS = 60.0

# By the name of the world: as bytes, so that every test gets objects that no other test has touched.
_kept: dict[str, tuple[bytes, list[tuple[str, bytes]]]] = {}


def world(build: Callable[[], World] = build_world, name: str = WHOLE) -> World:
    """A world of this test's own: the same people, processes and proposals, fresh objects. `name` says which one `build` makes."""
    if not _may_sleep():
        return build()
    _wanted[_here] = name
    if _standing is not None and _standing.name != name:
        _empty()
    if name not in _kept:
        with transaction.atomic():
            made = build()
            _keep(name, made)
        return made
    kept, rows = _kept[name]
    if _standing is None or _standing.name != name:
        _put(rows)
    again: World = pickle.loads(kept)
    bring_back(again)
    return again


def later(name: str, before: Callable[[], World], go_on: Callable[[World], Any]) -> World:
    """The world `before` gives, in which something more has happened: kept like any other."""
    if name in _kept or not _may_sleep():
        return world(lambda: _gone_on(before(), go_on), name)
    made = before()
    with transaction.atomic():
        _keep(name, _gone_on(made, go_on))
    _wanted[_here] = name
    return made


def _gone_on(world: World, go_on: Callable[[World], Any]) -> World:
    go_on(world)
    return world


def _keep(name: str, made: World) -> None:
    with connection.cursor() as cursor:
        rows = [(table, _copy_out(table)) for table in _dirty(cursor)]
    _kept[name] = (pickle.dumps(made), rows)


# --- less than a world ---

# By name: what `build` answered, and the rows it left.
_pieces: dict[Hashable, tuple[Any, list[tuple[str, bytes]]]] = {}


def piece(name: Hashable, build: Callable[[], Any]) -> Any:
    """What `build` writes, into the database of a test that has none of it yet: built once per process, copied in from then on.

    `build` only adds rows, those of one `name` always the same, and answers what can be pickled: keys, say, no objects. A row it
    would change is there twice when the copy comes, and the database refuses.
    """
    if not connection.in_atomic_block or not _may_sleep():
        return build()
    if name not in _pieces:
        with transaction.atomic(), connection.cursor() as cursor:
            # The number of this stretch: rows written from now on carry it or a higher one, those that are there a lower one.
            cursor.execute(
                "update django_content_type set model = model where id = (select min(id) from django_content_type)"
                " returning xmin::text::bigint"
            )
            (here,) = cursor.fetchone()
            new = f"where xmin::text::bigint >= {here}"
            answer = build()
            rows = [(table, _copy_out(table, new)) for table in _dirty(cursor, new)]
            transaction.set_rollback(True)
        _pieces[name] = (answer, rows)
    answer, rows = _pieces[name]
    _put(rows)
    return answer


def _put(rows: list[tuple[str, bytes]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for table, content in rows:
            _copy_in(table, content)
        cursor.execute("set local session_replication_role = origin")


# --- between tests ---


@dataclass
class _Standing:
    """A world that stays, in a transaction around the tests that want it."""

    name: str
    around: transaction.Atomic
    until: float


_standing: _Standing | None = None
may_stand = False
# By the file of a test: which world its tests asked for last. `_here` is the file of the running one.
_wanted: dict[str, str] = {}
_here = ""


def stand(here: str, wants_one: bool) -> None:
    """Before a test of this file is set up: the world its neighbours asked for stands, or none where it wants none."""
    global _standing, _here
    _here = here
    name = _wanted.get(here, WHOLE) if wants_one else ""
    if _standing is not None:
        if _standing.name == name and monotonic() < _standing.until and _is_sound():
            return
        fall()
    if name in _kept:
        around = transaction.atomic()
        around.__enter__()
        # Django lets a "durable" transaction begin inside those of its tests alone.
        around._from_testcase = True  # type: ignore[attr-defined]
        _standing = _Standing(name, around, monotonic() + SECONDS)
        _put(_kept[name][1])


def fall() -> None:
    """Undo the world that stands, if one does."""
    global _standing
    if _standing is None:
        return
    around, _standing = _standing.around, None
    if not _is_sound():
        connection.close()  # a transaction of a closed connection ends without a word
    transaction.set_rollback(True)
    around.__exit__(None, None, None)


def _is_sound() -> bool:
    return (
        len(connection.atomic_blocks) == 1 and not connection.closed_in_transaction and connection.is_usable()
    )


def _empty() -> None:
    """Another world stands than this test wants: its rows go, for this test."""
    with transaction.atomic(), connection.cursor() as cursor:
        _delete_all(cursor)
        cursor.execute("set local session_replication_role = origin")


def swept(case: Any) -> None:
    """Instead of Django's flush after a test that committed: it truncates every table, with all their indexes, and makes
    permissions anew; most tables are empty, and a few thousand rows are deleted in a hundredth of that time."""
    connection.close_if_unusable_or_obsolete()
    if not _may_sleep():
        _flush(case)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        _delete_all(cursor)


def _delete_all(cursor: Any) -> None:
    dirty = _dirty(cursor)
    cursor.execute("set local session_replication_role = replica")
    for table in dirty:
        cursor.execute(f"delete from {table}")


_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _dirty(cursor: Any, condition: str = "") -> list[str]:
    """The tables that hold rows."""
    cursor.execute(
        " union all ".join(
            f"select '{table}' where exists (select from {table} {condition})" for table in _tables()
        )
    )
    return [table for (table,) in cursor.fetchall()]


def _may_sleep() -> bool:
    """Only a superuser may put constraints to sleep; elsewhere the world is built anew."""
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    """Every table of the models except what migrations fill."""
    made_by_migrations = {"django_content_type", "auth_permission", "django_migrations"}
    tables = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    return sorted(tables - made_by_migrations)


def _columns(table: str) -> str:
    """The columns one may write: generated ones compute themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
            [table],
        )
        return str(cursor.fetchone()[0])


def _copy_out(table: str, condition: str = "") -> bytes:
    assert connection.connection is not None
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"copy (select {_columns(table)} from {table} {condition}) to stdout") as copy,
    ):
        return b"".join(bytes(piece) for piece in copy)


_statements: dict[str, str] = {}


def _copy_in(table: str, content: bytes) -> None:
    if table not in _statements:
        _statements[table] = f"copy {table} ({_columns(table)}) from stdin"
    assert connection.connection is not None
    with connection.connection.cursor() as cursor, cursor.copy(_statements[table]) as copy:
        copy.write(content)
