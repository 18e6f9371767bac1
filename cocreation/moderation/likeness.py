"""What a text looks like to a machine. Pure functions: no database, no person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

from rapidfuzz import fuzz

# Shorter texts are alike by chance ("Good idea!"): they are never a wave.
SHORTEST = 24
ALIKE = 90.0
_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"']+", re.IGNORECASE)
_GAPS = re.compile(r"[\W_]+")


def normal(text: str) -> str:
    """Letters and digits only, small, one space between words: what remains when somebody changes dots and capitals."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _GAPS.sub(" ", plain).strip()


def digest(text: str) -> str:
    return blake2b(normal(text).encode(), digest_size=16).hexdigest()


def alike(one: str, other: str) -> bool:
    """The same, or nearly the same, and long enough to mean something."""
    a, b = normal(one), normal(other)
    if min(len(a), len(b)) < SHORTEST:
        return False
    return a == b or fuzz.ratio(a, b, score_cutoff=ALIKE) > 0


def links_in(text: str) -> int:
    return len(_LINK.findall(text))


def hits(text: str, phrases: Iterable[str]) -> list[str]:
    """The phrases that stand in the text as whole words, however they are spaced or written."""
    padded = f" {normal(text)} "
    return [phrase for phrase in phrases if (known := normal(phrase)) and f" {known} " in padded]
