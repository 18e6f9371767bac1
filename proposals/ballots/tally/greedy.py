"""Greedy: the best first, skip what does not fit. What most cities do, and what voters expect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.reserves import Reserve, check
from proposals.ballots.tally.rules import rule
from proposals.ballots.tally.scores import need, totals
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import (
    BallotKind,
    NotSelected,
    Outcome,
    Profile,
    Project,
    Round,
    TallyResult,
)

# After so many steps we stop looking for the sum that would have been enough.
_STEPS = 400


@rule("greedy_cost", "Most votes first, skip what does not fit", takes_reserves=True)
def greedy_cost(
    profile: Profile,
    budget: Amount,
    *,
    tie_rule: TieRule = LOWEST_COST_THEN_ID,
    reserves: Sequence[Reserve] = (),
) -> TallyResult:
    """Go through the projects from most to fewest approvals and fund each one that fits into what is left.

    One round per project; equal votes go by the tie rule. A project without a vote may be funded when money
    remains, so in the end no unfunded project would still fit. Budget and costs share one unit.

    With `reserves` each reserved part of the budget goes first, in the order given, to the projects it is for, by
    the same rule; what it does not use is there for all. A project that gets nothing from its reserve has its turn
    again among all.

    Raises WrongBallots unless the profile holds approval ballots, ValueError for a negative budget or reserves that
    exceed it.

    Source: the greedy rule of N. Talmon and P. Faliszewski, "A Framework for Approval-Based Budgeting
    Methods", AAAI 2019, with a project's cost as the satisfaction it gives: votes x cost, taken per unit of
    cost, is votes.
    """
    if budget < 0:
        raise ValueError("The budget is negative.")
    votes = profile.approvals()
    check(reserves, budget, votes)
    counted = _Count.of(profile.projects, votes, budget, tie_rule, reserves)
    by_id = {project.id: project for project in profile.projects}
    last = counted.pots[-1]
    money = money_needed([by_id[turn.project] for turn in last], last[0].left_before if last else 0, last)
    return _result(
        "greedy_cost",
        profile,
        budget,
        tie_rule,
        counted.rounds(),
        votes_needed=lambda id: counted.votes_needed(by_id[id], tie_rule, by_id),
        money_needed=money,
    )


@rule("greedy_card", "Most votes for the money first, skip what does not fit")
def greedy_card(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `greedy_cost`, but the project with the most approvals per unit of its cost goes first."""
    need(profile, BallotKind.APPROVAL)
    return _by_density("greedy_card", profile, budget, tie_rule)


