"""Two wordings compared word by word. Pure: texts in, pieces out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]

# A word, white space, or one sign. Joined again they are the text.
TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
# Fewer unchanged words than this between two changes make a text of shreds: then the gap counts as changed.
GAP = 1


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


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
    before, after = tokens(old), tokens(new)
    steps: list[tuple[str, list[str], list[str]]] = []
    for tag, i1, i2, j1, j2 in opcodes(before, after):
        gone, come = before[i1:i2], after[j1:j2]
        if tag == "equal" and _is_gap(gone) and steps and i2 < len(before) and j2 < len(after):
            tag = "bridge"
        steps.append((tag, gone, come))
    return _pieces(steps)


def _is_gap(words: Sequence[str]) -> bool:
    """White space alone between two changes."""
    return len(words) <= GAP and all(word.isspace() for word in words)


def _pieces(steps: Sequence[tuple[str, list[str], list[str]]]) -> list[Piece]:
    pieces: list[Piece] = []
    gone, come = "", ""

    def flush() -> None:
        nonlocal gone, come
        if gone:
            pieces.append(Piece("removed", gone))
        if come:
            pieces.append(Piece("added", come))
        gone, come = "", ""

    for tag, old_words, new_words in steps:
        if tag == "equal":
            flush()
            if pieces and pieces[-1].kind == "same":
                pieces[-1] = Piece("same", pieces[-1].text + "".join(old_words))
            else:
                pieces.append(Piece("same", "".join(old_words)))
        else:
            gone += "".join(old_words)
            come += "".join(new_words)
    flush()
    return pieces


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
