"""Is anything left of somebody? Every column of every table that can hold text, and every file, looked through.

    found = scan(["amina@example.org", "Amina Yıldız"])   # {"notices_mail.said": 1, "file media/…": 1}

Read from the database's own list of tables, not from the models, so that forgotten tables are looked at too. One statement for
each table and needle list, each reads the whole table: for a job, never for a page.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection
from psycopg import sql

TEXT = {"text", "character varying", "character", "json", "jsonb", "ARRAY", "USER-DEFINED"}
BYTES = {"bytea"}


def scan(needles: Iterable[str], *, leave_out: Iterable[str] = ()) -> dict[str, int]:
    """Where these words stand: "table.column" -> rows, "file …" -> times. `leave_out` names tables that may know them."""
    wanted = [needle for needle in needles if needle.strip()]
    if not wanted:
        return {}
    return _in_tables(wanted, set(leave_out)) | _in_sessions(wanted) | _in_files(wanted)


def _columns() -> dict[str, list[tuple[str, bool]]]:
    """Tables of this city and their columns that can hold words; True where they hold bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.table_name, c.column_name, c.data_type from information_schema.columns c"
            " join information_schema.tables t using (table_schema, table_name)"
            " where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' order by 1, c.ordinal_position"
        )
        found: dict[str, list[tuple[str, bool]]] = {}
        for table, column, kind in cursor.fetchall():
            if kind in TEXT | BYTES:
                found.setdefault(table, []).append((column, kind in BYTES))
        return found


def _in_tables(needles: list[str], leave_out: set[str]) -> dict[str, int]:
    like = [f"%{_literal(needle)}%" for needle in needles]
    # In JSON some letters stand escaped; in bytes words stand as UTF-8.
    like += [f"%{_literal(json.dumps(n)[1:-1])}%" for n in needles if json.dumps(n)[1:-1] != n]
    raw = [needle.encode() for needle in needles]
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table, columns in _columns().items():
            if table in leave_out:
                continue
            counts = sql.SQL(", ").join(_count(column, in_bytes) for column, in_bytes in columns)
            statement = sql.SQL("select {} from {}").format(counts, sql.Identifier(table))
            cursor.execute(statement, {"like": like, "raw": raw})
            row = cursor.fetchone() or ()
            found |= {f"{table}.{name}": n for (name, _bytes), n in zip(columns, row, strict=True) if n}
    return found


def _count(column: str, in_bytes: bool) -> sql.Composed:
    name = sql.Identifier(column)
    if in_bytes:
        return sql.SQL(
            "count(*) filter (where exists (select 1 from unnest(%(raw)s::bytea[]) w where position(w in {}) > 0))"
        ).format(name)
    return sql.SQL("count(*) filter (where {}::text ilike any(%(like)s::text[]))").format(name)


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _in_sessions(needles: list[str]) -> dict[str, int]:
    """Sessions are sealed: each has to be opened."""
    small = [needle.lower() for needle in needles]
    n = 0
    for session in Session.objects.iterator(chunk_size=2000):
        text = json.dumps(session.get_decoded(), ensure_ascii=False, default=str).lower()
        n += any(needle in text for needle in small)
    return {"django_session.session_data": n} if n else {}


# --- files ---


def _in_files(needles: list[str]) -> dict[str, int]:
    raw = [needle.encode().lower() for needle in needles]
    return {f"file {name}": 1 for name, content in _files() if any(needle in content for needle in raw)}


def _files() -> Iterator[tuple[str, bytes]]:
    """Everything in the media and in the private folder, archives looked into."""
    for path in _media(""):
        with default_storage.open(path, "rb") as file:
            yield from _opened(f"media/{path}", file.read())
    folder = Path(settings.PRIVATE_DIR)
    if folder.is_dir():
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                yield from _opened(f"private/{each.name}", each.read_bytes())


def _media(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        yield from _media(f"{folder}/{name}".lstrip("/"))


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content.lower()
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.namelist():
                    yield f"{name}/{member}", archive.read(member).lower()
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return
