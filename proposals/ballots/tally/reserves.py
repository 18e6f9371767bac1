"""A part of the budget kept for some of the projects: for a theme, a district, an age."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from proposals.ballots.tally.amounts import Amount


@dataclass(frozen=True, slots=True)
class Reserve:
    """So much of the budget goes first to these projects (ids); `key` names the pot in every round it pays for."""

    key: str
    amount: Amount
    projects: frozenset[str]


def check(reserves: Sequence[Reserve], budget: Amount, known: Collection[str]) -> None:
    """Raise ValueError for reserves that cannot be kept."""
    if any(not reserve.key for reserve in reserves) or len({r.key for r in reserves}) != len(reserves):
        raise ValueError("Every reserve needs a key of its own.")
    if any(reserve.amount < 0 for reserve in reserves):
        raise ValueError("A reserve is negative.")
    if sum(reserve.amount for reserve in reserves) > budget:
        raise ValueError("The reserves are more than the budget.")
    for reserve in reserves:
        if not reserve.projects <= set(known):
            raise ValueError(f"The reserve {reserve.key!r} names unknown projects.")
