"""A sealed choice says nothing without its key: not its length, not who, not what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.sealing import (
    MOST_OPTIONS,
    PLAIN_BYTES,
    SEALED_BYTES,
    NotReadable,
    new_key,
    pack_choice,
    room_for,
    seal,
    unpack_choice,
    unseal,
)

PRIVATE, PUBLIC = new_key()
TAG = bytes(32)


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.integers(1, MOST_OPTIONS), max_size=40), st.sampled_from(["web", "paper", "desk"]))
def test_what_was_sealed_comes_back_and_every_seal_has_one_length(positions, channel):
    sealed = seal(PUBLIC, pack_choice(positions, channel), bound_to=TAG)
    assert len(sealed) == SEALED_BYTES == 560
    packed = unpack_choice(unseal(PRIVATE, sealed, bound_to=TAG))
    assert (packed.positions, packed.channel) == (positions, channel) and len(packed.nonce) == 32


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.integers(1, MOST_OPTIONS), st.integers(1, 65_535), max_size=room_for("points")),
    st.sampled_from(["web", "paper", "desk"]),
)
def test_points_come_back_with_their_projects(given_points, channel):
    sealed = seal(PUBLIC, pack_choice(given_points, channel, kind="points"), bound_to=TAG)
    assert len(sealed) == SEALED_BYTES
    packed = unpack_choice(unseal(PRIVATE, sealed, bound_to=TAG))
    assert (packed.positions, packed.channel) == (given_points, channel)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, MOST_OPTIONS), unique=True, max_size=room_for("ranking")))
def test_a_ranking_comes_back_in_its_order(order):
    plain = pack_choice(order, "web", kind="ranking")
    assert len(plain) == PLAIN_BYTES and unpack_choice(plain).positions == tuple(order)


@pytest.mark.parametrize("kind", ["points", "ranking"])
def test_a_ballot_as_full_as_can_be_fits_and_one_project_more_is_refused(kind):
    room = room_for(kind)
    full = dict.fromkeys(range(1, room + 1), 1) if kind == "points" else list(range(1, room + 1))
    assert len(unpack_choice(pack_choice(full, "web", kind=kind)).positions) == room
    more = full | {room + 1: 1} if isinstance(full, dict) else [*full, room + 1]
    with pytest.raises(ValueError, match="do not fit"):
        pack_choice(more, "web", kind=kind)


def test_approvals_are_packed_as_they_always_were():
    """Byte for byte: slots that were filled before there were other kinds stay readable."""
    nonce = bytes(range(32))
    plain = pack_choice({1, 4, 9}, "paper", nonce=nonce)
    assert plain == bytes([2, 1]) + nonce + bytes([0b1001, 0b1]) + bytes(PLAIN_BYTES - 36)
    assert unpack_choice(plain).positions == {1, 4, 9}


@pytest.mark.parametrize("body", [b"\x07\x00\x00", b"\x00\xff\xff"], ids=["unknown kind", "too many"])
def test_a_listed_choice_that_cannot_be_is_not_readable(body):
    with pytest.raises(NotReadable):
        unpack_choice((bytes([3, 0]) + bytes(32) + body).ljust(PLAIN_BYTES, b"\0"))


def test_the_same_choice_never_looks_the_same_twice():
    plain = pack_choice([1, 2], "web")
    assert len({seal(PUBLIC, plain, bound_to=TAG) for _number in range(20)}) == 20


def test_another_key_reads_nothing():
    other, _public = new_key()
    with pytest.raises(NotReadable):
        unseal(other, seal(PUBLIC, pack_choice([1], "web"), bound_to=TAG), bound_to=TAG)


def test_a_seal_copied_into_another_slot_does_not_open():
    with pytest.raises(NotReadable):
        unseal(PRIVATE, seal(PUBLIC, pack_choice([1], "web"), bound_to=TAG), bound_to=b"\x01" * 32)


@pytest.mark.parametrize("at", [0, 31, 32, 300, 559])
def test_a_changed_byte_is_noticed(at):
    sealed = bytearray(seal(PUBLIC, pack_choice([1], "web"), bound_to=TAG))
    sealed[at] ^= 1
    with pytest.raises(NotReadable):
        unseal(PRIVATE, bytes(sealed), bound_to=TAG)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(560)])
def test_garbage_is_not_readable(sealed):
    with pytest.raises(NotReadable):
        unseal(PRIVATE, sealed, bound_to=TAG)


def test_only_the_one_length_is_sealed():
    with pytest.raises(ValueError, match="bytes to seal"):
        seal(PUBLIC, b"x" * (PLAIN_BYTES - 1), bound_to=TAG)


@pytest.mark.parametrize("position", [0, -1, MOST_OPTIONS + 1])
def test_a_position_outside_the_ballot_is_refused(position):
    with pytest.raises(ValueError, match="does not fit"):
        pack_choice([position], "web")
