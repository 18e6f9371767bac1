"""The arithmetic of Equal Shares: every voter has the same money, and supporters pay for what they support.

Floating point finds the next project quickly, integers decide:

- What voters have left is kept as floats with one stated error bound, and beside it exactly: every payment of an
  earlier round is an integer `n` over one common denominator `D`, and every voter group has the row of its payments.
- For any division of a project's supporters into poor (pay all they have left) and rich (pay in proportion),
  `(cost - what the poor have) / what the rich weigh` is at most the true rate, because nobody pays more than either
  of the two. So such a figure from floats, less its rounding errors, is a proven lower bound, and rates only grow
  from round to round: most projects need not be looked at in most rounds.
- Whatever is not clearly above the best is settled by exact integers, ties by the tie rule.

`scout.py` tells without the exact part for which sums Add1 goes on, wherever its error bounds leave no doubt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import chain, pairwise
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from proposals.ballots.tally.scores import given
from proposals.ballots.tally.ties import TieRule
from proposals.ballots.tally.types import BallotKind, Profile, WrongBallots

EPS = 2.0**-52  # twice the rounding error of one operation
MOST = 2**53  # integers up to here are exact as floats

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Supporters:
    """Who supports one project: group numbers ascending, how many voters each has, and what the project is worth to them."""

    groups: NDArray[np.intp]
    voters: Floats
    worth: Floats | None  # None: 1 for everyone
    weight: Floats  # voters x worth

    def worth_of(self, mask: Mask | slice) -> Floats | float:
        return 1.0 if self.worth is None else self.worth[mask]


class Electorate:
    """Projects and groups of equal ballots as arrays. Costs are integers in `1 / unit` of the profile's money."""

    def __init__(self, profile: Profile, tie_rule: TieRule, *, by_cost: bool) -> None:
        self.projects = sorted(profile.projects, key=tie_rule.key)  # the smaller number wins a tie
        self.unit = lcm(1, *(project.cost.denominator for project in self.projects))
        self.costs = [int(project.cost * self.unit) for project in self.projects]
        # The rate is per point of satisfaction; counted in costs, a project is worth its cost to each supporter.
        self.scale = [cost if by_cost else 1 for cost in self.costs]
        self.by_cost = by_cost
        self.voters = profile.voters
        at = {project.id: number for number, project in enumerate(self.projects)}
        groups = list(profile.ballots.items())
        self.size = len(groups)
        self.weights = np.fromiter((weight for _, weight in groups), np.int64, self.size)
        worths: list[int] | None = None
        self.whole = 1  # points are counted in `1 / whole`
        if profile.kind is BallotKind.APPROVAL:
            lengths = [len(ballot.choices) for ballot, _ in groups]
            named = chain.from_iterable(ballot.choices for ballot, _ in groups)
            project_at = np.fromiter(map(at.__getitem__, named), np.int32, sum(lengths))
        else:
            listed = [
                [(at[id], score) for id, score in given(ballot, profile.kind) if score > 0]
                for ballot, _ in groups
            ]
            lengths = [len(scores) for scores in listed]
            flat = list(chain.from_iterable(listed))
            project_at = np.fromiter((number for number, _ in flat), np.int32, len(flat))
            self.whole = lcm(1, *{score.denominator for _, score in flat})
            worths = [int(score * self.whole) for _, score in flat]
        self.greatest = max(worths or [1], default=1)
        if self.greatest * max(self.voters, 1) >= MOST:
            raise WrongBallots("The points on these ballots are too large to be shared out exactly.")
        group_at = np.repeat(np.arange(self.size, dtype=np.int32), lengths)
        if len(self.projects) < 2**15:
            project_at = project_at.astype(np.int16)  # sorted much faster
        order = np.argsort(project_at, kind="stable")
        ends = np.searchsorted(project_at[order], np.arange(len(self.projects) + 1))
        worth_at = None if worths is None else np.array(worths, np.float64)
        self.supporters: list[Supporters] = []
        for start, end in pairwise(ends):
            mine = order[start:end]
            members = group_at[mine].astype(np.intp)
            voters = self.weights[members].astype(np.float64)
            worth = None if worth_at is None else worth_at[mine]
            self.supporters.append(
                Supporters(members, voters, worth, voters if worth is None else voters * worth)
            )
        self.weight = [int(who.weight.sum()) for who in self.supporters]
        self.supported = [number for number, weight in enumerate(self.weight) if weight]
        self.payment_type = np.dtype(
            next(
                (kind for kind in (np.uint8, np.uint16, np.uint32) if self.greatest <= np.iinfo(kind).max),
                np.int64,
            )
        )

    def least_rate(self, project: int) -> Fraction:
        """The rate when nobody is poor: no rate of this project is ever smaller."""
        if not self.scale[project]:
            return Fraction(0)
        return Fraction(self.costs[project], self.weight[project] * self.scale[project])


