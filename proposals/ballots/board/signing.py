"""The city's signature under the heads of its boards: Ed25519, one key for all votes, in a file outside the database.

The key is made at its first use and kept in settings.VOTE_KEYS_DIR. Its public half stands in every file of a board.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

FILE = "board-key.json"


def sign(message: bytes) -> bytes:
    """64 bytes."""
    return _key(settings.VOTE_KEYS_DIR).sign(message)


def public_key() -> bytes:
    """32 bytes."""
    return _key(settings.VOTE_KEYS_DIR).public_key().public_bytes_raw()


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _key(folder: str) -> Ed25519PrivateKey:
    file = Path(folder) / FILE
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and linked: of two processes that come first together one file wins, and it is complete.
        draft = file.with_name(f"{FILE}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump({"private": Ed25519PrivateKey.generate().private_bytes_raw().hex()}, out)
            out.flush()
            os.fsync(out.fileno())
        try:
            if not file.exists():
                os.link(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(json.loads(file.read_text())["private"]))
