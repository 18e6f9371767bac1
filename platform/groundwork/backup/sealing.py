"""An encrypted stream for one recipient: X25519 for the key, AES-256-GCM over chunks whose order and end are sealed too.

File: MAGIC, public half of a key made for this file (32 bytes), chunks of at most CHUNK bytes and a tag of 16. The nonce of a
chunk is its number and whether it is the last, so none can be left out, moved or cut off unnoticed.
"""

from __future__ import annotations

import base64
import io
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"QUARTIER BACKUP1"
CHUNK = 1 << 20
TAG = 16


class Unreadable(Exception):
    """The file is no backup, is damaged or cut off, or this is not its key. The text is a sentence for people."""


def new_key() -> tuple[str, str]:
    """(private, public), each as 44 characters of base64."""
    private = X25519PrivateKey.generate()
    return _text(private.private_bytes_raw()), _text(private.public_key().public_bytes_raw())


def public_key(text: str) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(_bytes(text))


def private_key(text: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_bytes(text))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise Unreadable("This is no key of a backup: 44 characters of base64 are expected.")
    return raw


def _cipher(shared: bytes, ours: bytes, theirs: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=ours + theirs, info=MAGIC).derive(shared))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """Write plain bytes; `finish` seals the end. Without it the file cannot be read, as it should be."""

    def __init__(self, target: IO[bytes], recipient: X25519PublicKey) -> None:
        own = X25519PrivateKey.generate()
        public = own.public_key().public_bytes_raw()
        self.target, self.number, self.buffer = target, 0, bytearray()
        self.cipher = _cipher(own.exchange(recipient), public, recipient.public_bytes_raw())
        target.write(MAGIC + public)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.buffer += data
        while len(self.buffer) > CHUNK:  # more than one: the last is never empty of a successor
            self._put(bytes(self.buffer[:CHUNK]), last=False)
            del self.buffer[:CHUNK]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self.buffer), last=True)
        self.buffer.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        self.target.write(self.cipher.encrypt(_nonce(self.number, last), data, MAGIC))
        self.number += 1


class Opener(io.RawIOBase):
    """Read plain bytes. Raises Unreadable at the first chunk that does not fit."""

    def __init__(self, source: IO[bytes], key: X25519PrivateKey) -> None:
        head = source.read(len(MAGIC) + 32)
        if len(head) != len(MAGIC) + 32 or not head.startswith(MAGIC):
            raise Unreadable("This file is no backup of Quartier.")
        public = head[len(MAGIC) :]
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        self.cipher = _cipher(shared, public, key.public_key().public_bytes_raw())
        self.source, self.number, self.plain, self.ended = source, 0, b"", False
        self.ahead = source.read(CHUNK + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        if not self.plain and not self.ended:
            self._next()
        taken = self.plain[: len(into)]
        into[: len(taken)] = taken
        self.plain = self.plain[len(taken) :]
        return len(taken)

    def _next(self) -> None:
        chunk, self.ahead = self.ahead, self.source.read(CHUNK + TAG)
        self.ended = not self.ahead
        try:
            self.plain = self.cipher.decrypt(_nonce(self.number, self.ended), chunk, MAGIC)
        except InvalidTag:
            raise Unreadable(
                "The backup is damaged or cut off, or it was made for another key: "
                f"part {self.number + 1} cannot be opened."
            ) from None
        self.number += 1
