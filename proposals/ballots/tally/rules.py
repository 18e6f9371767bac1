"""The rules by name: what `count` can count with.

@rule("greedy_cost", "Most votes first, skip what does not fit")
def greedy_cost(profile, budget, *, tie_rule=LOWEST_COST_THEN_ID): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from groundwork.registry import Registry
from proposals.ballots.tally.amounts import Amount
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import Profile, TallyResult


class Count(Protocol):
    """What every rule is: a pure function of the ballots, the budget and the stated tie rule."""

    def __call__(self, profile: Profile, budget: Amount, *, tie_rule: TieRule = ...) -> TallyResult: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to count: a permanent name for data and commands, a title for people, and the function."""

    name: str
    title: str
    count: Count


RULES: Registry[Rule] = Registry("rule")


def rule(name: str, title: str) -> Callable[[Count], Count]:
    """Register the decorated function as a rule; a second rule of the same name is refused."""

    def register(function: Count) -> Count:
        RULES.add(name, Rule(name, title, function))
        return function

    return register


def count(
    name: str, profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID
) -> TallyResult:
    """Count the profile within the budget (in the unit of the costs) by the rule of this name.

    Raises KeyError for an unknown rule, WrongBallots when the rule cannot count this kind of ballot,
    ValueError for a negative budget.
    """
    return RULES.get(name).count(profile, budget, tie_rule=tie_rule)
