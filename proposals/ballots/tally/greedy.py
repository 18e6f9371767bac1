"""Greedy: most votes first, skip what does not fit. What most cities do, and what voters expect."""

from __future__ import annotations

from itertools import groupby

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.rules import rule
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import NotSelected, Outcome, Profile, Round, TallyResult


@rule("greedy_cost", "Most votes first, skip what does not fit")
def greedy_cost(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """Go through the projects from most to fewest approvals and fund each one that fits into what is left.

    One round per project; equal votes go by the tie rule. A project without a vote may be funded when money
    remains, so in the end no unfunded project would still fit. Budget and costs share one unit.

    Raises WrongBallots unless the profile holds approval ballots, ValueError for a negative budget.

    Source: the greedy rule of N. Talmon and P. Faliszewski, "A Framework for Approval-Based Budgeting
    Methods", AAAI 2019, with a project's cost as the satisfaction it gives: votes x cost, taken per unit of
    cost, is votes.
    """
    if budget < 0:
        raise ValueError("The budget is negative.")
    votes = profile.approvals()
    order = sorted(profile.projects, key=lambda project: (-votes[project.id], tie_rule.key(project)))
    rounds: list[Round] = []
    left = budget
    for _, equals in groupby(order, key=lambda project: votes[project.id]):
        tied = list(equals)
        for place, project in enumerate(tied, start=1):
            before = left
            fits = project.cost <= left
            if fits:
                left = whole_if_possible(left - project.cost)
            rounds.append(
                Round(
                    number=len(rounds) + 1,
                    project=project.id,
                    votes=votes[project.id],
                    cost=project.cost,
                    left_before=before,
                    left_after=left,
                    outcome=Outcome.FUNDED if fits else Outcome.DOES_NOT_FIT,
                    missing=0 if fits else whole_if_possible(project.cost - before),
                    tied_with=tuple(rival.id for rival in tied[place:]),
                    tie_rule=tie_rule.name if tied[place:] else None,
                )
            )
    return TallyResult(
        rule="greedy_cost",
        tie_rule=tie_rule.name,
        budget=budget,
        selected=tuple(turn.project for turn in rounds if turn.outcome is Outcome.FUNDED),
        cost=whole_if_possible(budget - left),
        rounds=tuple(rounds),
        not_selected=tuple(
            NotSelected(turn.project, turn.outcome, turn.missing)
            for turn in rounds
            if turn.outcome is not Outcome.FUNDED
        ),
    )
