"""Equal Shares in floating point, with proven error bounds: a scout that finds the way or says that it is in doubt.

What voters have left carries one bound for the rounding errors so far, every rate a lower and an upper bound, and a
project counts as the next one only if its upper bound is below the lower bounds of all others (or if nobody who wants
them is poor: then their rates are known exactly). In every other case the scout gives up, and exact integers decide.

With more money for everyone and the same projects funded in the same order, what each voter has left after each round
does not get less and no rate gets greater. So if all other projects lose every round with much money against the rates
with little money, they lose in between too: `look_ahead` proves an outcome for a whole range
of sums, or at least tells which projects need no look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from proposals.ballots.tally.shares import EPS, Electorate, Floats, Mask, Turn

_INFINITE = float("inf")
_UP, _DOWN = 1 + 8 * EPS, 1 - 8 * EPS
# Two rates nearer than this are both looked at closely.
_NEAR = 1 + 1e-6
# numpy adds in pairs (blocks of 128, each in 8 sums of 16): below 2^40 terms no sum is wrong by more, relatively.
_SUM = 40 * EPS
_NEXT_TO_NOTHING = 1e-300
# Longer rows are multiplied by several threads at once, which costs more than it saves.
_ON_ONE_CORE = 8192


class _InDoubt(Exception):
    """The bounds do not decide."""


@dataclass(frozen=True, slots=True)
class Path:
    """The funded projects in order, an upper bound of each one's rate, and whether nobody who paid was poor."""

    projects: tuple[int, ...]
    rates: tuple[float, ...]
    steady: tuple[bool, ...]

    @classmethod
    def of(cls, turns: Sequence[Turn], electorate: Electorate) -> Path:
        return cls(
            tuple(turn.project for turn in turns),
            tuple(float(turn.rate) * _UP for turn in turns),
            tuple(turn.rate == electorate.least_rate(turn.project) for turn in turns),
        )


@dataclass(frozen=True, slots=True)
class View:
    """What holds for a range of sums: as long as a count goes along `path`, no rate is below these floors.

    `end` is the path at the end of the range if it is the same all the way, None where that is not proven.
    """

    path: Path
    floors: Sequence[Sequence[tuple[int, float]]]
    end: Path | None


@dataclass(slots=True)
class _Purse:
    """Supporters of one project who may have money left."""

    groups: NDArray[np.intp]
    voters: Floats
    worth: Floats | float
    weight: Floats
    total: float  # voters in it
    most_worth: float
    somebody_spent: bool = False

    def only(self, some: Mask) -> _Purse:
        """Those who have something left."""
        worth = self.worth if isinstance(self.worth, float) else self.worth[some]
        voters = self.voters[some]
        return _Purse(
            self.groups[some], voters, worth, self.weight[some], float(voters.sum()), self.most_worth, True
        )

    def weight_of(self, some: Mask) -> float:
        """What some of them weigh, exactly: whole numbers whose sum is one that a float can hold."""
        return _dot(self.weight, some.astype(np.float64))


def _dot(one: Floats, other: Floats) -> float:
    """The sum of the products of two rows. In whatever order they are added, it is wrong by less than EPS times their number
    and the sum of their sizes."""
    if len(one) <= _ON_ONE_CORE:
        return float(np.dot(one, other))
    parts = range(0, len(one), _ON_ONE_CORE)
    return float(sum(np.dot(one[n : n + _ON_ONE_CORE], other[n : n + _ON_ONE_CORE]) for n in parts))


@dataclass(frozen=True, slots=True)
class _Opening:
    """The first rounds of a run, as long as the project with the least rate of all is funded and nobody who pays is poor. With
    more money they are the same: nobody becomes poor by it, and no rate is ever below its least."""

    first: float
    projects: tuple[int, ...] = ()
    rates: tuple[float, ...] = ()
    paid: Floats | float = 0.0
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is paid for one project: bounds of the rate times its scale, and the supporters' money before."""

    low: float
    high: float
    left: Floats
    nobody_poor: bool


