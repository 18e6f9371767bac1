"""Which part of a text somebody means: its paragraphs, or what they selected in the page. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = ("title", "summary", "body")
_MARKS = set("*_`#>~|\\")
_LINK = re.compile(r"\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_BULLET = re.compile(r"^[ \t]*(?:[-+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
LONGEST_SELECTION = 4_000


@dataclass(frozen=True, slots=True)
class Passage:
    """`text[start:end]` of one field."""

    field: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return f"{self.field}-{self.start}-{self.end}"


def read_key(key: str, texts: dict[str, str]) -> Passage | None:
    """A passage by its key, if the texts have it and it says something."""
    found = re.fullmatch(r"(title|summary|body)-(\d{1,6})-(\d{1,6})", key)
    if found is None:
        return None
    field, start, end = found[1], int(found[2]), int(found[3])
    if not 0 <= start < end <= len(texts[field]) or not texts[field][start:end].strip():
        return None
    return Passage(field, start, end)


def whole(field: str, text: str) -> Passage:
    return Passage(field, 0, len(text))


def paragraphs(text: str) -> list[Passage]:
    """The paragraphs of a body, as people see them: what blank lines divide."""
    found, at = [], 0
    for part in re.split(r"((?:\r?\n[ \t]*){2,})", text):
        inner = part.strip()
        if inner:
            start = at + part.index(inner)
            found.append(Passage("body", start, start + len(inner)))
        at += len(part)
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as a page shows it, without marks and with single spaces; and where each character stands in the source."""
    hidden: set[int] = set()
    for pattern in (_LINK, _BULLET):
        for match in pattern.finditer(text):
            hidden.update(range(match.start(), match.end()))
    shown: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if place in hidden or sign in _MARKS or sign in "[]":
            continue
        if sign.isspace():
            if shown and shown[-1] != " ":
                shown.append(" ")
                places.append(place)
            continue
        shown.append(sign)
        places.append(place)
    return "".join(shown), places


def _said(text: str) -> str:
    return "".join(_plain(text)[0]).strip()


def selected(text: str, head: str, tail: str, length: int, before: str = "") -> tuple[int, int] | None:
    """Where a selection of the shown page stands in its source, widened to whole words.

    `head` and `tail` are how it begins and ends, `length` how many characters it has with single spaces, `before` what is
    shown right before it. None where the source has no such passage.
    """
    plain, places = _plain(text)
    begins, ends, led_by = _said(head), _said(tail), _said(before)
    if not begins or not ends or not 0 < length <= LONGEST_SELECTION:
        return None
    best: tuple[int, int, int] | None = None
    at = plain.find(begins)
    while at >= 0:
        # Marks that were shown (an asterisk of a list, say) may make the count differ by a few.
        for stop in sorted(range(at + len(begins), len(plain) + 1), key=lambda end: abs(end - at - length))[
            :24
        ]:
            if plain[:stop].endswith(ends) and stop - at >= max(len(begins), len(ends)):
                score = -abs(stop - at - length) * 4 + _shared_end(plain[:at].rstrip(), led_by)
                if best is None or score > best[0]:
                    best = (score, at, stop)
                break
        at = plain.find(begins, at + 1)
    if best is None:
        return None
    return _widened(text, places[best[1]], places[best[2] - 1] + 1)


def _shared_end(one: str, other: str) -> int:
    n = 0
    while n < min(len(one), len(other)) and one[-1 - n] == other[-1 - n]:
        n += 1
    return n


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """To whole words, and to the marks of emphasis that begin and end with them, so that none is torn."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    inner = text[start:end]
    for mark in ("**", "__", "*", "_", "`"):
        if inner.count(mark) % 2 == 0:
            continue
        if text[:start].endswith(mark):
            start -= len(mark)
        elif text[end:].startswith(mark):
            end += len(mark)
        inner = text[start:end]
    return start, end
