"""Write a backup: the database as of one snapshot, every file of the media store, what there is of each, sealed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.core.files.storage import default_storage
from psycopg import sql

from groundwork import clock
from groundwork.backup import hooks, tools
from groundwork.backup.hooks import Manifest
from groundwork.backup.sealing import Sealer, Unreadable

PIECE = 8 << 20


def write(target: IO[bytes], recipient: X25519PublicKey) -> Manifest:
    """The whole backup into `target`. Unreadable (in a sentence) when it could not be made; then it cannot be opened either."""
    _keys_are_apart()
    sealer = Sealer(target, recipient)
    with (
        tarfile.open(mode="w|", fileobj=sealer, format=tarfile.PAX_FORMAT) as archive,  # type: ignore[call-overload]
        tempfile.TemporaryFile() as index,
    ):
        with snapshot() as (connection, name):
            facts = describe(connection)
            _dump(archive, name, facts["server"])
        number, size, digest = _media(archive, index)
        manifest = Manifest(
            made_at=clock.now(), media=number, media_bytes=size, index_sha256=digest,
            delicate=any(ask() for ask in hooks.delicate), **facts,
        )  # fmt: skip
        _add(archive, "manifest.json", json.dumps(manifest.as_json()).encode())
    sealer.finish()
    return manifest


def to_folder(folder: Path, recipient: X25519PublicKey) -> tuple[Path, Manifest]:
    """A new file in a folder. It gets its name when it is whole and on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{os.getpid()}.part"
    try:
        with part.open("wb") as target:
            os.chmod(part, 0o600)
            manifest = write(target, recipient)
            target.flush()
            os.fsync(target.fileno())
        mark = "-vote" if manifest.delicate else ""
        file = folder / f"quartier-{manifest.made_at:%Y%m%dT%H%M%SZ}{mark}.backup"
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return file, manifest


def prune(folder: Path, keep: int) -> list[Path]:
    """Take away what is too old: all but the newest `keep`; of delicate moments all but the newest one. Returns what went."""
    files = sorted(folder.glob("quartier-*.backup"), key=lambda file: file.name[:25])
    gone = set(files[:-keep] if keep else [])
    gone |= {file for file in files[:-1] if file.name.endswith("-vote.backup")}
    for file in gone:
        file.unlink()
    return sorted(gone)


def _keys_are_apart() -> None:
    media = Path(settings.MEDIA_ROOT).resolve()
    for name in ("VOTE_KEYS_DIR", "PRIVATE_DIR"):
        if Path(getattr(settings, name)).resolve().is_relative_to(media):
            raise Unreadable(f"{name} lies inside MEDIA_ROOT; what is in it belongs into no backup.")


# --- the database ---


@contextmanager
def snapshot() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A connection whose transaction sees one moment, and the name under which pg_dump sees the same."""
    with psycopg.connect(**tools.parameters(), autocommit=False) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        row = connection.execute("select pg_export_snapshot()").fetchone()
        assert row
        yield connection, row[0]


def describe(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Server version, rows of each table, head of the journal and newest migration of each app, at this moment."""
    rows = connection.execute(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1"
    ).fetchall()
    left_out = set(hooks.left_out)
    tables: dict[str, int] = {}
    for (table,) in rows:
        if table in left_out:
            tables[table] = 0
            continue
        count = connection.execute(
            sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        ).fetchone()
        tables[table] = count[0] if count else 0
    head = connection.execute("select seq, encode(hash, 'hex') from journal_seal").fetchone()
    migrations = connection.execute("select app, max(name) from django_migrations group by app").fetchall()
    return {
        "server": connection.info.server_version // 10_000,
        "tables": tables,
        "journal": (head[0], head[1]) if head else (0, ""),
        "migrations": dict(sorted(migrations)),
    }


def _dump(archive: tarfile.TarFile, name: str, server: int) -> None:
    command = [
        str(tools.folder(server) / "pg_dump"), "--format=custom", "--compress=6", "--no-owner", "--no-privileges",
        "--no-password", f"--snapshot={name}", *(f"--exclude-table-data=public.{table}" for table in hooks.left_out),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, env=tools.environment(), stdout=subprocess.PIPE, stderr=said) as dump:  # noqa: S603
            assert dump.stdout
            number = 0
            while piece := dump.stdout.read(PIECE):
                _add(archive, f"database/{number:06}", piece)
                number += 1
        if dump.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise Unreadable(f"pg_dump ended with {dump.returncode}: {last[0]}")


# --- the media ---


def media_files(folder: str = "") -> Iterator[str]:
    """Every path of the media store, folder by folder."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in sorted(names):
        yield f"{folder}/{name}" if folder else name
    for each in sorted(folders):
        yield from media_files(f"{folder}/{each}" if folder else each)


class Hashing(io.RawIOBase):
    """What is read through it is hashed."""

    def __init__(self, source: Any) -> None:
        self.source, self.digest = source, sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.source.read(size)
        self.digest.update(data)
        return data


def _media(archive: tarfile.TarFile, index: IO[bytes]) -> tuple[int, int, str]:
    """Files into the archive and a line for each into the index. Returns number, bytes and the index's hash."""
    number = size = 0
    for path in media_files():
        try:
            opened = default_storage.open(path)
        except FileNotFoundError:  # deleted since it was listed
            continue
        with opened as source:
            info = tarfile.TarInfo(f"media/{path}")
            info.size, hashing = source.size, Hashing(source)
            archive.addfile(info, hashing)  # type: ignore[arg-type]
        line = {"path": path, "size": info.size, "sha256": hashing.digest.hexdigest()}
        index.write(json.dumps(line).encode() + b"\n")
        number, size = number + 1, size + info.size
    info = tarfile.TarInfo("media.index")
    info.size = index.tell()
    index.seek(0)
    hashing = Hashing(index)
    archive.addfile(info, hashing)  # type: ignore[arg-type]
    return number, size, hashing.digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
