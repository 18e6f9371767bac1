"""How many people hear of an answer, before it is given: whoever tells them counts them, so that the number cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cocreation.models import Process
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

# (process, contributions, who answers) -> authors who hear of it, and others beside them.
Counter = Callable[[Process, Sequence[int], "Person"], tuple[int, int]]
hearers: Registry[Counter] = Registry("counter of who hears of an answer")


def reach(process: Process, contribution: int, by: Person) -> int:
    """How many people beside the author hear of an answer of `by`; nobody where no room tells people."""
    authors, others = reach_of_many(process, [contribution], by)
    return max(0, authors - 1) + others


def reach_of_many(process: Process, targets: Sequence[int], by: Person) -> tuple[int, int]:
    """How many authors, and how many others beside them, hear of one answer to all of these."""
    found = [count(process, targets, by) for count in hearers] if targets else []
    return sum(authors for authors, _others in found), sum(others for _authors, others in found)
