"""Sequential Phragmén: money flows to all voters alike, and a project is bought when its supporters have its cost.

Source: M. Los, Z. Christoff, D. Grossi, "Proportional Budget Allocations: Towards a Systematization", IJCAI 2022.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.rules import rule
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import (
    BallotKind,
    NotSelected,
    Outcome,
    Payment,
    Profile,
    Project,
    Round,
    TallyResult,
)


@rule("phragmen_x", "Phragmén: bought as soon as its voters have the money")
def phragmen_x(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """Every voter gets money at the same steady pace; supporters who have together what a project costs buy it.

    They then have nothing and go on saving. It ends when the next project, or one that stands equal with it, would
    exceed the budget. `selected` is sorted by id, because the order is only that of the clock; the rounds have it.
    """
    need(profile, BallotKind.APPROVAL)
    if budget < 0:
        raise ValueError("The budget is negative.")
    votes = profile.approvals()
    left_over = {project.id: project for project in profile.projects}
    rounds: list[Round] = []
    left: Amount = budget
    for turn in turns_of(profile, tie_rule):
        if any(project.cost > left for project in turn.equals):
            break
        project = turn.equals[0]
        del left_over[project.id]
        before, left = left, whole_if_possible(Fraction(left - project.cost))
        rounds.append(
            _round(len(rounds), project, votes, before, left, turn.equals[1:], tie_rule, turn.moment)
        )
    bought = tuple(sorted(turn.project for turn in rounds))
    cost = whole_if_possible(Fraction(budget - left))
    for project in sorted(left_over.values(), key=lambda p: (-votes[p.id], tie_rule.key(p))):
        fits = project.cost <= left
        rounds.append(
            Round(
                number=len(rounds) + 1,
                project=project.id,
                votes=votes[project.id],
                cost=project.cost,
                left_before=left,
                left_after=left,
                outcome=Outcome.NOT_REACHED if fits else Outcome.DOES_NOT_FIT,
                missing=0 if fits else whole_if_possible(Fraction(project.cost - left)),
            )
        )
    return TallyResult(
        rule="phragmen_x",
        tie_rule=tie_rule.name,
        budget=budget,
        selected=bought,
        cost=cost,
        rounds=tuple(rounds),
        not_selected=tuple(
            NotSelected(turn.project, turn.outcome, turn.missing)
            for turn in rounds
            if turn.outcome is not Outcome.FUNDED
        ),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """One purchase as it would be without a budget: when, and which projects were due at that moment, the first by the tie rule
    first. `saved` is, by project that nobody had bought yet, the sum of the moments its voters last bought at."""

    moment: Fraction
    equals: list[Project]
    saved: dict[str, tuple[Fraction, int]]


def turns_of(profile: Profile, tie_rule: TieRule, *, told: bool = False) -> Iterator[Turn]:
    """The purchases in their order, for any budget. With `told` each has what `saved` says."""
    votes = profile.approvals()
    left_over = {project.id: project for project in profile.projects}
    unit = lcm(1, *(project.cost.denominator for project in profile.projects))
    costs = {project.id: int(project.cost * unit) for project in profile.projects}
    supporters: dict[str, list[int]] = {project.id: [] for project in profile.projects}
    groups: list[tuple[frozenset[str], int]] = []
    for ballot, weight in profile.ballots.items():
        groups.append((frozenset(ballot.choices), weight))
        for id in groups[-1][0]:
            supporters[id].append(len(groups) - 1)
    # What counts of a group is the moment at which it last bought. All moments are integers over one denominator.
    common = 1
    moments = [0]
    last = [0] * len(groups)
    used = dict.fromkeys(supporters, 0)  # the sum of the moments of the supporters
    while True:
        due = {id: Fraction(used[id] + costs[id] * common, votes[id]) for id in left_over if votes[id]}
        if not due:
            return
        first = min(due.values())
        equals = sorted((left_over[id] for id, when in due.items() if when == first), key=tie_rule.key)
        saved = {id: (Fraction(used[id], common * unit), votes[id]) for id in left_over} if told else {}
        yield Turn(first / (common * unit), equals, saved)
        project = equals[0]
        del left_over[project.id]
        finer = first.denominator
        common *= finer
        used = {id: moments_of * finer for id, moments_of in used.items()}
        moments = [*(earlier * finer for earlier in moments), first.numerator]
        for group in supporters[project.id]:
            ids, weight = groups[group]
            gained = weight * (moments[-1] - moments[last[group]])
            last[group] = len(moments) - 1
            if gained:
                for id in ids:
                    used[id] += gained


def _round(
    number: int,
    project: Project,
    votes: dict[str, int],
    before: Amount,
    left: Amount,
    waiting: list[Project],
    tie_rule: TieRule,
    moment: Fraction,
) -> Round:
    return Round(
        number=number + 1,
        project=project.id,
        votes=votes[project.id],
        cost=project.cost,
        left_before=before,
        left_after=left,
        outcome=Outcome.FUNDED,
        tied_with=tuple(rival.id for rival in waiting),
        tie_rule=tie_rule.name if waiting else None,
        payment=Payment(0, whole_if_possible(moment), votes[project.id], project.cost),
    )
