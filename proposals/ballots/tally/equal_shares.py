"""The Method of Equal Shares: every voter has the same money, and the projects that need least from each win.

Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities",
NeurIPS 2021; the completion Add1 as equalshares.net recommends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.greedy import fill
from proposals.ballots.tally.rules import rule
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import (
    BallotKind,
    NotSelected,
    Outcome,
    Payment,
    Profile,
    Round,
    TallyResult,
)

if TYPE_CHECKING:
    from proposals.ballots.tally.shares import Electorate, Shares, Turn


@rule("mes_cost", "Equal Shares, a project is worth what it costs")
def mes_cost(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """Each voter has `budget / voters`. Again and again fund the project with the most votes for their money.

    Supporters pay the same share, or all they have left where that is less; the project whose full share is the
    smallest part of its cost goes next. It ends when no supporters can pay for what they want. Money may remain.
    """
    need(profile, BallotKind.APPROVAL)
    return _equal_shares("mes_cost", profile, budget, tie_rule, by_cost=True)


@rule("mes_card", "Equal Shares, every project is worth the same")
def mes_card(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `mes_cost`, but the project whose full share is the smallest sum goes next."""
    need(profile, BallotKind.APPROVAL)
    return _equal_shares("mes_card", profile, budget, tie_rule)


