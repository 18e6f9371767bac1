"""The nouns of a count: projects and ballots go in, rounds and a result come out.

Money is an `Amount` (int or Fraction) in one unit for costs and budget, whatever the currency; project ids
are text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from proposals.ballots.tally.amounts import Amount, amount_text


class BallotKind(Enum):
    """What a voter writes down."""

    APPROVAL = "approval"  # a set of projects; also the ballot that allows only one
    ORDINAL = "ordinal"  # projects, the best first
    CUMULATIVE = "cumulative"  # projects and how a fixed number of points is shared among them
    SCORING = "scoring"  # projects and a free score for each


class WrongBallots(ValueError):
    """The rule cannot count this kind of ballot."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project on the ballot. The cost is never negative; it may be zero."""

    id: str
    cost: Amount

    def __post_init__(self) -> None:
        if self.cost < 0:
            raise ValueError(f"Project {self.id!r} has a negative cost.")


class Ballot(NamedTuple):
    """What one or many voters chose: project ids, and for points ballots as many points in the same order.

    An approval ballot is a set; writing its ids sorted lets equal ballots meet. In an ordinal ballot order is
    meaning.
    """

    choices: tuple[str, ...]
    points: tuple[Amount, ...] | None = None

    @classmethod
    def approving(cls, ids: Iterable[str]) -> Ballot:
        """An approval ballot in its one written form: every id once, sorted."""
        return cls(tuple(sorted(set(ids))))


@dataclass(frozen=True, slots=True)
class Profile:
    """All projects and all ballots, equal ballots counted once with a weight (how many voters cast them).

    Nobody's name is in here and no order of arrival. Raises ValueError for a project listed twice, a ballot
    that names an unknown project or (approval) one project twice, and a weight below one.
    """

    projects: tuple[Project, ...]
    ballots: Mapping[Ballot, int]
    kind: BallotKind = BallotKind.APPROVAL

    def __post_init__(self) -> None:
        known = {project.id for project in self.projects}
        if len(known) != len(self.projects):
            raise ValueError("Two projects have the same id.")
        approval = self.kind is BallotKind.APPROVAL
        for ballot, weight in self.ballots.items():
            if not known.issuperset(ballot.choices):
                raise ValueError(f"A ballot names unknown projects: {sorted(set(ballot.choices) - known)}.")
            if approval and len(set(ballot.choices)) != len(ballot.choices):
                raise ValueError(f"An approval ballot names a project twice: {ballot.choices}.")
            if weight < 1:
                raise ValueError(f"The ballot {ballot.choices} has weight {weight}; the least is 1.")

    @classmethod
    def of(cls, projects: Iterable[Project], approvals: Iterable[Iterable[str]]) -> Profile:
        """The profile of approval ballots given one by one, each as ids in any order."""
        ballots: dict[Ballot, int] = {}
        for ids in approvals:
            ballot = Ballot.approving(ids)
            ballots[ballot] = ballots.get(ballot, 0) + 1
        return cls(tuple(projects), ballots)

    @property
    def voters(self) -> int:
        """How many ballots were cast, blank ones included."""
        return sum(self.ballots.values())

    def approvals(self) -> dict[str, int]:
        """Votes per project id, 0 included. Raises WrongBallots unless the ballots are approvals."""
        if self.kind is not BallotKind.APPROVAL:
            raise WrongBallots(f"This rule counts approval ballots, and these are {self.kind.value} ballots.")
        votes = {project.id: 0 for project in self.projects}
        for ballot, weight in self.ballots.items():
            for id in ballot.choices:
                votes[id] += weight
        return votes


class Outcome(Enum):
    """How a round ended for its project."""

    FUNDED = "funded"
    DOES_NOT_FIT = "does not fit"
    # Equal Shares: those who want it have less left than it costs.
    SUPPORTERS_CANNOT_PAY = "supporters cannot pay"
    # Phragmén: the count ended before its turn.
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Payment:
    """Who paid for a project where voters pay: so many the full share, so many all they had left.

    `each` is the full share, for one vote or one point; `poor_paid` is what the poor gave together.
    """

    in_full: int
    each: Amount
    poor: int = 0
    poor_paid: Amount = 0

    def __str__(self) -> str:
        told = f"{self.in_full} paid {about(self.each)} each"
        if self.poor:
            told += f", {self.poor} all they had left, together {about(self.poor_paid)}"
        return told


def about(amount: Amount) -> str:
    """An amount for reading: exact when it is short, else rounded to a ten-thousandth and marked."""
    exact = amount_text(amount)
    return exact if len(exact) <= 12 else f"about {float(amount):.4f}"


@dataclass(frozen=True, slots=True)
class Round:
    """One step of a count: whose turn it was, with what support, and what it did to the money.

    `tied_with` are the projects that stood equal and had to wait for this one, by the result's tie rule;
    `missing` is the money that would have been needed on top (0 when funded). `votes` are voters, or points where
    ballots give points. `payment` says who paid where voters pay, `pot` from which part of the money (empty: from
    what is there for all). `have`: what its voters had left together when their shares did not pay for it.
    """

    number: int
    project: str
    votes: Amount
    cost: Amount
    left_before: Amount
    left_after: Amount
    outcome: Outcome
    missing: Amount = 0
    tied_with: tuple[str, ...] = ()
    tie_rule: str | None = None
    payment: Payment | None = None
    pot: str = ""
    have: Amount | None = None

    def __str__(self) -> str:
        told = (
            f"{self.number}. {self.project}: {amount_text(self.votes)} votes, costs {amount_text(self.cost)}"
            f" of {amount_text(self.left_before)} left"
        )
        if self.pot:
            told += f" in {self.pot}"
        if self.outcome is Outcome.FUNDED:
            told += f": funded, {amount_text(self.left_after)} left"
        elif self.outcome is Outcome.NOT_REACHED:
            told += ": the count ended before its turn"
        elif self.outcome is Outcome.SUPPORTERS_CANNOT_PAY:
            told += f": its voters cannot pay it, {about(self.missing)} missing"
        else:
            told += f": does not fit, {amount_text(self.missing)} missing"
        if self.payment:
            told += f"; {self.payment}"
        if self.tied_with:
            equal = "level with" if self.payment else "as many votes as"
            told += f" ({equal} {', '.join(self.tied_with)}, first by {self.tie_rule})"
        return told + "."


@dataclass(frozen=True, slots=True)
class NotSelected:
    """Why a project is not among the winners; `missing` is the money that was missing when its turn came.

    `votes_needed`: with so many more votes, and no fewer, it would have won; `money_needed`: with so much more
    money, and no less. Each with everything else as it is, and None where the rule does not work that out.
    """

    project: str
    outcome: Outcome
    missing: Amount
    votes_needed: int | None = None
    money_needed: Amount | None = None


@dataclass(frozen=True, slots=True)
class TallyResult:
    """The result and its whole story: `selected` in order of selection, every round in order.

    Rule and tie rule stand here by name, so that a stored result says how it came about.
    """

    rule: str
    tie_rule: str
    budget: Amount
    selected: tuple[str, ...]
    cost: Amount
    rounds: tuple[Round, ...]
    not_selected: tuple[NotSelected, ...]
    # Equal Shares: the money each voter had in the count that stands, and how many units of it Add1 added.
    each: Amount | None = None
    added: int = 0

    @property
    def left(self) -> Amount:
        """The money nobody got."""
        return self.budget - self.cost