@dataclass(frozen=True, slots=True)
class Turn:
    """One funded project: its exact rate, and who paid: so many in full, so many all they had left (together)."""

    project: int
    rate: Fraction
    in_full: int
    each: Fraction
    poor: int
    poor_paid: Fraction
    tied: tuple[int, ...] = ()  # projects with the same rate that had to wait


@dataclass(slots=True)
class _Exact:
    """An exact rate as `top / (D x bottom)`, and the poor among the supporters."""

    top: int
    bottom: int
    poor: Mask
    poor_have: int
    rate: Fraction


class Shares:
    """One run of the method: what every group has left, in floats with a bound and exactly."""

    def __init__(self, electorate: Electorate, each: Fraction) -> None:
        self.of = electorate
        each *= electorate.unit
        self.start, self.common = each.numerator, each.denominator
        self.first = float(each)
        self.left = np.full(electorate.size, self.first)
        self.error = self.first * EPS
        self.spent = np.zeros(electorate.size, bool)  # groups with nothing left, exactly
        self.payments: list[int] = []
        self.paid = np.zeros((electorate.size, 0), electorate.payment_type)
        self.floor: dict[int, float] = {}  # a proven lower bound of each project's rate, now or earlier
        self.seen: dict[int, int] = {}  # the round a bound is from

    # --- one project ---

    def bound(self, project: int, since: float) -> float | None:
        """A lower bound of this project's rate now; None when its supporters certainly cannot pay it."""
        who, cost = self.of.supporters[project], float(self.of.costs[project])
        left = self.left[who.groups]
        have = who.voters * left
        total = float(have.sum())
        doubt = float(who.voters.sum()) * self.error + (len(left) + 8) * EPS * (total + cost)
        if total + doubt < cost:
            return None
        scale = self.of.scale[project]
        if not scale:
            return 0.0
        worth = who.worth_of(slice(None))
        rate, best, before = since * scale, since * scale, -1.0
        for _ in range(60):
            rich = left >= rate * worth
            weight = float(np.add.reduce(who.weight * rich))
            if not weight or weight == before:
                break
            before = weight
            rate = (cost - (total - float(np.add.reduce(have * rich)))) / weight
            best = max(best, (rate - 2 * doubt / weight) * (1 - 16 * EPS))
        return best / scale * (1 - 4 * EPS)

    def total(self, project: int) -> int:
        """What the supporters have left together, exactly, times the common denominator."""
        groups = self.of.supporters[project].groups
        return self._sum(groups[~self.spent[groups]])

    def _sum(self, groups: NDArray[np.intp]) -> int:
        weights = self.of.weights[groups]
        counts = (weights @ self.paid[groups]).tolist() if self.payments else []
        return int(weights.sum()) * self.start - sum(
            count * payment for count, payment in zip(counts, self.payments, strict=False) if count
        )

    def exact(self, project: int) -> _Exact | None:
        """The exact rate; None when the supporters cannot pay the project."""
        who, cost = self.of.supporters[project], self.of.costs[project]
        wanted = cost * self.common
        left = self.left[who.groups]
        total, doubt = float((who.voters * left).sum()), float(who.voters.sum()) * self.error
        doubt += (len(left) + 8) * EPS * (total + cost)
        if total - doubt < cost and self.total(project) < wanted:
            return None
        worth = who.worth_of(slice(None))
        poor = left < self.floor.get(project, 0.0) * self.of.scale[project] * worth
        if poor.all():
            poor = np.zeros(len(left), bool)
        # From any division the figure is at most the rate, and dividing again at that figure never lowers it:
        # the division that repeats itself is the right one.
        while True:
            groups = who.groups[poor]
            poor_have = self._sum(groups[~self.spent[groups]])
            bottom = int(who.weight[~poor].sum())
            top = wanted - poor_have
            again = self._poorer(who, left, top, bottom)
            if np.array_equal(again, poor):
                break
            poor = again
        scale = self.of.scale[project]
        rate = Fraction(top, self.common * bottom * scale) if scale else Fraction(0)
        return _Exact(top, bottom, poor, poor_have, rate)

    def _poorer(self, who: Supporters, left: Floats, top: int, bottom: int) -> Mask:
        """Who has less than the full payment at the rate `top / (D x bottom)`, exactly."""
        if top <= 0:
            return np.zeros(len(left), bool)
        due = top / (self.common * bottom) * who.worth_of(slice(None))
        margin = self.error + 8 * EPS * due
        poor: Mask = left < due - margin
        near = np.flatnonzero((left <= due + margin) & ~poor)
        if not len(near):
            return poor
        groups = who.groups[near]
        gone = self.spent[groups]
        poor[near[gone]] = True
        near, groups = near[~gone], groups[~gone]
        worth = np.ones(len(near)) if who.worth is None else who.worth[near]
        rows = np.column_stack([self.paid[groups], worth.astype(np.int64)])
        kinds, which = np.unique(rows, axis=0, return_inverse=True)
        less = np.array(
            [
                bottom * (self.start - sum(n * pay for n, pay in zip(row, self.payments, strict=False) if n))
                < top * row[-1]
                for row in kinds.tolist()
            ],
            bool,
        )
        if len(less):
            poor[near] = less[which.reshape(-1)]
        return poor

    # --- what it could have cost ---

    def limit(self, project: int, rate: Fraction) -> Fraction:
        """The highest cost at which this project's rate is no more than `rate`, exactly, in the unit of the costs."""
        who = self.of.supporters[project]
        cost = Fraction(self.total(project), self.common)
        while True:
            # Counted in costs, a project is worth its cost: then what each pays grows with the cost that is looked for.
            due = rate * cost if self.of.by_cost else rate
            poor = self._poorer(who, self.left[who.groups], due.numerator * self.common, due.denominator)
            groups = who.groups[poor]
            have = Fraction(self._sum(groups[~self.spent[groups]]), self.common)
            rich = rate * int(who.weight[~poor].sum())
            # From above, each such figure is at least the highest cost, and the one that repeats itself is it.
            now = have / (1 - rich) if self.of.by_cost and rich < 1 else have + rich
            if self.of.by_cost and rich >= 1:
                return cost
            if now >= cost:
                return cost
            if not self.of.by_cost:
                return now
            cost = now

    def limit_about(self, project: int, rate: Fraction) -> float:
        """At least as much as `limit`, but for rounding."""
        who = self.of.supporters[project]
        left = self.left[who.groups]
        total = float((who.voters * left).sum())
        if not total:
            return 0.0
        due = float(rate) * (total if self.of.by_cost else 1.0) * who.worth_of(slice(None))
        return float((who.voters * np.minimum(left, due)).sum())

    # --- paying ---

    def pay(self, project: int, found: _Exact) -> Turn:
        """Take the money for this project from its supporters."""
        who = self.of.supporters[project]
        rich = ~found.poor
        poor_groups = who.groups[found.poor]
        paying = poor_groups[~self.spent[poor_groups]]
        turn = Turn(
            project=project,
            rate=found.rate,
            in_full=int(who.voters[rich].sum()),
            each=Fraction(found.top * self.of.whole, self.common * found.bottom * self.of.unit),
            poor=int(self.of.weights[paying].sum()),
            poor_paid=Fraction(found.poor_have, self.common * self.of.unit),
        )
        payment = found.top / (self.common * found.bottom)
        shared = gcd(found.top, found.bottom)
        more = found.bottom // shared
        if more != 1:
            self.common *= more
            self.start *= more
            self.payments = [pay * more for pay in self.payments]
        groups = who.groups[rich]
        if len(self.payments) == self.paid.shape[1]:
            room = np.zeros((self.of.size, 2 * len(self.payments) + 8), self.paid.dtype)
            room[:, : len(self.payments)] = self.paid
            self.paid = room
        self.paid[groups, len(self.payments)] = 1 if who.worth is None else who.worth[rich]
        self.payments.append(found.top // shared)
        self.left[groups] = np.maximum(self.left[groups] - payment * who.worth_of(rich), 0.0)
        self.left[poor_groups] = 0.0
        self.spent[poor_groups] = True
        self.error += 2 * EPS * self.first
        return turn


def run(electorate: Electorate, each: Fraction) -> tuple[list[Turn], Shares]:
    """Equal Shares with this much money for each voter: what is funded, in order, and what is left."""
    shares = Shares(electorate, each)
    turns: list[Turn] = []
    queue = [(_below(electorate.least_rate(number)), number) for number in electorate.supported]
    heapify(queue)
    while queue:
        best: tuple[Fraction, int, _Exact, float] | None = None
        ceiling = float("inf")
        aside: list[tuple[float, int]] = []
        rates: dict[int, Fraction] = {}
        while queue and queue[0][0] <= ceiling:
            since, number = heappop(queue)
            if shares.seen.get(number) != len(turns):
                now = shares.bound(number, since)
                if now is not None:
                    shares.seen[number] = len(turns)
                    shares.floor[number] = now = max(now, since)
                    heappush(queue, (now, number))
                continue
            found = shares.exact(number)
            if found is None:
                continue
            rates[number] = found.rate
            if best is None or (found.rate, number) < best[:2]:
                if best is not None:
                    aside.append((best[3], best[1]))
                best = (found.rate, number, found, since)
                ceiling = _above(found.rate)
            else:
                aside.append((since, number))
        if best is None:
            break
        for other in aside:
            heappush(queue, other)
        tied = tuple(sorted(number for number in rates if rates[number] == best[0] and number != best[1]))
        turns.append(replace(shares.pay(best[1], best[2]), tied=tied))
    return turns, shares


def dearest(electorate: Electorate, each: Fraction, wanted: Collection[int]) -> dict[int, Fraction]:
    """By project that is not funded, the highest cost (in the profile's money) at which it would be, or for which it would stand
    level with the one that was: over all rounds, and after the last one all that its supporters have left."""
    turns, end = run(electorate, each)
    best = {number: Fraction(end.total(number), end.common * electorate.unit) for number in wanted}
    shares = Shares(electorate, each)
    for turn in turns:
        for number in wanted:
            # Nobody pays more than they have; only where the float says that it could be more is it worked out exactly.
            if shares.limit_about(number, turn.rate) > float(best[number] * electorate.unit) * (1 - 1e-9):
                best[number] = max(best[number], shares.limit(number, turn.rate) / electorate.unit)
        found = shares.exact(turn.project)
        assert found is not None  # it was funded in this round
        shares.pay(turn.project, found)
    return best


def _below(rate: Fraction) -> float:
    return float(rate) * (1 - 4 * EPS)


def _above(rate: Fraction) -> float:
    return float(rate) * (1 + 4 * EPS)
