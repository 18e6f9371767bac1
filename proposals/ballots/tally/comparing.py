"""The comparison step: Equal Shares stands unless more voters get more of their projects when the most votes go first.

Each voter counts, in both outcomes, the projects of their own that are funded. Who gets more of them in the one is for it; who gets
as many in both is for neither. Only if more are for the other outcome does that one stand.

Source: equalshares.net, the public compute tool (github.com/equalshares/equalshares-compute-tool), its comparison "satisfaction"; the
votes of Wieliczka and Świecie in 2023 had such a step.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from proposals.ballots.tally.amounts import Amount
from proposals.ballots.tally.greedy import greedy_cost
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import BallotKind, Profile, TallyResult

# The rules that this step can follow.
RULES_TO_COMPARE = ("mes_cost", "mes_card", "add1_cost", "add1u_cost")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two outcomes of the same ballots, and how many voters are for the one, for the other, and for neither."""

    shares: tuple[str, ...]
    votes: tuple[str, ...]
    for_shares: int
    for_votes: int
    alike: int

    @property
    def shares_stand(self) -> bool:
        return self.for_votes <= self.for_shares


def compare(profile: Profile, shares: Collection[str], votes: Collection[str]) -> Comparison:
    """Hold the outcome of Equal Shares against the one of most votes first."""
    need(profile, BallotKind.APPROVAL)
    one, other = set(shares), set(votes)
    better = worse = alike = 0
    for ballot, weight in profile.ballots.items():
        more = len(one.intersection(ballot.choices)) - len(other.intersection(ballot.choices))
        if more > 0:
            better += weight
        elif more < 0:
            worse += weight
        else:
            alike += weight
    return Comparison(tuple(shares), tuple(votes), better, worse, alike)


def compared_with_votes(
    profile: Profile, result: TallyResult, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID
) -> tuple[TallyResult, Comparison]:
    """The result that stands after the step, and the step itself. `result` is a count by Equal Shares."""
    if result.rule not in RULES_TO_COMPARE:
        raise ValueError(f"The rule {result.rule} knows no comparison step.")
    other = greedy_cost(profile, budget, tie_rule=tie_rule)
    found = compare(profile, result.selected, other.selected)
    return (result if found.shares_stand else other), found
