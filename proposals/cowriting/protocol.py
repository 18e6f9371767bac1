"""What goes over the line: the messages of y-protocols, and two of our own. Pure bytes, no Django.

A message is a number and its payload. Numbers and lengths are variable: seven bits a byte, the lowest first.

0 sync: 0 "this is what I have" (a state vector), 1 "this is what you lack", 2 "this was written" (both an update)
1 presence: who is there and where; never stored    3 "who is there?"
100 saved: so many of the updates you sent on this connection are in the database    101 over: the draft is closed
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

SYNC, PRESENCE, WHO = 0, 1, 3
SAVED, OVER = 100, 101
HAVE, LACK, WROTE = 0, 1, 2
# Numbers above are not exact in a browser.
LARGEST = 2**53 - 1


class Malformed(ValueError):
    """Bytes that are no message."""


def number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(128 | (value & 127))
        value >>= 7
    out.append(value)
    return bytes(out)


def block(data: bytes) -> bytes:
    return number(len(data)) + data


class Reader:
    """Takes a message apart, from the left."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self) -> int:
        value = shift = 0
        while True:
            if self._at >= len(self._data):
                raise Malformed("it ends too early")
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << shift
            if value > LARGEST:
                raise Malformed("a number is too large")
            if byte < 128:
                return value
            shift += 7
            if shift > 56:
                raise Malformed("a number is too long")

    def block(self) -> bytes:
        length = self.number()
        if length > len(self._data) - self._at:
            raise Malformed("it ends too early")
        self._at += length
        return self._data[self._at - length : self._at]

    def end(self) -> None:
        if self._at != len(self._data):
            raise Malformed("something follows")


# --- what is said ---


def sync(kind: int, data: bytes) -> bytes:
    return number(SYNC) + number(kind) + block(data)


def who() -> bytes:
    return number(WHO)


def saved(count: int) -> bytes:
    return number(SAVED) + number(count)


def over(told: dict[str, str]) -> bytes:
    return number(OVER) + block(json.dumps(told).encode())


@dataclass(frozen=True, slots=True)
class Present:
    """One window: its Yjs client, how often it spoke, and where its cursor is (None: it is gone)."""

    client: int
    clock: int
    state: dict[str, Any] | None


def presence(present: list[Present]) -> bytes:
    entries = [
        number(each.client) + number(each.clock) + block(json.dumps(each.state).encode()) for each in present
    ]
    return number(PRESENCE) + block(number(len(entries)) + b"".join(entries))


# --- what is heard ---


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` as above; `sync` which of the three; `data` its bytes; `present` who is there."""

    kind: int
    sync: int = 0
    data: bytes = b""
    present: tuple[Present, ...] = ()


def read(data: bytes) -> Message:
    """What a browser sent. Raises Malformed."""
    reader = Reader(data)
    kind = reader.number()
    if kind == SYNC:
        which = reader.number()
        if which not in (HAVE, LACK, WROTE):
            raise Malformed("an unknown kind of sync")
        message = Message(SYNC, which, reader.block())
    elif kind == PRESENCE:
        message = Message(PRESENCE, present=_present(reader.block()))
    elif kind == WHO:
        message = Message(WHO)
    else:
        raise Malformed("an unknown message")
    reader.end()
    return message


def _present(data: bytes) -> tuple[Present, ...]:
    reader = Reader(data)
    found = []
    for _ in range(reader.number()):
        client, clock, said = reader.number(), reader.number(), reader.block()
        try:
            state = json.loads(said)
        except (ValueError, RecursionError):
            raise Malformed("presence is not JSON") from None
        if state is not None and not isinstance(state, dict):
            raise Malformed("presence is no object")
        found.append(Present(client, clock, state))
    reader.end()
    return tuple(found)


FIELDS = ("title", "summary", "body")


def cursor(state: dict[str, Any]) -> dict[str, Any]:
    """Of what a window says about itself only where its cursor is; who it is the server knows better."""
    field, place, paragraph = state.get("field"), state.get("place"), state.get("paragraph")
    if field not in FIELDS:
        return {}
    kept: dict[str, Any] = {"field": field}
    if isinstance(paragraph, int) and 0 < paragraph < 10_000:
        kept["paragraph"] = paragraph
    if isinstance(place, dict) and len(json.dumps(place)) <= 300:
        kept["place"] = place
    return kept