@rule("mes_cum", "Equal Shares with points")
def mes_cum(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `mes_card`, but supporters pay in proportion to the points they gave."""
    need(profile, BallotKind.CUMULATIVE, BallotKind.SCORING)
    return _equal_shares("mes_cum", profile, budget, tie_rule)


@rule("mes_borda", "Equal Shares with rankings")
def mes_borda(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `mes_cum`, with Borda points from each ranking."""
    need(profile, BallotKind.ORDINAL)
    return _equal_shares("mes_borda", profile, budget, tie_rule)


@rule("add1_cost", "Equal Shares, with more money for each until it is used up")
def add1_cost(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """`mes_cost` again and again, each time with one unit of money more for every voter.

    It ends with the first outcome beside which no further project fits the budget, or with the last outcome before
    the one that would exceed it.
    """
    need(profile, BallotKind.APPROVAL)
    return _equal_shares("add1_cost", profile, budget, tie_rule, by_cost=True, add=True)


@rule("add1u_cost", "Equal Shares until it is used up, the rest to those with most votes")
def add1u_cost(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """`add1_cost`, and what then remains is given out by `greedy_cost`."""
    need(profile, BallotKind.APPROVAL)
    return _equal_shares("add1u_cost", profile, budget, tie_rule, by_cost=True, add=True, complete=True)


def _equal_shares(
    name: str,
    profile: Profile,
    budget: Amount,
    tie_rule: TieRule,
    *,
    by_cost: bool = False,
    add: bool = False,
    complete: bool = False,
) -> TallyResult:
    if budget < 0:
        raise ValueError("The budget is negative.")
    from proposals.ballots.tally import shares  # numpy is loaded only when somebody counts by this rule

    electorate = shares.Electorate(profile, tie_rule, by_cost=by_cost)
    first = Fraction(budget) / max(electorate.voters, 1)
    added = add_units(electorate, first, budget) if add and electorate.voters else 0
    turns, rest = shares.run(electorate, first + added)
    return _told(name, budget, tie_rule, electorate, turns, rest, first + added, added, complete)


# Ranges of sums are made longer as long as there is hardly more than one way a count may go with them, and shorter when there are many.
# Where a longer range told nothing, so many shorter ones come before the next attempt.
EASY, HARD, PATIENCE = 1.25, 2.0, 8


def add_units(electorate: Electorate, first: Fraction, budget: Amount) -> int:
    """How many units more each voter gets: Add1 without trying every sum.

    As long as Add1 certainly goes on for a whole range of sums, the sums in between are passed over.
    """
    from proposals.ballots.tally.scout import End, Scout, end_of
    from proposals.ballots.tally.shares import run

    def exactly(more: int) -> End:
        funded = frozenset(turn.project for turn in run(electorate, first + more)[0])
        return end_of(electorate, money, funded, sum(electorate.costs[project] for project in funded))

    money = budget * electorate.unit
    scout = Scout(electorate, money)
    added, together, patience = 0, 1, 0
    while True:
        ends = scout.ends(first + added, first + added + together - 1)
        if ends == {End.GOES_ON}:
            added += together
            patience -= 1
            if scout.effort < EASY and patience < 0:
                together *= 2
            elif scout.effort > HARD:
                together = max(1, together // 2)
            continue
        if together > 1:
            together, patience = together // 2, PATIENCE
            continue
        end = ends.pop() if ends is not None and len(ends) == 1 else exactly(added)
        if end is not End.GOES_ON:
            return added if end is End.USED_UP else added - 1
        added += 1


def _have(electorate: Electorate, rest: Shares, number: int) -> Amount:
    """What those who want this project have left together."""
    return whole_if_possible(Fraction(rest.total(number), rest.common * electorate.unit))


def _told(
    name: str,
    budget: Amount,
    tie_rule: TieRule,
    electorate: Electorate,
    turns: Sequence[Turn],
    rest: Shares,
    each: Fraction,
    added: int,
    complete: bool,
) -> TallyResult:
    """The rounds in words: what was funded and who paid, then every other project with what its voters lacked."""
    projects = electorate.projects
    votes = {
        project.id: whole_if_possible(Fraction(weight, electorate.whole))
        for project, weight in zip(projects, electorate.weight, strict=True)
    }
    rounds: list[Round] = []
    left: Amount = budget
    for turn in turns:
        project = projects[turn.project]
        before, left = left, whole_if_possible(Fraction(left - project.cost))
        tied = tuple(projects[other].id for other in turn.tied)
        rounds.append(
            Round(
                number=len(rounds) + 1,
                project=project.id,
                votes=votes[project.id],
                cost=project.cost,
                left_before=before,
                left_after=left,
                outcome=Outcome.FUNDED,
                tied_with=tied,
                tie_rule=tie_rule.name if tied else None,
                payment=Payment(
                    turn.in_full, whole_if_possible(turn.each), turn.poor, whole_if_possible(turn.poor_paid)
                ),
            )
        )
    chosen = {turn.project for turn in turns}
    others = [number for number in range(len(projects)) if number not in chosen]
    if complete:
        ordered = sorted(
            (projects[number] for number in others), key=lambda p: (-votes[p.id], tie_rule.key(p))
        )
        have = {projects[number].id: _have(electorate, rest, number) for number in others}
        rounds += [
            replace(turn, have=have[turn.project])
            for turn in fill(ordered, votes, left, tie_rule, after=len(rounds), pot="completion")
        ]
    else:
        for number in sorted(others, key=lambda number: (-votes[projects[number].id], number)):
            project = projects[number]
            left_over = _have(electorate, rest, number)
            rounds.append(
                Round(
                    number=len(rounds) + 1,
                    project=project.id,
                    votes=votes[project.id],
                    cost=project.cost,
                    left_before=left,
                    left_after=left,
                    outcome=Outcome.SUPPORTERS_CANNOT_PAY,
                    missing=whole_if_possible(max(Fraction(0), Fraction(project.cost - left_over))),
                    have=left_over,
                )
            )
    funded = [turn for turn in rounds if turn.outcome is Outcome.FUNDED]
    return TallyResult(
        rule=name,
        tie_rule=tie_rule.name,
        budget=budget,
        selected=tuple(turn.project for turn in funded),
        cost=whole_if_possible(Fraction(sum((turn.cost for turn in funded), Fraction(0)))),
        rounds=tuple(rounds),
        not_selected=tuple(
            NotSelected(turn.project, turn.outcome, turn.missing)
            for turn in rounds
            if turn.outcome is not Outcome.FUNDED
        ),
        each=whole_if_possible(each),
        added=added,
    )
