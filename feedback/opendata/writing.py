"""Rows become files: read from one moment of the database, written line by line, ready only when all of them are whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from feedback.opendata import metadata
from feedback.opendata.cells import Tables, plain
from feedback.opendata.models import ReleaseFile
from groundwork.datasets import Dataset

CHUNK = 2000
# The picture shows so many values; the rest is counted together.
MOST_BARS = 10
Form = ReleaseFile.Form


@dataclass(frozen=True, slots=True)
class Written:
    """A file on this machine, whole and on the disk."""

    form: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that was written of a data set; `digest` is the same whenever rows and columns are."""

    rows: int
    digest: str
    columns: list[dict[str, Any]]
    counts: list[list[Any]]
    files: list[Written]


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection that sees one moment of the city however long it reads, so that tables written from it fit together.

    Inside a transaction of the caller it is the caller's own.
    """
    if connection.in_atomic_block:
        yield connection
        return
    reader = connection.copy()
    try:
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            # Files of other tables are stored while it waits.
            cursor.execute("set local idle_in_transaction_session_timeout = 0")
        yield reader
    finally:
        reader.close()


def rows_of(dataset: Dataset, reader: BaseDatabaseWrapper) -> Iterator[Any]:
    """The rows through a cursor of the database: never more than a chunk of them is here."""
    compiler = dataset.query().query.get_compiler(connection=reader)
    yield from compiler.results_iter(chunked_fetch=True, chunk_size=CHUNK)


class _Hashing(io.RawIOBase):
    """A file that knows its checksum and its size when it is closed."""

    def __init__(self, path: Path) -> None:
        self.file, self.hash, self.size = path.open("wb"), hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.hash.update(data)
        self.size += len(data)
        return len(data)

    def close(self) -> None:
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
        super().close()


@contextmanager
def text_file(path: Path, done: Callable[[int, str], None]) -> Iterator[IO[str]]:
    raw = _Hashing(path)
    with io.TextIOWrapper(io.BufferedWriter(raw, 1 << 18), encoding="utf-8", newline="") as out:
        yield out
    done(raw.size, raw.hash.hexdigest())


def write(
    dataset: Dataset,
    folder: Path,
    rows: Iterator[Any],
    *,
    number: int,
    at: datetime,
    tell: Callable[[int], None] = lambda done: None,
) -> Whole:
    """All files of a version in `folder`. `tell` is called with the number of rows that are written, now and then."""
    found: dict[str, tuple[int, str]] = {}
    names = {Form.CSV: f"{dataset.slug}.csv", Form.LINES: f"{dataset.slug}.jsonl"}
    index = [column.name for column in dataset.columns].index(dataset.chart) if dataset.chart else -1
    counts: Counter[Any] = Counter()
    n = 0
    with (
        text_file(folder / names[Form.CSV], lambda *facts: found.__setitem__(Form.CSV, facts)) as table,
        text_file(folder / names[Form.LINES], lambda *facts: found.__setitem__(Form.LINES, facts)) as lines,
    ):
        out = Tables(dataset.columns, table, lines)
        for n, row in enumerate(rows, start=1):
            shown = dataset.shown(row)
            out.write(shown)
            if index >= 0:
                counts[plain(shown[index]) or ""] += 1
            if n % CHUNK == 0:
                tell(n)
    files = [Written(form, folder / names[form], *found[form]) for form in (Form.CSV, Form.LINES)]
    columns = metadata.described(dataset.columns)
    digest = hashlib.sha256(
        f"{found[Form.CSV][1]} {json.dumps(columns, sort_keys=True)} {dataset.licence}".encode()
    ).hexdigest()
    return Whole(n, digest, columns, _most(counts), files + describe(dataset, folder, files, n, number, at))


def describe(
    dataset: Dataset, folder: Path, files: list[Written], rows: int, number: int, at: datetime
) -> list[Written]:
    """The two descriptions beside the table."""
    size, sha256 = next((file.size, file.sha256) for file in files if file.form == Form.CSV)
    made = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    table = metadata.Table(dataset, f"{dataset.slug}.csv", size, sha256, rows, number, made)
    beside = {
        Form.PACKAGE: (
            "datapackage.json",
            metadata.package(dataset.slug, dataset.title, dataset.about, [table], references=False),
        ),
        Form.CSVW: (f"{dataset.slug}.csv-metadata.json", metadata.csvw(table)),
    }
    written = []
    for form, (name, content) in beside.items():
        known: list[tuple[int, str]] = []
        with text_file(folder / name, lambda size, sha256, known=known: known.append((size, sha256))) as out:  # type: ignore[misc]
            json.dump(content, out, ensure_ascii=False, indent=1)
            out.write("\n")
        written.append(Written(form, folder / name, *known[0]))
    return written


def _most(counts: Counter[Any]) -> list[list[Any]]:
    """The most frequent values with their numbers; what is left as None."""
    most = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    rest = sum(n for _value, n in most[MOST_BARS:])
    return [[value, n] for value, n in most[:MOST_BARS]] + ([[None, rest]] if rest else [])
