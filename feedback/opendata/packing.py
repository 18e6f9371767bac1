"""A process as one file: written record by record in constant memory, read again record by record, whole or not at all.

The file is a ZIP with `manifest.json`, `records.jsonl` (one record a line; cocreation/data_package.py) and `schema.json`.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cocreation import data_package
from cocreation.data_package import FORMAT, MANIFEST, VERSION, Arrival, lines, records, written
from cocreation.models import Process
from cocreation.packages import text_of
from feedback.opendata import addresses, writing
from groundwork.answer import Refused
from groundwork.datasets import LICENCES
from groundwork.journal import api as journal
from proposals import memory

RECORDS, ABOUT, SCHEMA = "records.jsonl", "manifest.json", "schema.json"
LICENCE = "CC-BY-4.0"
TELL_EVERY = 1000
LONGEST_LINE = 16 * 1024 * 1024
LARGEST_ABOUT = 256 * 1024


class Malformed(Exception):
    """The file is not a package, or it contradicts itself: `line` of records.jsonl (0: the file as a whole) and why."""

    def __init__(self, line: int, reason: object) -> None:
        self.line, self.reason = line, str(reason)
        super().__init__(line, self.reason)

    def __str__(self) -> str:
        return f"{RECORDS}, line {self.line}: {self.reason}" if self.line else self.reason


def schema() -> dict[str, Any]:
    return data_package.schema(addresses.whole("/data/package/v1/schema.json"))


# --- out ---


@contextmanager
def one_moment() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Whatever is read inside is read from one moment of the city. What is given to `aside` is done beside it: what it
    writes is there for everybody at once."""
    with writing.snapshot() as found:
        own = connections[DEFAULT_DB_ALIAS]
        reader: Any = own if found is connection else found
        if reader is not own:
            # Its one transaction keeps cursors open, also through a pooler: rows come in pieces.
            reader.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False

        def aside(tell: Callable[[], None]) -> None:
            connections[DEFAULT_DB_ALIAS] = own
            try:
                tell()
            finally:
                connections[DEFAULT_DB_ALIAS] = reader

        connections[DEFAULT_DB_ALIAS] = reader
        try:
            yield aside
        finally:
            connections[DEFAULT_DB_ALIAS] = own


def write(
    process: Process, out: IO[bytes], *, at: datetime, tell: Callable[[int], None] = lambda done: None
) -> tuple[str, dict[str, int]]:
    """The package of a public process into `out`. Returns the SHA-256 of its records and how many there are of each type."""
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    with override("de"), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        with one_moment() as aside, package.open(_entry(RECORDS), "w", force_zip64=True) as raw:
            for kind, record in lines(process):
                line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                raw.write(line)
                counts[kind] += 1
                if (done := counts.total()) % TELL_EVERY == 0:
                    aside(lambda done=done: tell(done))  # type: ignore[misc]
        found = digest.hexdigest(), dict(counts)
        for name, content in ((ABOUT, manifest(process, *found, at=at)), (SCHEMA, schema())):
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            package.writestr(_entry(name), text.encode())
    return found


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the time of day: the same content is the same file."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def manifest(process: Process, sha256: str, counts: dict[str, int], *, at: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "schema": addresses.whole("/data/package/v1/schema.json"),
        "process": process.slug,
        "title": text_of(process, "title"),
        "city": settings.CITY_NAME,
        "page": addresses.whole(process.get_absolute_url()),
        "licence": LICENCES[LICENCE].url,
        "made_at": written(at),
        "counts": counts,
        "sha256": sha256,
    }


# --- in ---


def take_over(path: Path, *, at: datetime) -> tuple[Process, bool]:
    """The process of this package and whether it is new. Malformed says what is wrong; then nothing has changed."""
    try:
        with zipfile.ZipFile(path) as package:
            about = _about(package)
            there = Process.objects.filter(content_hash=about["sha256"]).first()
            if there is not None:
                return there, False
            _same_content(package, about["sha256"])
            with transaction.atomic():
                process = _load(package, about, at)
    except zipfile.BadZipFile:
        raise Malformed(0, _("This file is not a ZIP file, or it is damaged."))
    memory.forget()
    return process, True


def _about(package: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if package.getinfo(ABOUT).file_size > LARGEST_ABOUT:
            raise Malformed(0, _("The manifest is too large."))
        package.getinfo(RECORDS)
        found: dict[str, Any] = MANIFEST(json.loads(package.read(ABOUT)), ABOUT)
    except KeyError as missing:
        raise Malformed(
            0, _("This file is not a data package: %(what)s") % {"what": str(missing).strip("'\"")}
        )
    except (ValueError, RecursionError):
        raise Malformed(0, _("The manifest cannot be read as JSON."))
    except Refused as refused:
        raise Malformed(0, refused)
    return found


def _same_content(package: zipfile.ZipFile, sha256: str) -> None:
    digest = hashlib.sha256()
    with package.open(RECORDS) as raw:
        while block := raw.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise Malformed(
            0, _("The records are not those the manifest speaks of: their checksum is another one.")
        )


def _load(package: zipfile.ZipFile, about: dict[str, Any], at: datetime) -> Process:
    arrival = Arrival(at=at, content_hash=about["sha256"])
    counts: Counter[str] = Counter()
    number = 0
    with package.open(RECORDS) as raw:
        for number, line in _numbered(raw):
            try:
                counts[_take(line, arrival)] += 1
            except Refused as refused:
                raise Malformed(number, refused)
            except ValidationError as wrong:
                raise Malformed(number, wrong.messages[0])
            except DatabaseError as wrong:
                raise Malformed(number, _in_short(wrong))
    try:
        if dict(counts) != about["counts"]:
            raise Malformed(0, _("There are more or fewer records than the manifest says."))
        for each in data_package.in_order():
            each.finish(arrival)
        process = arrival.here()
    except Refused as refused:
        raise Malformed(number, refused)
    except DatabaseError as wrong:
        raise Malformed(number, _in_short(wrong))
    journal.record("process.published", on=process, process=process, at=at, data={"source": process.source})
    return process


def _numbered(raw: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    reader = io.BufferedReader(raw)  # type: ignore[type-var]
    number = 0
    while line := reader.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Malformed(number, _("This line is too long."))
        if not line.strip():
            raise Malformed(number, _("This line is empty."))
        yield number, line


def _take(line: bytes, arrival: Arrival) -> str:
    """One record into the city; its type."""
    try:
        found = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        data_package.refuse("", _("This line cannot be read as JSON."))
    if not isinstance(found, dict):
        data_package.refuse("", _("A set of names and values is needed here."))
    kind = found.pop("type", None)
    known = records.find(kind) if isinstance(kind, str) else None
    if known is None:
        data_package.refuse("type", _("“{value}” is not known here.").format(value=data_package.shown(kind)))
    known.load(known.read(found, known.type), arrival)
    return known.type


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            data_package.refuse(data_package.shown(key), _("This entry occurs twice."))
        found[key] = value
    return found


def _in_short(wrong: DatabaseError) -> str:
    """What the database said first: the rule that this would break."""
    return _("This contradicts what is here already: %(why)s") % {"why": str(wrong).partition("\n")[0]}
