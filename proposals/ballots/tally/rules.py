"""The rules by name: what `count` can count with.

@rule("greedy_cost", "Most votes first, skip what does not fit")
def greedy_cost(profile, budget, *, tie_rule=LOWEST_COST_THEN_ID): ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from groundwork.registry import Registry
from proposals.ballots.tally.amounts import Amount
from proposals.ballots.tally.reserves import Reserve
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import Profile, TallyResult

_F = TypeVar("_F", bound="Count")


class Count(Protocol):
    """What every rule is: a pure function of the ballots, the budget and the stated tie rule. Some take `reserves` too."""

    def __call__(self, profile: Profile, budget: Amount, *, tie_rule: TieRule = ...) -> TallyResult: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to count: a permanent name for data and commands, a title for people, and the function."""

    name: str
    title: str
    count: Count
    takes_reserves: bool = False


RULES: Registry[Rule] = Registry("rule")


def rule(name: str, title: str, *, takes_reserves: bool = False) -> Callable[[_F], _F]:
    """Register the decorated function as a rule; a second rule of the same name is refused."""

    def register(function: _F) -> _F:
        RULES.add(name, Rule(name, title, function, takes_reserves))
        return function

    return register


def count(
    name: str,
    profile: Profile,
    budget: Amount,
    *,
    tie_rule: TieRule = LOWEST_COST_THEN_ID,
    reserves: Sequence[Reserve] = (),
) -> TallyResult:
    """Count the profile within the budget (in the unit of the costs) by the rule of this name.

    Raises KeyError for an unknown rule, WrongBallots when the rule cannot count this kind of ballot,
    ValueError for a negative budget and for reserves with a rule that knows none.
    """
    found = RULES.get(name)
    if reserves and not found.takes_reserves:
        raise ValueError(f"The rule {name} knows no reserved shares.")
    more: dict[str, Any] = {"reserves": reserves} if reserves else {}
    return found.count(profile, budget, tie_rule=tie_rule, **more)
