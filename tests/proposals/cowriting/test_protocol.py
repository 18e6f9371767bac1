"""Messages: what is said is heard the same way, and what is no message is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.cowriting import protocol
from proposals.cowriting.protocol import Malformed, Present, Reader

FEW = settings(max_examples=50, deadline=None)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@FEW
@given(st.integers(0, protocol.LARGEST))
def test_a_number_comes_back_as_it_was(value):
    reader = Reader(protocol.number(value))
    assert reader.number() == value
    reader.end()


@FEW
@given(st.sampled_from([protocol.HAVE, protocol.LACK, protocol.WROTE]), st.binary(max_size=300))
def test_a_sync_message_is_heard_as_it_was_said(kind, data):
    heard = protocol.read(protocol.sync(kind, data))
    assert (heard.kind, heard.sync, heard.data) == (protocol.SYNC, kind, data)


@FEW
@given(
    st.lists(
        st.builds(
            Present,
            st.integers(0, 2**32),
            st.integers(0, 2**32),
            st.none() | st.dictionaries(st.text(max_size=5), json_values, max_size=3),
        ),
        max_size=3,
    )
)
def test_presence_is_heard_as_it_was_said(present):
    assert list(protocol.read(protocol.presence(present)).present) == present


@FEW
@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_malformed(data):
    with contextlib.suppress(Malformed):
        protocol.read(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\x00\x03\x00", b"\x00\x02\x05ab", b"\x00\x02\x01ab", b"\x02", b"\x03\x00", b"\x64\x01",
     b"\xff" * 20, b"\x01\x04\x01\x01\x01\x02x]", b"\x01\x05\x01\x01\x01\x01[", b"\x01\x05\x01\x01\x01\x011"],
)  # fmt: skip
def test_what_is_no_message_is_refused(data):
    with pytest.raises(Malformed):
        protocol.read(data)


def test_a_very_deep_presence_is_refused_and_not_a_crash():
    deep = b"[" * 50_000
    entry = protocol.number(1) + protocol.number(1) + protocol.number(1) + protocol.block(deep)
    with pytest.raises(Malformed):
        protocol.read(protocol.number(protocol.PRESENCE) + protocol.block(entry))


def test_of_presence_only_the_cursor_is_kept():
    said = {
        "field": "body",
        "paragraph": 3,
        "place": {"item": {"client": 1, "clock": 2}},
        "name": "Someone else",
        "more": "x" * 99,
    }
    assert protocol.cursor(said) == {
        "field": "body",
        "paragraph": 3,
        "place": {"item": {"client": 1, "clock": 2}},
    }
    assert protocol.cursor({"field": "password"}) == {}
    assert protocol.cursor({"field": "body", "paragraph": -1, "place": {"x": "y" * 999}}) == {"field": "body"}
