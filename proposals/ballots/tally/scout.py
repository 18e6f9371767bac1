"""Every way a count by Equal Shares may go, with any sum out of a range for each voter: the scout of Add1.

It carries, from round to round, which projects may have been funded, and for each such set two bounds of what every voter may
have left: in floating point, with the error of rounding. So each project has a least and a greatest rate. Every project whose least
rate is not above the smallest greatest one may be next. Ways that have funded the same projects, in whatever order, are
one again, with the wider bounds. Nothing is decided here that the bounds leave open: then both ways are gone.

What is asked is only how such counts can end: whether Add1 goes on, because something fits beside what was funded, or stops. Often
that is certain long before the end: when all projects that anybody can still pay for would fit together and one that nobody can pay
for would fit beside them.

Voters who are alike so far are counted as one (`grains.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from proposals.ballots.tally.amounts import Amount
from proposals.ballots.tally.grains import Grain, Purse, finest, grains
from proposals.ballots.tally.shares import EPS, Electorate, Floats

_INFINITE = float("inf")
_UP, _DOWN = 1 + 8 * EPS, 1 - 8 * EPS
# Longer rows are multiplied by several threads at once, which costs more than it saves.
_ON_ONE_CORE = 8192
# More ways at once are not followed, and for a range of sums not so many for every round, but for a few: shorter ranges cost less.
_MOST, _MANY, _FEW = 12, 1.5, 5
# Nearly always two or three steps are enough.
_STEPS = 60
# Grains are made anew when a look left them, together, so many rounds too early.
_EARLY = 60
# Shorter purses are not looked through for voters who have nothing left.
_SHORT = 64


class End(Enum):
    """How a count ends for Add1."""

    GOES_ON = "goes on"  # within the budget, and something that somebody wants fits beside it
    USED_UP = "used up"  # within the budget, and nothing fits
    EXCEEDS = "exceeds"  # the budget


@dataclass(slots=True)
class _Way:
    """Some projects have been funded; what each class of voters has left is between `low` and `high`, but for `error`."""

    order: tuple[int, ...]  # one order in which they may have been
    funded: frozenset[int]
    cost: int
    low: Floats
    high: Floats
    error: float
    floor: dict[int, float]  # at least the rate of every project that may still be funded
    purse: dict[int, Purse]


@dataclass(slots=True)
class _Next:
    """Which projects may be next. If somebody certainly is, at most at this rate."""

    projects: list[int]
    rate: float


def end_of(electorate: Electorate, money: Amount, funded: frozenset[int], cost: int) -> End:
    """How a count ends that funds these projects, which cost so much together."""
    left = money - cost
    if left < 0:
        return End.EXCEEDS
    waiting = (electorate.costs[number] for number in electorate.supported if number not in funded)
    return End.GOES_ON if any(price <= left for price in waiting) else End.USED_UP


def _dot(one: Floats, other: Floats) -> float:
    """The sum of the products of two rows. In whatever order they are added, it is wrong by less than EPS times their number
    and the sum of their sizes."""
    if len(one) <= _ON_ONE_CORE:
        return float(one.dot(other))
    parts = range(0, len(one), _ON_ONE_CORE)
    return float(sum(one[n : n + _ON_ONE_CORE].dot(other[n : n + _ON_ONE_CORE]) for n in parts))


def _rich(purse: Purse, have: Floats, due: float) -> float:
    """How many voters have at least so much, exactly: a whole number that a float can hold."""
    return _dot(purse.voters, (have >= due).astype(np.float64))


class Scout:
    """An electorate of approval ballots, counted in costs, and the money of the budget in the unit of the costs."""

    def __init__(self, electorate: Electorate, money: Amount) -> None:
        self.of, self.money = electorate, money
        self.least = {number: electorate.least_rate(number) for number in electorate.supported}
        # What costs nothing is always funded, and nobody pays for it.
        self.free = frozenset(number for number in electorate.supported if not electorate.costs[number])
        self.costs = [float(cost) for cost in electorate.costs]
        self.voters = [float(weight) for weight in electorate.weight]
        self.floors = {n: float(rate) * _DOWN for n, rate in self.least.items() if n not in self.free}
        self.grains = [finest(electorate)]
        self.early = 0  # rounds that were counted more finely than the grains were made for
        self.ask_from = 0  # with fewer projects funded nobody asks whether the end is certain
        self.effort = 1.0  # of the last look: how many ways there were in a round

    def ends(self, least: Fraction, most: Fraction) -> set[End] | None:
        """How a count may end with any sum from `least` to `most` for each voter; None when there are too many ways.

        Where the sums differ it stops at the first end that is not GOES_ON.
        """
        self.first = float(most * self.of.unit) * _UP
        at, grain = 0, self.grains[0]
        low = np.full(grain.size, float(least * self.of.unit) * _DOWN)
        high = np.full(grain.size, self.first)
        start = _Way((), self.free, 0, low, high, 0.0, dict(self.floors), dict(grain.purses))
        ways, found = [start], set[End]()
        rounds = followed = 0
        certain_at = len(self.costs)
        order: tuple[int, ...] = ()
        while ways:
            rounds += 1
            followed += len(ways)
            if least != most and followed > _MANY * rounds + _FEW:
                return None
            onward: list[tuple[_Way, _Next]] = []
            for way in ways:
                order = way.order
                if self._goes_on(way):
                    found.add(End.GOES_ON)
                    certain_at = min(certain_at, len(way.funded))
                    continue
                then = self._next(way)
                if then.rate == _INFINITE:
                    end = end_of(self.of, self.money, way.funded, way.cost)
                    found.add(end)
                    if end is not End.GOES_ON and least != most:
                        return found
                onward.append((way, then))
            while grain.within is not None and any(
                not grain.within.issuperset(t.projects) for _, t in onward
            ):
                self.early += max(0, len(grain.within) - rounds)
                at += 1
                grain = self.grains[at]
                for way, _ in onward:
                    way.low, way.high = way.low.take(grain.coarser), way.high.take(grain.coarser)
                    way.purse = dict(grain.purses)
            after: dict[frozenset[int], _Way] = {}
            for way, then in onward:
                for number in then.projects:
                    self._go(way, number, then, after, grain)
            if len(after) > _MOST:
                return None
            ways = list(after.values())
        self.effort = followed / rounds
        if certain_at < len(self.costs):
            self.ask_from = max(0, certain_at - 2)
        if len(self.grains) == 1 or self.early > _EARLY:
            self.early, self.grains = 0, []  # what is not needed any more goes first
            self.grains = grains(self.of, order)
        return found

    def _goes_on(self, way: _Way) -> bool:
        """Whether Add1 goes on whatever is funded next: all that supporters may still be able to pay would be within the budget, and
        one that they cannot pay would fit beside it."""
        if len(way.funded) < self.ask_from:
            return False
        costs, floor = self.of.costs, way.floor
        left = self.money - way.cost
        out = (number for number in self.floors if number not in floor and number not in way.funded)
        fits = min((costs[number] for number in out), default=_INFINITE)
        might = sum(costs[number] for number in floor)
        certain = 0
        # Those with few supporters for their cost first: most of these cannot be paid.
        for number in sorted(floor, key=self.floors.__getitem__, reverse=True):
            if might + fits <= left or certain > left:
                break
            purse = way.purse[number]
            have = way.high.take(purse.classes)
            total = _dot(have, purse.voters)
            doubt = self.voters[number] * way.error + (len(have) + 8) * EPS * (total + self.costs[number])
            if total + doubt < costs[number]:
                del floor[number]
                might -= costs[number]
                fits = min(fits, costs[number])
            else:
                certain += costs[number]
        return might + fits <= left

    def _next(self, way: _Way) -> _Next:
        """Bring the floors up to date, as far as they matter, and see who may be next."""
        floor = way.floor
        ceiling = _INFINITE
        close: list[int] = []
        steady: tuple[Fraction, int] | None = None
        for rate, number in sorted((rate, number) for number, rate in floor.items()):
            if rate > ceiling:
                break
            if self._nobody_poor(way, number):
                floor[number], highest = float(self.least[number]) * _DOWN, float(self.least[number]) * _UP
                mine = (self.least[number], number)
                steady = mine if steady is None else min(mine, steady)
            elif not self._raise_floor(way, number, ceiling) or floor[number] > ceiling:
                continue
            else:
                highest = self._highest(way, number)
            close.append(number)
            ceiling = min(ceiling, highest)
        # Where nobody is poor the rate is the least one, exactly: nobody with a greater least rate, or who loses the tie, is first.
        may = [
            number
            for number in close
            if floor[number] <= ceiling and (steady is None or (self.least[number], number) <= steady)
        ]
        return _Next(may, ceiling)

    # --- one project ---

    def _nobody_poor(self, way: _Way, number: int) -> bool:
        """Whether all supporters can certainly pay the same."""
        purse = way.purse[number]
        if not purse.complete or way.floor[number] > self.floors[number] * _UP:
            return False
        due = self.costs[number] / self.voters[number] * _UP + way.error
        return bool(way.low[purse.classes[0]] >= due and way.low.take(purse.classes).min() >= due)

    def _raise_floor(self, way: _Way, number: int, stop: float) -> bool:
        """Bring the least rate up to date, or at least above `stop`; False if the supporters certainly cannot pay."""
        purse, cost = way.purse[number], self.costs[number]
        have = way.high.take(purse.classes)
        total = _dot(have, purse.voters)
        rounding = (len(have) + 8) * EPS * (total + cost)
        doubt = self.voters[number] * way.error + 3 * rounding
        if total + doubt < cost:
            del way.floor[number]
            return False
        best = bottom = way.floor[number] * cost
        enough = stop * cost * _UP
        due = bottom if stop == _INFINITE else max(bottom, enough)
        before = _INFINITE
        # What all would pay together grows with the payment, ever more slowly: by the number of the rich. So a step from
        # anywhere by what is missing over that never goes beyond the payment that is looked for (and what `high` is too low by
        # is missing less).
        for _ in range(_STEPS):
            rich = _rich(purse, have, due)
            if not rich:
                if due == bottom:
                    break
                due = bottom
                continue
            short = cost - _dot(np.minimum(have, due), purse.voters)
            step = (short - doubt) / rich
            best = max(best, due + step - 4 * EPS * (due + abs(step)))
            # Going up, each step finds fewer rich ones, or it was the last.
            if best > enough or abs(short) <= doubt or (short > 0.0 and rich >= before):
                break
            before = rich if short > 0.0 else _INFINITE
            due = max(bottom, due + short / rich)
        way.floor[number] = best / cost * _DOWN
        if len(have) > _SHORT and 2 * np.count_nonzero(have) < len(have):
            way.purse[number] = purse.only(have > 0.0)
        return True

    def _highest(self, way: _Way, number: int) -> float:
        """The greatest rate, infinite unless the supporters can certainly pay."""
        purse, cost = way.purse[number], self.costs[number]
        have = way.low.take(purse.classes)
        total = _dot(have, purse.voters)
        doubt = self.voters[number] * way.error + 3 * (len(have) + 8) * EPS * (total + cost)
        if total - doubt < cost:
            return _INFINITE
        due, rich, before = way.floor[number] * cost, 1.0, _INFINITE
        for _ in range(_STEPS):
            now = _rich(purse, have, due)
            if not now:
                break
            rich = now
            if rich >= before:
                break
            short = cost - _dot(np.minimum(have, due), purse.voters)
            if short <= doubt:
                break
            before = rich
            due += short / rich
        # Whatever this is, it is enough only if they pay the cost with it; else whoever has most pays all of it.
        due = (due + 4 * doubt / rich) * _UP
        if _dot(np.minimum(have, due), purse.voters) - doubt < cost:
            due = float(have.max()) * _UP
        return due / cost * _UP

    def _go(
        self, way: _Way, number: int, then: _Next, after: dict[frozenset[int], _Way], grain: Grain
    ) -> None:
        """Pay for this project, at least its least rate and at most the rate that somebody certainly has."""
        classes = way.purse[number].classes
        cost = self.costs[number]
        alone = len(then.projects) == 1
        low, high = (way.low, way.high) if alone else (way.low.copy(), way.high.copy())
        high[classes] = np.maximum(high.take(classes) - way.floor[number] * cost * _DOWN, 0.0)
        low[classes] = (
            np.maximum(low.take(classes) - then.rate * cost * _UP, 0.0) if then.rate < _INFINITE else 0.0
        )
        floor = way.floor if alone else dict(way.floor)
        del floor[number]
        new = _Way(
            (*way.order, number),
            way.funded | {number},
            way.cost + self.of.costs[number],
            low,
            high,
            way.error + 4 * EPS * self.first,
            floor,
            way.purse if alone else dict(way.purse),
        )
        same = after.get(new.funded)
        after[new.funded] = new if same is None else self._one(same, new, grain)

    def _one(self, one: _Way, two: _Way, grain: Grain) -> _Way:
        """Two ways that have funded the same: whatever is so in either."""
        np.minimum(one.low, two.low, out=one.low)
        np.maximum(one.high, two.high, out=one.high)
        one.error = max(one.error, two.error)
        for number, rate in two.floor.items():
            one.floor[number] = min(rate, one.floor.get(number, _INFINITE))
            if one.purse[number] is not two.purse[number]:
                one.purse[number] = grain.purses[number]
        return one
