"""Two texts side by side, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def word_difference(before: str, after: str) -> list[Piece]:
    """The shortest honest way from one text to the other in whole words; spaces belong to the word before them."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    matcher = SequenceMatcher(
        None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False
    )
    pieces: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[k:m])))
        else:
            pieces += [Piece("gone", "".join(old[i:j]))] if j > i else []
            pieces += [Piece("new", "".join(new[k:m]))] if m > k else []
    return pieces
