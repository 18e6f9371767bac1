"""The document of a shared draft: three Yjs texts, put together from updates and changed by minimal differences.

Yjs counts UTF-16 units in browsers; the library of the server counts UTF-8 bytes. Only this module knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pycrdt import Doc, Text, merge_updates
from rapidfuzz.distance import Indel

from proposals.actions import Wording

FIELDS = ("title", "summary", "body")
# As they come from the database.
Bytes = bytes | memoryview
EMPTY = b"\x00\x00"
# A text of 10,000 characters with its whole history of changes stays far below.
MOST_BYTES = 1_000_000


class Broken(ValueError):
    """An update that is none, or that makes something else of the document than three texts."""


def started(words: Wording) -> bytes:
    """The document that says these words."""
    doc: Doc = Doc()
    for name in FIELDS:
        doc[name] = Text(getattr(words, name))
    return bytes(doc.get_update())


def opened(updates: Iterable[Bytes]) -> Doc:
    """The document that all these updates make. Raises Broken."""
    doc: Doc = Doc()
    for name in FIELDS:
        doc.get(name, type=Text)
    for update in updates:
        _apply(doc, bytes(update))
    return doc


def take(doc: Doc, update: bytes) -> bool:
    """Apply one more update; False when it brings nothing new. Raises Broken, and then the document is spoilt."""
    before = doc.get_update()
    _apply(doc, update)
    if foreign := set(doc.keys()).difference(FIELDS):
        raise Broken(", ".join(foreign))
    for name in FIELDS:
        text = doc.get(name, type=Text)
        # Pictures and other embedded things count, but say nothing.
        if len(text) != len(str(text).encode()):
            raise Broken(name)
    return bool(doc.get_update() != before)


def _apply(doc: Doc, update: bytes) -> None:
    try:
        doc.apply_update(update)
    except Exception as trouble:  # the library says ValueError, and whatever its decoder says
        raise Broken(str(trouble)) from None


def words_of(doc: Doc) -> Wording:
    return Wording(*(str(doc.get(name, type=Text)) for name in FIELDS))


def merged(updates: Iterable[Bytes]) -> bytes:
    """One update that says what all say; also what waits for an update that has not come yet."""
    return bytes(merge_updates(*[bytes(update) for update in updates]))


def rewritten(state: bytes, words: Wording) -> bytes:
    """The update that turns the texts of `state` into these words and touches nothing that stays. EMPTY for no change."""
    doc = opened([state])
    before = doc.get_state()
    changed = False
    with doc.transaction():
        for name in FIELDS:
            text, wanted = doc.get(name, type=Text), getattr(words, name)
            for place in reversed(list(differences(str(text), wanted))):
                changed = True
                if place.gone:
                    del text[place.at : place.at + len(place.gone.encode())]
                if place.new:
                    text.insert(place.at, place.new)
    return bytes(doc.get_update(before)) if changed else EMPTY


@dataclass(frozen=True, slots=True)
class Difference:
    """From byte `at` on, `gone` becomes `new`."""

    at: int
    gone: str
    new: str


_WORDS = re.compile(r"\w+|\s|[^\w\s]")


def differences(old: str, new: str) -> Iterator[Difference]:
    """Word by word, so that what two people wrote is never woven together letter by letter."""
    at = 0
    for kind, gone, put in _steps(old, new):
        if kind != "same":
            yield Difference(at, gone, put)
        at += len(gone.encode())


def _steps(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """("same" | "other", words of the old text, words of the new one), in order."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    codes = Indel.opcodes(before, after)
    for same, group in groupby(codes, key=lambda code: code.tag == "equal"):
        steps = list(group)
        gone = "".join(before[steps[0].src_start : steps[-1].src_end])
        put = "".join(after[steps[0].dest_start : steps[-1].dest_end])
        yield "same" if same else "other", gone, put


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison: kind "same", "gone" or "new"."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """For readers: both texts in one, with what goes and what comes. A blank between two changed words is changed too."""
    steps: list[tuple[str, str, str]] = []
    for kind, gone, put in _steps(old, new):
        joins = (
            len(steps) > 1 and steps[-1][0] == "same" and steps[-1][1].isspace() and "\n" not in steps[-1][1]
        )
        if kind == "other" and joins:
            blank = steps.pop()[1]
            _kind, before, after = steps.pop()
            gone, put = before + blank + gone, after + blank + put
        steps.append((kind, gone, put))
    pieces = []
    for kind, gone, put in steps:
        if kind == "same":
            pieces.append(Piece("same", gone))
        else:
            pieces += [Piece(name, text) for name, text in (("gone", gone), ("new", put)) if text]
    return pieces
