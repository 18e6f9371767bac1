"""Sealed choices: written with a public key, all of one length, read only with the private key.

    sealed = seal(public_key, pack_choice({1, 4}, "web", nonce=nonce), bound_to=tag)     # 560 bytes, different every time
    packed = unpack_choice(unseal(private_key, sealed, bound_to=tag))                    # .positions .channel .nonce

X25519 with a fresh key per seal, HKDF-SHA256, ChaCha20-Poly1305. A seal is bound to its slot: copied into another
slot it does not open. Pure functions, no Django.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEALED_BYTES = 560
KEY_BYTES = 32
_MAC_BYTES = 16
PLAIN_BYTES = SEALED_BYTES - KEY_BYTES - _MAC_BYTES
NONCE_BYTES = 32
_HEAD_BYTES = 2 + NONCE_BYTES
MOST_OPTIONS = (PLAIN_BYTES - _HEAD_BYTES) * 8

_VERSION = 2
# Order is meaning: the second byte of a packed choice is the index in here.
CHANNELS = ("web", "paper", "desk")
# Every key seals exactly one message, so a constant nonce is safe.
_NONCE = bytes(12)


class NotReadable(ValueError):
    """Not sealed for this key and this slot, or damaged."""


def new_key() -> tuple[bytes, bytes]:
    """A key pair: (private, public), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal(public_key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """`plain` (512 bytes) so that only the private key reads it, and only for the slot it is bound to."""
    if len(plain) != PLAIN_BYTES:
        raise ValueError(f"{len(plain)} bytes to seal instead of {PLAIN_BYTES}.")
    fresh = X25519PrivateKey.generate()
    mine = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(public_key))
    return mine + ChaCha20Poly1305(_derive(shared, mine, public_key)).encrypt(_NONCE, plain, bound_to)


def unseal(private_key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """What was sealed. NotReadable for another key, another slot or a changed byte."""
    private = X25519PrivateKey.from_private_bytes(private_key)
    theirs = sealed[:KEY_BYTES]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _derive(shared, theirs, private.public_key().public_bytes_raw())
        return ChaCha20Poly1305(key).decrypt(_NONCE, sealed[KEY_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise NotReadable("This choice cannot be opened with this key.") from error


def _derive(shared: bytes, fresh: bytes, recipient: bytes) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=32, salt=None, info=b"quartier ballot 1" + fresh + recipient
    ).derive(shared)


@dataclass(frozen=True, slots=True)
class Packed:
    """What lies inside a seal. `nonce` hides the choice in its leaf on the board; the voter's receipt holds it too."""

    positions: frozenset[int]
    channel: str
    nonce: bytes


def pack_choice(positions: Iterable[int], channel: str, *, nonce: bytes | None = None) -> bytes:
    """Positions (from 1) as bits after version, channel and nonce: the same length whatever was chosen. A fresh nonce
    unless one is given."""
    nonce = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"A nonce has {NONCE_BYTES} bytes.")
    bits = 0
    for position in positions:
        if not 1 <= position <= MOST_OPTIONS:
            raise ValueError(f"Position {position} does not fit on a ballot.")
        bits |= 1 << (position - 1)
    head = bytes([_VERSION, CHANNELS.index(channel)]) + nonce
    return head + bits.to_bytes(PLAIN_BYTES - _HEAD_BYTES, "little")


def unpack_choice(plain: bytes) -> Packed:
    """What `pack_choice` packed."""
    if len(plain) != PLAIN_BYTES or plain[0] != _VERSION or plain[1] >= len(CHANNELS):
        raise NotReadable("This choice is written in a form this program does not know.")
    bits = int.from_bytes(plain[_HEAD_BYTES:], "little")
    positions = frozenset(n + 1 for n in range(bits.bit_length()) if bits >> n & 1)
    return Packed(positions, CHANNELS[plain[1]], plain[2:_HEAD_BYTES])
