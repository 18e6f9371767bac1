"""What is looked at first. The formula is public: docs/moderation.md and the page of the log say the same in words.

points = 10 × trust of each report + 8 if it waits for approval + 6 for a word of the list + 3 for many links
         + 2 for each text of a wave, at most 20 + 3 for a proposal, 1 for anything else
place in the queue = points + half a point for every hour it waits

The age counts the same for all, so the order between two cases never changes while nothing is added to them: what is
stored is the points less half a point for every hour until it was opened, and that number sorts the queue for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

AN_HOUR = 0.5
PER_REPORT = 10.0
WAITS, WORDS, LINKS, PER_TEXT, MOST_WAVE = 8.0, 6.0, 3.0, 2.0, 20.0


def trust(upheld: int, decided: int) -> float:
    """The share of somebody's earlier reports that were right, smoothed: one half for who has reported nothing yet."""
    return (upheld + 1) / (decided + 2)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a case. `trusts`: one number a report; `marks`: kind -> how many."""

    kind: str
    trusts: Iterable[float] = ()
    marks: dict[str, int] = field(default_factory=dict)
    waits: bool = False


def weight(known: Known) -> float:
    points = sum(PER_REPORT * each for each in known.trusts)
    points += WAITS * known.waits
    points += WORDS * ("words" in known.marks) + LINKS * ("links" in known.marks)
    points += min(PER_TEXT * known.marks.get("wave", 0), MOST_WAVE)
    return points + (3.0 if known.kind == "proposal" else 1.0)


def _hours(at: datetime) -> float:
    return at.timestamp() / 3600


def rank(points: float, opened_at: datetime) -> float:
    return points - AN_HOUR * _hours(opened_at)


def place(stored_rank: float, at: datetime) -> float:
    """The number shown beside a case at this moment."""
    return stored_rank + AN_HOUR * _hours(at)
