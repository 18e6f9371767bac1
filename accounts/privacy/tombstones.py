"""Who was forgotten, in a file beside the database: a copy of the database that is restored later still knows these people,
and this file tells it to forget them again (`manage.py replay_erasures`) before it serves anybody.

A line says a key, a keyed hash, the way and the moment; nothing of it leads to a person who is not in the copy. The file
belongs to the installation and is not part of the database's backups (settings.TOMBSTONES_FILE).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Tombstone:
    key: int
    mark: str
    way: str
    at: str


def mark_of(person: Person) -> str:
    """Tells this person from whoever gets the same key in another copy of the city."""
    known = f"{person.pk}\0{person.joined_at.timestamp():.6f}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"tombstone\0" + known, hashlib.sha256).hexdigest()


def _file() -> Path:
    return Path(settings.TOMBSTONES_FILE)


def read(file: Path | None = None) -> Iterator[Tombstone]:
    """Every line once, the oldest first. A line that was cut off by a crash is left out; its erasure writes it again."""
    seen: set[tuple[int, str]] = set()
    try:
        lines = (file or _file()).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            stone = Tombstone(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if (stone.key, stone.mark) not in seen:
            seen.add((stone.key, stone.mark))
            yield stone


def put(*, key: int, mark: str, way: str, at: datetime) -> bool:
    """Write it down, on the disk before this returns. False where it stands there already."""
    if any((stone.key, stone.mark) == (key, mark) for stone in read()):
        return False
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps({"key": key, "mark": mark, "way": way, "at": at.isoformat()}) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line that was cut off must not swallow this one.
        os.write(handle, b"\n" + line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return True