class Scout:
    """One electorate, run with one sum for each voter after the other."""

    def __init__(self, electorate: Electorate) -> None:
        self.of = electorate
        self.least = {number: electorate.least_rate(number) for number in electorate.supported}
        self.floors = {number: float(rate) * _DOWN for number, rate in self.least.items()}
        self.in_order = sorted(self.least, key=lambda number: (self.least[number], number))
        self.opening = _Opening(0.0)
        self.costs = [float(cost) for cost in electorate.costs]
        self.scale = [float(scale) for scale in electorate.scale]
        self.purses = [
            _Purse(
                who.groups,
                who.voters,
                1.0 if who.worth is None else who.worth,
                who.weight,
                float(who.voters.sum()),
                1.0 if who.worth is None else float(who.worth.max(initial=0.0)),
            )
            for who in electorate.supporters
        ]

    def run(self, each: Fraction, view: View | None = None) -> Path | None:
        """The path with this much money for each voter, None in doubt. A view that reaches so far saves time."""
        self._start(each)
        try:
            return self._run(view or View(Path((), (), ()), (), None))
        except _InDoubt:
            return None

    def look_ahead(self, each: Fraction, path: Path) -> View | None:
        """What the path of some sum says about every sum from there to this greater one; None in doubt."""
        self._start(each)
        try:
            return self._look_ahead(path)
        except _InDoubt:
            return None

    def _start(self, each: Fraction) -> None:
        self.first = float(each * self.of.unit)
        self.left = np.full(self.of.size, self.first)
        self.error = self.first * EPS  # how wrong anybody's `left` may be
        self.floor = dict(self.floors)  # of every project that is still in the running
        self.purse = list(self.purses)
        self.looked: dict[int, Floats] = {}  # of this round: what supporters have left

    def _run(self, view: View) -> Path:
        like, on_the_path = view.path.projects, True
        projects, rates = self._begin()
        steady = [True] * len(projects)
        opening = True
        floor = self.floor
        for turn, project in enumerate(projects):
            if on_the_path and turn < len(like):
                self._learn(view.floors[turn])
                on_the_path = project == like[turn]
        while floor:
            turn = len(projects)
            first = -1
            if turn < len(like):
                first = like[turn]
                if on_the_path:
                    self._learn(view.floors[turn])
            if first not in floor:
                first = min(floor, key=floor.__getitem__)
            close: list[int] = []
            ceiling = _INFINITE
            if self._raise_floor(first, _INFINITE):
                ceiling = floor[first] * _NEAR
                close.append(first)
            others = [(rate, number) for number, rate in floor.items() if rate <= ceiling and number != first]
            for rate, number in sorted(others):
                if rate <= ceiling and self._raise_floor(number, ceiling) and floor[number] <= ceiling:
                    ceiling = min(ceiling, floor[number] * _NEAR)
                    close.append(number)
            if not close:
                continue  # the first could not be paid and is out; look again
            best = min(close, key=floor.__getitem__)
            terms = self._terms(best)
            scale = self.scale[best] or 1.0
            if terms.high / scale * _UP > ceiling:
                raise _InDoubt
            tied = [number for number in close if floor[number] <= terms.high / scale * _UP]
            if len(tied) > 1:
                best = min(tied, key=lambda number: (self.least[number], number))
                terms = self._terms(best)
                scale = self.scale[best] or 1.0
                if not terms.nobody_poor:
                    raise _InDoubt
            if opening and not (terms.nobody_poor and best == self.in_order[turn]):
                opening = False
                if turn > len(self.opening.projects):
                    self.opening = _Opening(
                        self.first, tuple(projects), tuple(rates), self.first - self.left, self.error
                    )
            self._pay(best, terms)
            projects.append(best)
            rates.append(terms.high / scale * _UP)
            steady.append(terms.nobody_poor)
            on_the_path = on_the_path and turn < len(like) and best == like[turn]
            del floor[best]
        return Path(tuple(projects), tuple(rates), tuple(steady))

    def _begin(self) -> tuple[list[int], list[float]]:
        """The rounds that are known from a run with no more money: their projects and rates, as if they had been run."""
        known = self.opening
        if not known.projects or self.first < known.first:
            return [], []
        self.left -= known.paid
        self.error = known.error + 2 * EPS * self.first
        for project in known.projects:
            del self.floor[project]
        return list(known.projects), list(known.rates)

    def _learn(self, floors: Sequence[tuple[int, float]]) -> None:
        floor = self.floor
        for number, rate in floors:
            if number in floor and floor[number] < rate:
                floor[number] = rate

    def _look_ahead(self, path: Path) -> View:
        rates: list[float] = []
        steady: list[bool] = []
        floors: list[list[tuple[int, float]]] = []
        certain = True
        floor = self.floor
        for project, ceiling, nobody_poor in zip(path.projects, path.rates, path.steady, strict=True):
            raised: list[tuple[int, float]] = []
            for number in [number for number, rate in floor.items() if rate <= ceiling and number != project]:
                if not self._raise_floor(number, ceiling):
                    raised.append((number, _INFINITE))
                    continue
                raised.append((number, floor[number]))
                if floor[number] <= ceiling:
                    mine, other = (self.least[project], project), (self.least[number], number)
                    certain = certain and nobody_poor and mine < other
            if project not in floor:
                raise _InDoubt
            self._raise_floor(project, _INFINITE)
            terms = self._terms(project)
            self._pay(project, terms)
            rates.append(terms.high / (self.scale[project] or 1.0) * _UP)
            steady.append(terms.nobody_poor)
            floors.append(raised)
            del floor[project]
        # In the end nobody may have enough for one more project.
        certain = certain and not any(self._raise_floor(number, 0.0) for number in list(floor))
        return View(path, floors, Path(path.projects, tuple(rates), tuple(steady)) if certain else None)

    # --- one project ---

    def _raise_floor(self, project: int, stop: float) -> bool:
        """Bring the lower bound of the rate up to date, or at least above `stop`; False if its voters cannot pay."""
        purse, cost = self.purse[project], self.costs[project]
        left = self.left.take(purse.groups)
        total = _dot(left, purse.voters)
        rounding = (len(left) + 8) * EPS * (total + cost)
        doubt = purse.total * self.error + rounding
        if total + doubt < cost:
            del self.floor[project]
            return False
        if total - doubt < cost:
            raise _InDoubt
        self.looked[project] = left
        scale = self.scale[project]
        if not scale:
            self.floor[project] = 0.0
            return True
        doubt += 2 * rounding
        rate = best = self.floor[project] * scale
        enough = stop * scale * _UP
        # What all would pay together grows with the rate, ever more slowly: by what the rich weigh. So a step by what is missing
        # over that never goes beyond the rate that is looked for (and what `left` is wrong by is missing less).
        weight = purse.weight_of(left >= rate * purse.worth)
        while weight:
            short = cost - _dot(np.minimum(left, rate * purse.worth), purse.voters)
            best = max(best, (rate + (short - doubt) / weight) * _DOWN)
            if best > enough or short <= 0.0:
                break
            rate += short / weight
            before, weight = weight, purse.weight_of(left >= rate * purse.worth)
            # Each step finds fewer rich ones, or it was the last; only rounding could let somebody be rich again, for ever.
            if weight >= before:
                break
        self.floor[project] = best / scale * _DOWN
        if 2 * np.count_nonzero(left) < len(left):
            some = left > 0.0
            self.purse[project] = purse.only(some)
            self.looked[project] = left[some]
        return True

    def _terms(self, project: int) -> _Terms:
        """What a point of worth costs the rich, at least and at most, and what the supporters have before they pay."""
        purse, cost = self.purse[project], self.costs[project]
        left = self.looked[project]
        if not cost:
            return _Terms(0.0, 0.0, left, True)
        low = self.floor[project] * self.scale[project] * _DOWN
        due = low * purse.worth
        unsure = left < due * _NEAR + self.error
        if not purse.somebody_spent and not unsure.any():
            # Nobody is poor, certainly.
            low = float(self.least[project]) * self.scale[project]
            return _Terms(low * _DOWN, low * _UP, left, True)
        rich = left >= due
        weight = purse.weight_of(rich)
        if not weight:
            raise _InDoubt
        # Only who may be poor can be wrong about what they pay; who has nothing certainly pays nothing.
        unsure &= left > 0.0
        doubt = self.error * _dot(purse.voters, unsure.astype(np.float64)) * _NEAR
        paid = float(np.add.reduce(np.minimum(left, due) * purse.voters))
        rounding = _SUM * max(paid, cost)
        rate = low + (cost - paid) / weight
        high = (rate + (doubt + 2 * rounding) / weight) * _UP
        low = max(low, (rate - (doubt + rounding) / weight) * _DOWN)
        if high > low * _NEAR:
            raise _InDoubt
        # Where the same ones are rich at `high`, they pay for it and the doubt. Else it is looked whether it is enough.
        most = high * purse.worth
        if np.count_nonzero(left >= most) != np.count_nonzero(rich) and (
            float(np.add.reduce(np.minimum(left, most) * purse.voters)) - doubt - rounding < cost
        ):
            raise _InDoubt
        return _Terms(low, high, left, False)

    def _pay(self, project: int, terms: _Terms) -> None:
        """Take the money. Nothing is left, exactly, only of those who certainly could not pay in full."""
        purse, low, high = self.purse[project], terms.low, terms.high
        rest = terms.left - (low + high) / 2 * purse.worth
        if not terms.nobody_poor:
            gone = terms.left < low * purse.worth * _DOWN - self.error
            np.maximum(rest, _NEXT_TO_NOTHING, out=rest)
            rest[gone] = 0.0
        self.left[purse.groups] = rest
        self.error += (high - low) / 2 * purse.most_worth + 4 * EPS * self.first
        self.looked.clear()
