"""One kept page, and how it travels: in the memory of this process as it is, in the shared cache compressed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Any

import brotli

# Of each process: about as many as are asked for again and again, and never more bytes than this.
MOST, MOST_BYTES = 400, 24 * 1024 * 1024
# Addresses whose readers are counted.
MOST_ASKED = 5000


@dataclass(slots=True)
class Kept:
    """A page as it was drawn: `drawn` and `until` are seconds since 1970."""

    headers: list[tuple[str, str]]
    packed: bytes
    plain: bytes
    tag: str
    drawn: float
    until: float
    marks: dict[str, str]
    echo: list[tuple[str, list[Any]]]

    def stored(self) -> tuple[Any, ...]:
        return (self.headers, self.packed, self.tag, self.drawn, self.until, self.marks, self.echo)

    @classmethod
    def restored(cls, stored: tuple[Any, ...]) -> Kept:
        headers, packed, tag, drawn, until, marks, echo = stored
        return cls(headers, packed, brotli.decompress(packed), tag, drawn, until, marks, echo)


def packed(body: bytes) -> bytes:
    """A third of a millisecond for a list of forty kilobytes."""
    return brotli.compress(body, quality=3, lgwin=18)


def tag_of(body: bytes) -> str:
    # Weak: the same page compressed in another way is the same page.
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


class Memory:
    """The pages this process showed last, and how often it was asked for others."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._asked: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: Kept) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += _size(page)
            while len(self._pages) > MOST or self._bytes > MOST_BYTES:
                self._drop(next(iter(self._pages)))

    def asked(self, key: str, at: float, life: float) -> int:
        """How often within so many seconds since the first time, this time included."""
        with self._lock:
            times, since = self._asked.pop(key, (0, at))
            if not 0 <= at - since < life:
                times, since = 0, at
            self._asked[key] = times + 1, since
            if len(self._asked) > MOST_ASKED:
                self._asked.popitem(last=False)
            return times + 1

    def drop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._asked.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def _drop(self, key: str) -> None:
        if (gone := self._pages.pop(key, None)) is not None:
            self._bytes -= _size(gone)


def _size(page: Kept) -> int:
    return len(page.plain) + len(page.packed)


memory = Memory()