@rule("greedy_cum", "Most points for the money first, skip what does not fit")
def greedy_cum(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `greedy_card`, with points instead of votes."""
    need(profile, BallotKind.CUMULATIVE, BallotKind.SCORING)
    return _by_density("greedy_cum", profile, budget, tie_rule)


@rule("greedy_borda", "Most Borda points for the money first, skip what does not fit")
def greedy_borda(profile: Profile, budget: Amount, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> TallyResult:
    """As `greedy_cum`, with Borda points from each ranking."""
    need(profile, BallotKind.ORDINAL)
    return _by_density("greedy_borda", profile, budget, tie_rule)


def _by_density(name: str, profile: Profile, budget: Amount, tie_rule: TieRule) -> TallyResult:
    if budget < 0:
        raise ValueError("The budget is negative.")
    scores = totals(profile)

    def density(project: Project) -> tuple[bool, Amount]:
        return density_of(scores[project.id], project.cost)

    order = sorted(profile.projects, key=tie_rule.key)
    order.sort(key=density, reverse=True)  # keeps the order of equals
    rounds = fill(order, scores, budget, tie_rule, equal=density)
    return _result(name, profile, budget, tie_rule, rounds)


def density_of(score: Amount, cost: Amount) -> tuple[bool, Amount]:
    """What the order is by where votes are held against cost. Free projects that anybody wants go before all others."""
    if not cost:
        return score > 0, 0
    return False, Fraction(score) / cost


def fill(
    order: Sequence[Project],
    scores: Mapping[str, Amount],
    money: Amount,
    tie_rule: TieRule,
    *,
    equal: Callable[[Project], Any] | None = None,
    after: int = 0,
    pot: str = "",
) -> list[Round]:
    """One round for each project in this order: funded if it fits into what is left. `equal` groups those that tie."""
    rounds: list[Round] = []
    left = money
    for _, equals in groupby(order, key=equal or (lambda project: scores[project.id])):
        tied = list(equals)
        for place, project in enumerate(tied, start=1):
            before = left
            fits = project.cost <= left
            if fits:
                left = whole_if_possible(left - project.cost)
            rounds.append(
                Round(
                    number=after + len(rounds) + 1,
                    project=project.id,
                    votes=scores[project.id],
                    cost=project.cost,
                    left_before=before,
                    left_after=left,
                    outcome=Outcome.FUNDED if fits else Outcome.DOES_NOT_FIT,
                    missing=0 if fits else whole_if_possible(project.cost - before),
                    tied_with=tuple(rival.id for rival in tied[place:]),
                    tie_rule=tie_rule.name if tied[place:] else None,
                    pot=pot,
                )
            )
    return rounds


@dataclass(frozen=True, slots=True)
class _Count:
    """A greedy count: the rounds of every pot with all that had a turn in it, and one round for each project."""

    pots: list[list[Round]]

    @classmethod
    def of(
        cls,
        projects: Iterable[Project],
        votes: Mapping[str, Amount],
        budget: Amount,
        tie_rule: TieRule,
        reserves: Sequence[Reserve],
    ) -> _Count:
        order = sorted(projects, key=lambda project: (-votes[project.id], tie_rule.key(project)))
        pots: list[list[Round]] = []
        chosen: set[str] = set()
        spent = Fraction(0)
        for reserve in reserves:
            mine = [
                project for project in order if project.id in reserve.projects and project.id not in chosen
            ]
            pots.append(fill(mine, votes, reserve.amount, tie_rule, pot=reserve.key))
            funded = [turn for turn in pots[-1] if turn.outcome is Outcome.FUNDED]
            chosen |= {turn.project for turn in funded}
            spent += sum((turn.cost for turn in funded), Fraction(0))
        left = whole_if_possible(budget - spent)
        pots.append(fill([project for project in order if project.id not in chosen], votes, left, tie_rule))
        return cls(pots)

    def rounds(self) -> list[Round]:
        """What reserves paid for, in their order, then all other projects: one round each."""
        turns = [turn for pot in self.pots[:-1] for turn in pot if turn.outcome is Outcome.FUNDED]
        turns += self.pots[-1]
        return [replace(turn, number=number) for number, turn in enumerate(turns, start=1)]

    def votes_needed(
        self, project: Project, tie_rule: TieRule, projects: Mapping[str, Project]
    ) -> int | None:
        """The fewest more votes with which this loser wins.

        Without it every count is the same; so it has to stand before the last project in whose turn there was
        still enough for it, in the pot where that takes the fewest votes.
        """
        found: list[int] = []
        for pot in self.pots:
            mine = next((turn for turn in pot if turn.project == project.id), None)
            before = [turn for turn in pot if turn.project != project.id and turn.left_before >= project.cost]
            if mine is not None and before:
                rival = before[-1]
                ahead = tie_rule.key(project) < tie_rule.key(projects[rival.project])
                found.append(int(rival.votes - mine.votes) + (0 if ahead else 1))
        return min(found, default=None)


def money_needed(order: Sequence[Project], left: Amount, turns: Sequence[Round]) -> dict[str, Amount]:
    """The least more money for all with which each loser wins, the reserves unchanged.

    The outcome stays as it is until the money grows by the smallest sum that is missing anywhere; so only those
    sums are tried, one after the other, as long as it does not take too many.
    """
    costs = [(project.id, project.cost) for project in order]
    missing = [turn.missing for turn in turns if turn.outcome is not Outcome.FUNDED]
    waiting = {turn.project for turn in turns if turn.outcome is not Outcome.FUNDED}
    needed: dict[str, Amount] = {}
    more: Amount = 0
    for _ in range(_STEPS):
        if not missing:
            break
        more += min(missing)
        rest, missing = left + more, []
        for id, cost in costs:
            if cost > rest:
                missing.append(cost - rest)
                continue
            rest -= cost
            if id in waiting:
                needed[id] = whole_if_possible(more)
                waiting.remove(id)
    return needed


def _result(
    name: str,
    profile: Profile,
    budget: Amount,
    tie_rule: TieRule,
    rounds: Sequence[Round],
    *,
    votes_needed: Callable[[str], int | None] = lambda id: None,
    money_needed: Mapping[str, Amount] | None = None,
) -> TallyResult:
    funded = [turn for turn in rounds if turn.outcome is Outcome.FUNDED]
    return TallyResult(
        rule=name,
        tie_rule=tie_rule.name,
        budget=budget,
        selected=tuple(turn.project for turn in funded),
        cost=whole_if_possible(Fraction(sum((turn.cost for turn in funded), Fraction(0)))),
        rounds=tuple(rounds),
        not_selected=tuple(
            NotSelected(
                turn.project,
                turn.outcome,
                turn.missing,
                votes_needed(turn.project),
                (money_needed or {}).get(turn.project),
            )
            for turn in rounds
            if turn.outcome is not Outcome.FUNDED
        ),
    )
