"""The city's signature under the heads of its boards: Ed25519, one key for all votes, in a file outside the database.

The key is made at its first use and kept in settings.VOTE_KEYS_DIR. Its public half stands in every file of a board.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from groundwork.key_files import read_or_make

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
    stored = read_or_make(file, {"private": Ed25519PrivateKey.generate().private_bytes_raw().hex()})
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(stored["private"]))
