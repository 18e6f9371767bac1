"""One winner out of several options: the nouns of such a count and the rules by name.

    profile = Profile.of([Project("a", 0), Project("b", 0)], [["a"], ["a"], ["b"]])
    decision = decide("plurality", profile)
    decision.winner                     # "a"
    print(*decision.steps, sep="\\n")   # why, step by step

Options are projects whose cost nobody looks at. What a ballot may hold stands with each rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from groundwork.registry import Registry
from proposals.ballots.tally.amounts import Amount, amount_text
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import Ballot, BallotKind, Profile


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words: a sentence with gaps, what fills them, and the figures it rests on (option to figure).

    Sentence and values are apart so that the sentence can be translated.
    """

    number: int
    template: str
    values: Mapping[str, object]
    figures: Mapping[str, Amount] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.number}. {self.template.format(**self.values)}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who won and why. `ranking` has every option, the winner first; `tied` says where the tie rule had to decide."""

    rule: str
    tie_rule: str
    ranking: tuple[str, ...]
    steps: tuple[Step, ...]
    tied: bool

    @property
    def winner(self) -> str | None:
        """None only where there was nothing to choose from."""
        return self.ranking[0] if self.ranking else None


class Decide(Protocol):
    def __call__(self, profile: Profile, *, tie_rule: TieRule = ...) -> Decision: ...


@dataclass(frozen=True, slots=True)
class DecisionRule:
    name: str
    title: str
    decide: Decide


DECISIONS: Registry[DecisionRule] = Registry("decision rule")


def decision(name: str, title: str) -> Callable[[Decide], Decide]:
    """Register the decorated function; a second rule of the same name is refused."""

    def register(function: Decide) -> Decide:
        DECISIONS.add(name, DecisionRule(name, title, function))
        return function

    return register


def decide(name: str, profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """Decide by the rule of this name. Raises KeyError for an unknown rule, WrongBallots for other ballots."""
    return DECISIONS.get(name).decide(profile, tie_rule=tie_rule)


def more_ballots(
    name: str, profile: Profile, option: str, *, best: int = 1, tie_rule: TieRule = LOWEST_COST_THEN_ID
) -> int:
    """How many more ballots that name only this option first (or give it the grade `best` and the others none) would have made
    it win: so many and no fewer, 0 for the winner. By none of the rules here do such ballots ever harm it."""
    fan = Ballot((option,), (best,) if profile.kind in (BallotKind.SCORING, BallotKind.CUMULATIVE) else None)

    def wins(more: int) -> bool:
        ballots = dict(profile.ballots)
        if more:
            ballots[fan] = ballots.get(fan, 0) + more
        return decide(name, replace(profile, ballots=ballots), tie_rule=tie_rule).winner == option

    if wins(0):
        return 0
    low, high = 0, 1
    while not wins(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return high


class Story:
    """Steps as they are told, numbered from 1."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def tell(self, template: str, figures: Mapping[str, Amount] | None = None, **values: object) -> None:
        shown = {
            name: amount_text(value) if isinstance(value, int | Fraction) else value
            for name, value in values.items()
        }
        self.steps.append(Step(len(self.steps) + 1, template, shown, figures or {}))


def by_score(
    profile: Profile, scores: Mapping[str, Amount], tie_rule: TieRule
) -> tuple[tuple[str, ...], list[list[str]]]:
    """All options from the highest score down, and the groups of equals, each in the order of the tie rule."""
    order = sorted(profile.projects, key=lambda option: (-scores[option.id], tie_rule.key(option)))
    groups: list[list[str]] = []
    for option in order:
        if groups and scores[groups[-1][0]] == scores[option.id]:
            groups[-1].append(option.id)
        else:
            groups.append([option.id])
    return tuple(option.id for option in order), groups


def listed(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def tell_ties(story: Story, groups: Sequence[Sequence[str]], tie_rule: TieRule) -> bool:
    """Say who was equal; whether the winner was among them."""
    for equals in groups:
        if len(equals) > 1:
            story.tell(
                "{options} are equal; {first} goes first by the rule {tie_rule}.",
                options=listed(equals),
                first=equals[0],
                tie_rule=tie_rule.name,
            )
    return bool(groups) and len(groups[0]) > 1
