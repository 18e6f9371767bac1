"""What a count waits for and tells, from rooms the votes do not know: ballots that are still on paper.

late.add("paper", Late(may_count=…, may_publish=…, at_the_count=…, told=…, template="…"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.answer import Answer, Yes
from groundwork.registry import Registry

if TYPE_CHECKING:
    from proposals.ballots.models import Tally, Vote


@dataclass(frozen=True, slots=True)
class Late:
    """`may_count` is asked after the close, `may_publish` before anybody confirms. `at_the_count` runs in the transaction of
    the count and returns figures for `Tally.result`; `told` is the context of `template` on the result page (of one envelope: by its
    letter), or None."""

    may_count: Callable[[Vote, datetime], Answer]
    may_publish: Callable[[Tally], Answer]
    at_the_count: Callable[[Vote], dict[str, Any]]
    told: Callable[[Tally, str], dict[str, Any] | None]
    template: str


lates: Registry[Late] = Registry("thing a count waits for")


def may_count(vote: Vote, at: datetime) -> Answer:
    """Whether everything that belongs to this vote is in the box; the first reason why not."""
    return next((no for late in lates if not (no := late.may_count(vote, at))), Yes())


def may_publish(tally: Tally) -> Answer:
    return next((no for late in lates if not (no := late.may_publish(tally))), Yes())


def at_the_count(vote: Vote) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for late in lates:
        figures |= late.at_the_count(vote)
    return figures


def told(tally: Tally, envelope: str = "") -> list[dict[str, Any]]:
    """What the result page says of it, or that of one envelope: templates with their contexts."""
    found = []
    for late in lates:
        context = late.told(tally, envelope)
        if context is not None:
            found.append({"template": late.template, "context": context})
    return found
