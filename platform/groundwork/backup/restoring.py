"""Read a backup: to verify it, or to restore it into an empty city and to check it before anybody is served."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import IO, Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection as ours
from django.utils.translation import gettext_lazy as _

from groundwork.backup import gate, hooks, tools
from groundwork.backup.hooks import Check, Manifest
from groundwork.backup.sealing import Opener, Unreadable
from groundwork.backup.writing import Hashing, media_files
from groundwork.journal import sealer

Found = dict[str, list[str]]


def verify(source: IO[bytes], key: X25519PrivateKey) -> Manifest:
    """Read all of it: every byte opened, the dump read to its end, every file against its hash. Unreadable says what is wrong."""
    command = [str(tools.newest() / "pg_restore"), "--file=/dev/null"]
    return _read(source, key, command, _Counting())


def restore(source: IO[bytes], key: X25519PrivateKey) -> tuple[Manifest, list[str], Found]:
    """Into an empty city. Returns the manifest, what the steps did and what each check found (nothing: it is well).

    The database stays closed unless every check passed. Unreadable, in a sentence, when nothing was restored.
    """
    gate.let_me_pass()
    with psycopg.connect(**tools.parameters(), autocommit=True) as connection:
        _must_be_empty(connection)
        gate.close(connection)
        server = connection.info.server_version // 10_000
        command = [
            str(tools.folder(server) / "pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--single-transaction",
            "--exit-on-error", "--no-password", f"--dbname={connection.info.dbname}",
        ]  # fmt: skip
        manifest = _read(source, key, command, _Writing())
        # First that it is what was saved; then what has to be done again; then what the rooms want to be sure of.
        found = {str(check.words): check.run(manifest) for check in WHOLE}
        done: list[str] = []
        if not any(found.values()):
            done = [f"{step.words}: {step.run(manifest.made_at)}" for step in hooks.steps]
            found |= {str(check.words): check.run(manifest) for check in hooks.checks}
        if not any(found.values()):
            gate.open_again(connection)
    ours.close()
    return manifest, done, found


def _must_be_empty(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
    ).fetchone()
    if row and row[0]:
        raise Unreadable(
            "The database is not empty. A restore overwrites nothing: create a new database and name it in DATABASE_URL."
        )
    if next(media_files(), None) is not None:
        raise Unreadable(
            "The media folder is not empty. A restore overwrites nothing: name an empty one in MEDIA_ROOT."
        )


# --- reading ---


class _Counting:
    """Files are read and hashed, nothing is kept."""

    def take(self, path: str, source: IO[bytes]) -> str:
        hashing = Hashing(source)
        while hashing.read(1 << 20):
            pass
        return hashing.digest.hexdigest()


class _Writing:
    """Files go into the media store under their own names."""

    def take(self, path: str, source: IO[bytes]) -> str:
        hashing = _Sized(source)
        kept = default_storage.save(path, File(hashing, name=path))  # type: ignore[arg-type]
        if kept != path:
            raise Unreadable("A file of the backup could not keep its name; the media folder was not empty.")
        return hashing.digest.hexdigest()


class _Sized(Hashing):
    """A storage reads pieces until nothing comes; it never asks to go back."""

    def seek(self, *args: Any) -> int:
        return 0

    def seekable(self) -> bool:
        return False


def _read(
    source: IO[bytes], key: X25519PrivateKey, command: list[str], files: _Counting | _Writing
) -> Manifest:
    manifest: Manifest | None = None
    opener = Opener(source, key)
    index_hash, expected = sha256(), sha256()
    number = size = 0
    try:
        with (
            _program(command) as program,
            tarfile.open(mode="r|", fileobj=opener) as archive,
        ):  # type: ignore[call-overload]
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                if member.name.startswith("database/"):
                    program.feed(content)
                elif member.name.startswith("media/"):
                    program.end()
                    path = member.name.removeprefix("media/")
                    digest = files.take(path, content)
                    line = {"path": path, "size": member.size, "sha256": digest}
                    expected.update(json.dumps(line).encode() + b"\n")
                    number, size = number + 1, size + member.size
                elif member.name == "media.index":
                    while piece := content.read(1 << 20):
                        index_hash.update(piece)
                elif member.name == "manifest.json":
                    manifest = Manifest.of(json.loads(content.read()))
            program.end()
            while opener.read(1 << 16):  # the seal of the end lies behind the end of the archive
                pass
    except tarfile.TarError as error:
        raise Unreadable(f"The archive in the backup is damaged ({type(error).__name__}).") from None
    except ValueError as error:
        raise Unreadable(f"The backup was written by another version of Quartier ({error}).") from None
    if manifest is None:
        raise Unreadable("The backup has no manifest; it was not finished.")
    same = index_hash.hexdigest() == expected.hexdigest() == manifest.index_sha256
    if not same or (number, size) != (manifest.media, manifest.media_bytes):
        raise Unreadable("The files in the backup are not those its index names.")
    return manifest


class _Program:
    """pg_restore, fed piece by piece."""

    def __init__(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        self.process, self.said, self.ended = process, said, False

    def feed(self, content: IO[bytes]) -> None:
        assert self.process.stdin
        try:
            while piece := content.read(1 << 20):
                self.process.stdin.write(piece)
        except BrokenPipeError:
            self.end()

    def end(self) -> None:
        """Nothing more comes; it has to have taken all of it."""
        if self.ended:
            return
        self.ended = True
        assert self.process.stdin
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        if self.process.wait():
            self.said.seek(0)
            lines = self.said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise Unreadable(f"pg_restore ended with {self.process.returncode}: {lines[0]}")


@contextmanager
def _program(command: list[str]) -> Iterator[_Program]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            command, env=tools.environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            yield _Program(process, said)
        finally:
            if process.poll() is None:
                process.kill()  # in one transaction: what it has done is undone
            process.wait()
            if process.stdin and not process.stdin.closed:
                with suppress(BrokenPipeError):
                    process.stdin.close()


# --- what is checked before anybody is served ---


def rows(manifest: Manifest) -> list[str]:
    """Every table has as many rows as the snapshot had."""
    from groundwork.backup.writing import describe

    with psycopg.connect(**tools.parameters()) as connection:
        now: dict[str, int] = describe(connection)["tables"]
    wrong = [
        f"{table}: {n} rows instead of {manifest.tables[table]}"
        for table, n in now.items()
        if table in manifest.tables and n != manifest.tables[table]
    ]
    return wrong + [f"{table} is missing" for table in sorted(manifest.tables.keys() - now.keys())]


def chain(manifest: Manifest) -> list[str]:
    """The journal's hash chain from its first entry, and its head as it was."""
    wrong = sealer.verify()
    if wrong is not None:
        return [f"the chain of the journal does not fit from entry {wrong} on"]
    with ours.cursor() as cursor:
        cursor.execute("select seq, encode(hash, 'hex') from journal_seal")
        head = cursor.fetchone() or (0, "")
    return (
        []
        if tuple(head) == tuple(manifest.journal)
        else ["the journal ends with another entry than the backup says"]
    )


def media(manifest: Manifest) -> list[str]:
    """What is in the media store is as many files as were in the backup. Their hashes were compared while they came in."""
    number = sum(1 for _path in media_files())
    return [] if number == manifest.media else [f"{number} files instead of {manifest.media}"]


WHOLE = (
    Check(_("Rows of every table"), rows),
    Check(_("Chain of the journal"), chain),
    Check(_("Files and their hashes"), media),
)
