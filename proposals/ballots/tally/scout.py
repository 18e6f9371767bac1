"""Equal Shares in floating point, with proven error bounds: a scout that finds the way or says that it is in doubt.

Every voter's money carries one bound for the rounding errors so far, every rate a lower and an upper bound, and a
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
    even: bool  # all worths are 1
    somebody_spent: bool = False

    def without(self, spent: Mask) -> _Purse:
        """Only those who have something left."""
        some = ~spent
        worth = self.worth if isinstance(self.worth, float) else self.worth[some]
        voters = self.voters[some]
        return _Purse(
            self.groups[some], voters, worth, self.weight[some], float(voters.sum()), self.even, True
        )


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
        self.costs = [float(cost) for cost in electorate.costs]
        self.scale = [float(scale) for scale in electorate.scale]
        self.purses = [
            _Purse(
                who.groups,
                who.voters,
                1.0 if who.worth is None else who.worth,
                who.weight,
                float(who.voters.sum()),
                who.worth is None,
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
        self.error = self.first * EPS  # how wrong anybody's `left` may be, and each one's
        self.errors = np.full(self.of.size, self.error)
        self.floor = dict(self.floors)  # of every project that is still in the running
        self.purse = list(self.purses)

    def _run(self, view: View) -> Path:
        like, on_the_path = view.path.projects, True
        projects: list[int] = []
        rates: list[float] = []
        steady: list[bool] = []
        floor = self.floor
        while floor:
            turn = len(projects)
            first = -1
            if turn < len(like):
                first = like[turn]
                if on_the_path:
                    for number, rate in view.floors[turn]:
                        if number in floor and floor[number] < rate:
                            floor[number] = rate
            if first not in floor:
                first = min(floor, key=floor.__getitem__)
            close: list[int] = []
            ceiling = _INFINITE
            for number in [first, *(number for number in floor if number != first)]:
                if floor[number] > ceiling:
                    continue
                if self._raise_floor(number, ceiling) and floor[number] <= ceiling:
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
            self._pay(best, terms)
            projects.append(best)
            rates.append(terms.high / scale * _UP)
            steady.append(terms.nobody_poor)
            on_the_path = on_the_path and turn < len(like) and best == like[turn]
            del floor[best]
        return Path(tuple(projects), tuple(rates), tuple(steady))

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
        have = left * purse.voters
        total = float(np.add.reduce(have))
        rounding = _SUM * (total + cost)
        doubt = purse.total * self.error + rounding
        if total + doubt < cost:
            del self.floor[project]
            return False
        if total - doubt < cost:
            raise _InDoubt
        scale = self.scale[project]
        if not scale:
            self.floor[project] = 0.0
            return True
        rate = best = self.floor[project] * scale
        enough = stop * scale * _UP
        before = _INFINITE
        while True:
            # Whatever the division into poor and rich, the figure is at most the rate (see shares.py).
            rich = left >= rate * purse.worth
            weight = float(np.add.reduce(purse.weight * rich))
            # Each step finds fewer rich ones, or it was the last; only rounding could let somebody be rich again, for ever.
            if not weight or weight >= before:
                break
            before = weight
            rate = (cost - total + float(np.add.reduce(have * rich))) / weight
            poor = purse.total - (weight if purse.even else float(np.add.reduce(purse.voters * rich)))
            best = max(best, (rate - (poor * self.error + 3 * rounding) / weight) * _DOWN)
            if best > enough:
                break
        self.floor[project] = best / scale * _DOWN
        if 2 * np.count_nonzero(left) < len(left):
            self.purse[project] = purse.without(left == 0.0)
        return True

    def _terms(self, project: int) -> _Terms:
        """What a point of worth costs the rich, at least and at most, and what the supporters have before they pay."""
        purse, cost = self.purse[project], self.costs[project]
        left = self.left.take(purse.groups)
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
        weight = float(np.add.reduce(purse.weight * rich))
        if not weight:
            raise _InDoubt
        have = left * purse.voters
        total = float(np.add.reduce(have))
        # Only who may be poor can be wrong about what they pay; who has nothing certainly pays nothing.
        unsure &= left > 0.0
        doubt = float(np.add.reduce(purse.voters * self.errors.take(purse.groups) * unsure))
        doubt = doubt * _NEAR + 6 * _SUM * (total + cost)
        rate = (cost - total + float(np.add.reduce(have * rich))) / weight
        low = max(low, (rate - doubt / weight) * _DOWN)
        high = (rate + 1.2 * doubt / weight) * _UP
        if high > low * _NEAR or (
            float(np.add.reduce(np.minimum(left, high * purse.worth) * purse.voters)) - doubt < cost
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
        errors = self.errors.take(purse.groups)
        errors += (high - low) / 2 * purse.worth + 4 * EPS * self.first
        self.errors[purse.groups] = errors
        self.error = max(self.error, float(errors.max(initial=0.0)))
