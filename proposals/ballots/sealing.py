"""Sealed choices: written with a public key, all of one length, read only with the private key.

    sealed = seal(public_key, pack_choice({1, 4}, "web", nonce=nonce), bound_to=tag)     # 560 bytes, different every time
    packed = unpack_choice(unseal(private_key, sealed, bound_to=tag))                    # .positions .channel .nonce

X25519 with a fresh key per seal, HKDF-SHA256, ChaCha20-Poly1305. A seal is bound to its slot: copied into another
slot it does not open. Pure functions, no Django.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Collection, Mapping
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

APPROVAL = "approval"
# Versions of a packed choice.
_BITS, _LISTED = 2, 3
# Order is meaning, as below: the byte after the head of a listed choice.
_KINDS = ("points", "ranking", "answers")
_WITH_NUMBERS = ("points", "answers")
_LISTED_BYTES = PLAIN_BYTES - _HEAD_BYTES - 3
# Order is meaning: the second byte of a packed choice is the index in here.
CHANNELS = ("web", "paper", "desk")
# Set in that byte when the voter wants to be told by mail: nowhere else is it written down that somebody does.
_MAIL = 0x80
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
    """What lies inside a seal, `positions` in the natural form of its kind (kinds.py). `nonce` hides the choice in its leaf on
    the board; the voter's receipt holds it too. `mail`: the voter wants to be told by mail that it is there (mailing.py)."""

    positions: Collection[int]
    channel: str
    nonce: bytes
    mail: bool = False


def room_for(kind: str) -> int:
    """How many projects one ballot of this kind can name, whatever their positions."""
    return MOST_OPTIONS if kind == APPROVAL else _LISTED_BYTES // _entry_bytes(kind)


def pack_choice(
    positions: Collection[int],
    channel: str,
    *,
    nonce: bytes | None = None,
    kind: str = APPROVAL,
    mail: bool = False,
) -> bytes:
    """A choice after version, channel and nonce: the same length whatever was chosen. A fresh nonce unless one is given.

    Approvals are bits (version 2). The other kinds are listed (version 3): kind, how many, then a position of two bytes
    each, with two bytes of points or answer where there are numbers. ValueError for what does not fit.
    """
    nonce = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"A nonce has {NONCE_BYTES} bytes.")
    for position in positions:
        if not 1 <= position <= MOST_OPTIONS:
            raise ValueError(f"Position {position} does not fit on a ballot.")
    version, body = (_BITS, _as_bits(positions)) if kind == APPROVAL else (_LISTED, _as_list(positions, kind))
    head = bytes([version, CHANNELS.index(channel) | (_MAIL if mail else 0)]) + nonce
    return head + body.ljust(PLAIN_BYTES - _HEAD_BYTES, b"\0")


def unpack_choice(plain: bytes) -> Packed:
    """What `pack_choice` packed."""
    if (
        len(plain) != PLAIN_BYTES
        or plain[0] not in (_BITS, _LISTED)
        or (channel := plain[1] & ~_MAIL) >= len(CHANNELS)
    ):
        raise NotReadable("This choice is written in a form this program does not know.")
    body = plain[_HEAD_BYTES:]
    positions = _from_bits(body) if plain[0] == _BITS else _from_list(body)
    return Packed(positions, CHANNELS[channel], plain[2:_HEAD_BYTES], bool(plain[1] & _MAIL))


def _as_bits(positions: Collection[int]) -> bytes:
    bits = 0
    for position in positions:
        bits |= 1 << (position - 1)
    return bits.to_bytes(PLAIN_BYTES - _HEAD_BYTES, "little")


def _from_bits(body: bytes) -> frozenset[int]:
    bits = int.from_bytes(body, "little")
    return frozenset(n + 1 for n in range(bits.bit_length()) if bits >> n & 1)


def _entry_bytes(kind: str) -> int:
    return 4 if kind in _WITH_NUMBERS else 2


def _as_list(positions: Collection[int], kind: str) -> bytes:
    if len(positions) > room_for(kind):
        raise ValueError(f"{len(positions)} projects do not fit on a ballot of {kind}.")
    head = bytes([_KINDS.index(kind)]) + len(positions).to_bytes(2, "little")
    if isinstance(positions, Mapping):
        return head + b"".join(
            struct.pack("<HH", position, positions[position]) for position in sorted(positions)
        )
    return head + b"".join(struct.pack("<H", position) for position in positions)


def _from_list(body: bytes) -> Collection[int]:
    if body[0] >= len(_KINDS):
        raise NotReadable("This choice is of a kind this program does not know.")
    kind, count = _KINDS[body[0]], int.from_bytes(body[1:3], "little")
    if count > room_for(kind):
        raise NotReadable("This choice names more projects than fit.")
    listed = body[3 : 3 + count * _entry_bytes(kind)]
    if kind in _WITH_NUMBERS:
        return dict(struct.iter_unpack("<HH", listed))
    return tuple(position for (position,) in struct.iter_unpack("<H", listed))
