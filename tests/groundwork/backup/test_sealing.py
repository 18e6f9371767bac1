"""A backup is read whole, with its key, or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.backup import sealing
from groundwork.backup.sealing import CHUNK, TAG, Opener, Sealer, Unreadable

PRIVATE, PUBLIC = sealing.new_key()
HEAD = len(sealing.MAGIC) + 32


def seal(*pieces: bytes) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, sealing.public_key(PUBLIC))
    for piece in pieces:
        sealer.write(piece)
    sealer.finish()
    return target.getvalue()


def opened(data: bytes, key: str = PRIVATE) -> bytes:
    return Opener(io.BytesIO(data), sealing.private_key(key)).readall()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_goes_in_comes_out(size):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sealed = seal(data[: size // 3], data[size // 3 :])
    assert opened(sealed) == data
    assert len(sealed) == HEAD + size + TAG * max(1, -(-size // CHUNK))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_bit_can_be_changed(data):
    sealed = bytearray(seal(b"a city " * 40))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        opened(bytes(sealed))


def test_chunks_can_be_neither_cut_off_nor_left_out_nor_swapped():
    sealed = seal(b"1" * CHUNK + b"2" * CHUNK + b"3" * 10)
    part = CHUNK + TAG
    first, second, last = (
        sealed[HEAD : HEAD + part],
        sealed[HEAD + part : HEAD + 2 * part],
        sealed[HEAD + 2 * part :],
    )
    for chunks in (
        [first, second],
        [first],
        [first, last],
        [second, first, last],
        [first, second, last, last],
        [],
    ):
        with pytest.raises(Unreadable):
            opened(sealed[:HEAD] + b"".join(chunks))


def test_another_key_opens_nothing():
    with pytest.raises(Unreadable, match="another key"):
        opened(seal(b"secret"), sealing.new_key()[0])


@pytest.mark.parametrize(
    "text", ["", "nonsense", "aGFsbG8=", PUBLIC + PUBLIC], ids=["none", "words", "too short", "two of them"]
)
def test_a_wrong_key_is_said_in_a_sentence(text):
    with pytest.raises(Unreadable, match="no key"):
        sealing.public_key(text)


def test_something_else_is_no_backup():
    with pytest.raises(Unreadable, match="no backup"):
        opened(b"PGDMP" * 100)
