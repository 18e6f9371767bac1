"""The words of any contribution, for those who look at many kinds at once: each kind's room says how to read and change them.

wordings.add("comment", Wordings(read=read_comments, write=reword))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a contribution: its name, what it is called, and how long it may be."""

    name: str
    words: Words
    text: str
    most: int
    long: bool = False


@dataclass(frozen=True, slots=True)
class Wordings:
    """`read(keys)` gives the pieces of contributions by key, as they stand now, in one query. `write` puts new words in
    their place, as its author's; None where they cannot be changed."""

    read: Callable[[Collection[int]], Mapping[int, list[Piece]]]
    write: Callable[[Contribution, Mapping[str, str], Person, datetime], None] | None = None


wordings: Registry[Wordings] = Registry("wording of a kind of contribution")


def pieces_of(contributions: Iterable[Contribution]) -> dict[int, list[Piece]]:
    """The words of contributions of any kind, by key. One query a kind."""
    by_kind: dict[str, list[int]] = {}
    for each in contributions:
        by_kind.setdefault(each.kind, []).append(each.pk)
    found: dict[int, list[Piece]] = {}
    for kind, keys in by_kind.items():
        if known := wordings.find(kind):
            found |= known.read(keys)
    return found


def text_of(pieces: Iterable[Piece]) -> str:
    return "\n\n".join(piece.text for piece in pieces if piece.text)
