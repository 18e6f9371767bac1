"""The tables of a new city in one step: `schema.sql` is what all migrations up to now leave behind.

`migrate` on an empty database reads it and goes on with the migrations that are newer; half a minute becomes a second. A city that
stands never reads it. `python3 dev.py schema` writes it anew, `python3 dev.py schema --check` compares it with the migrations.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from groundwork.backup import tools

FILE = Path(__file__).with_name("schema.sql")
MIGRATION = re.compile(r"^-- migration (\w+) (\w+)$", re.M)
# Django fills these itself after every `migrate`, in an order of its own.
FILLED_AFTERWARDS = ("django_migrations", "django_content_type", "auth_permission")
# What pg_dump says of the connection and to psql; comments.
NOISE = re.compile(r"^(SET |SELECT pg_catalog\.set|\\|--)")


def load(connection: BaseDatabaseWrapper, file: Path = FILE) -> bool:
    """Make the tables from the file; False, and nothing done, where it does not fit.

    It fits an empty database and a program that has every migration of the file: without a room, the migrations do it.
    """
    if not file.exists() or not _is_empty(connection):
        return False
    text = file.read_text(encoding="utf-8")
    contained = MIGRATION.findall(text)
    if not set(contained) <= MigrationLoader(None).disk_migrations.keys():
        return False
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # Functions may name tables that come further below.
        cursor.execute("set local check_function_bodies = off")
        cursor.execute(text)
        recorder = MigrationRecorder(connection)
        for app, name in contained:
            recorder.record_applied(app, name)
    return True


def _is_empty(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def text(connection: BaseDatabaseWrapper) -> str:
    """The tables of this database as the file holds them."""
    heading = "-- Written by `python3 dev.py schema`: what the migrations below leave behind.\n"
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return (
        heading
        + "".join(f"-- migration {app} {name}\n" for app, name in applied)
        + "\n"
        + _tables(connection)
    )


def _tables(connection: BaseDatabaseWrapper) -> str:
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]
    left_out = [f"--exclude-table-data=public.{table}" for table in FILLED_AFTERWARDS]
    dump = subprocess.run(  # noqa: S603
        [tools.folder(server) / "pg_dump", "--no-owner", "--no-privileges", "--no-comments", "--no-password", "--inserts", *left_out],
        env=tools.environment(),
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    return "\n".join(_statements(dump.stdout)) + "\n"


def _statements(dump: str) -> Iterator[str]:
    """Lines of the dump without its noise, and no two empty ones in a row."""
    inside, empty = False, True
    for line in dump.splitlines():
        if not inside and (NOISE.match(line) or (empty and not line)):
            continue
        # The body of a function is its author's, line by line.
        inside ^= line.count("$$") % 2 == 1
        empty = not line
        yield line
