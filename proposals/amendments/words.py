"""Two wordings compared word by word. Pure: texts in, pieces out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from proposals.differences import Part as Piece
from proposals.differences import parts

# A word, white space, or one sign. Joined again they are the text.
TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def tokens(text: str) -> list[str]:
    return TOKENS.findall(text)


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """What changes between two lists of words. What both begin and end with is set aside first: most of a text stays."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    found = [("equal", 0, head, 0, head)] if head else []
    matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        found.append((tag, i1 + head, i2 + head, j1 + head, j2 + head))
    if tail:
        found.append(("equal", old_end, len(old), new_end, len(new)))
    return found


def changes(old: str, new: str) -> list[Piece]:
    """The way from one text to the other: what stays, goes and comes, in reading order; what goes before what comes.

    Joining what is "same" and "removed" gives `old`, "same" and "added" gives `new`.
    """
    return list(parts(old, new))


def shortened(pieces: Sequence[Piece], around: int = 12) -> list[Piece]:
    """The changes with about `around` words of what surrounds them, from the same paragraph; what is cut becomes "…"."""
    short: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.kind != "same":
            short.append(piece)
            continue
        first, last = number == 0, number == len(pieces) - 1
        if first and last:
            short.append(piece)
        elif first:
            short.append(Piece("same", _end_of(piece.text, around)))
        elif last:
            short.append(Piece("same", _beginning_of(piece.text, around)))
        elif len(tokens(piece.text)) > 4 * around:
            short.append(Piece("same", f"{_beginning_of(piece.text, around)} {_end_of(piece.text, around)}"))
        else:
            short.append(piece)
    return short


def _end_of(text: str, around: int) -> str:
    kept = text.rpartition("\n\n")[2] or text
    words = tokens(kept)[-2 * around :]
    cut = "".join(words).lstrip()
    return text if len(cut) == len(text) else f"… {cut}"


def _beginning_of(text: str, around: int) -> str:
    kept = text.partition("\n\n")[0] or text
    words = tokens(kept)[: 2 * around]
    cut = "".join(words).rstrip()
    return text if len(cut) == len(text) else f"{cut} …"
