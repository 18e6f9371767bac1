"""What happens when two projects stand equal. A tie rule is published before the vote, never after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from groundwork.registry import Registry
from proposals.ballots.tally.amounts import Amount
from proposals.ballots.tally.types import Project


@dataclass(frozen=True, slots=True)
class TieRule:
    """An order among equals: the project with the smaller `key` goes first.

    `statement` is the sentence that completes "Among projects with equally many votes ...". Keys of two
    projects must never be equal, so every key ends with the project's id. A lot drawn before the vote is a
    TieRule too.
    """

    name: str
    statement: str
    key: Callable[[Project], tuple[Amount, str]]


TIE_RULES: Registry[TieRule] = Registry("tie rule")


def _add(rule: TieRule) -> TieRule:
    return TIE_RULES.add(rule.name, rule)


# Ids are compared as text, character by character: "10" goes before "9".
LEXICOGRAPHIC_ID = _add(
    TieRule(
        "lexicographic_id", "the one whose id comes first as text goes first", lambda project: (0, project.id)
    )
)

# The rule a city gets unless it states another one.
LOWEST_COST_THEN_ID = _add(
    TieRule(
        "lowest_cost_then_id",
        "the one that costs less goes first, then the one whose id comes first as text",
        lambda project: (project.cost, project.id),
    )
)


# The name of the tie rule that is a lot. It is not among the others: without its seed it has no order.
LOT = "lot"


def drawn_by_lot(seed: str) -> TieRule:
    """A lot that anybody can draw again: the seed is fixed by a public draw, and promised before it.

    Each project's place is the SHA-256 of the seed, a line end and its id, read as a number: the smallest goes first.
    """

    def key(project: Project) -> tuple[Amount, str]:
        digest = hashlib.sha256(f"{seed}\n{project.id}".encode()).digest()
        return int.from_bytes(digest, "big"), project.id

    return TieRule(LOT, f"the lot decides that was drawn with the seed {seed!r}", key)
