"""Files nobody may see: uploaded tables until their job is over, letters until they are fetched.

They lie in settings.PRIVATE_DIR, readable by the user the server runs as alone, under names that say nothing, outside the
database, its backups and the media. Whatever is older than a day is deleted, whoever forgot it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

OLDEST = 25 * 3600


def folder() -> Path:
    place = Path(settings.PRIVATE_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(name: str) -> Path:
    if not name or "/" in name or name.startswith("."):
        raise ValueError("This is no name of a private file.")
    return folder() / name


def create(name: str) -> BinaryIO:
    """A new file of this name, open for writing; an old one of the same name is replaced."""
    handle = os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


def keep(name: str, chunks: Iterable[bytes]) -> int:
    """Write what comes, piece by piece. Returns how much it was."""
    with create(name) as out:
        return sum(out.write(chunk) for chunk in chunks)


def delete(name: str) -> None:
    if name:
        with contextlib.suppress(FileNotFoundError):
            path_of(name).unlink()


def sweep(now: float | None = None) -> int:
    """Delete what is older than a day. Returns how many files there were."""
    gone = 0
    for file in folder().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if file.is_file() and file.stat().st_mtime < (now or time.time()) - OLDEST:
                file.unlink()
                gone += 1
    return gone
