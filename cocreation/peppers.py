"""The pepper of a process: what makes a hash of a register number worthless to whoever holds the database alone.

One file per process beside the keys of the votes (settings.VOTE_KEYS_DIR), outside the database and its backups. Destroyed
after the final result, nobody can tell any more whose entry is whose, not even with the register at hand (REQ-30, REQ-31).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cocreation.models import Eligibility, Process

# A file whose pepper was destroyed keeps this mark: a new one must never be made in its place.
_DESTROYED = "destroyed"


class PepperGone(RuntimeError):
    """The pepper was destroyed, or its file is not where it should be: nothing can be looked up, nothing is changed."""


def keyed(process: Process, *parts: str) -> bytes:
    """HMAC-SHA256 of the parts with the pepper of this process; 32 bytes. Parts cannot run into each other."""
    message = "\x1f".join(part.replace("\x1f", " ") for part in parts).encode()
    return hmac.digest(_pepper(process.pk, settings.VOTE_KEYS_DIR), message, hashlib.sha256)


def key_of(process: Process, register_number: str) -> bytes:
    """The key of the human being behind a number of the register, in this process and nowhere else."""
    return keyed(process, "register", plain(register_number))


def plain(text: str) -> str:
    """A number or a name as people write it in many ways, in one way: no case, no spaces, no marks."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return re.sub(r"[^0-9a-z]", "", "".join(c for c in decomposed if not unicodedata.combining(c)).casefold())


def destroy(process: Process) -> None:
    """For good. Entries stay as rows without a meaning; a second destruction changes nothing."""
    file = _file(process.pk)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replacement = file.with_suffix(".new")
    replacement.write_text(json.dumps({"process": process.pk, "pepper": _DESTROYED}))
    with contextlib.suppress(OSError), open(file, "r+b") as old:
        old.write(b"\0" * os.path.getsize(file))
        os.fsync(old.fileno())
    replacement.replace(file)
    _pepper.cache_clear()


@lru_cache(maxsize=256)
def _pepper(process: int, folder: str) -> bytes:
    file = _file(process)
    if not file.exists() and Eligibility.objects.filter(process=process).exists():
        raise PepperGone(f"The file with the pepper of process {process} is missing.")
    with contextlib.suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump({"process": process, "pepper": secrets.token_hex(32)}, out)
            out.flush()
            os.fsync(out.fileno())
    stored = json.loads(file.read_text())["pepper"]
    if stored == _DESTROYED:
        raise PepperGone(f"The pepper of process {process} was destroyed.")
    return bytes.fromhex(stored)


def _file(process: int) -> Path:
    return Path(settings.VOTE_KEYS_DIR) / f"process-{process}.json"
