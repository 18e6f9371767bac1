"""Voters who are alike so far, counted as one.

As long as only some of the projects have been funded, all voters who chose the same of these have the same money left. So the
first rounds of a count, in which the projects with the most supporters are paid, need no look at every different ballot: a
*grain* is what remains of the ballots when only some projects are told apart. The grains of a count are a row from coarse to fine.
The last one tells all ballots apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proposals.ballots.tally.shares import Electorate, Floats, Mask

# How many projects each grain tells apart: those that were funded first in another count.
_FIRST = (6, 10, 14, 19, 25)
# A grain must be so much smaller than the ballots, and ballots so many, or it saves nothing.
_SMALLER, _FEWEST = 0.7, 2000


class Purse(NamedTuple):
    """Supporters of one project who may have money left: their classes ascending, how many voters each has, and all together."""

    classes: NDArray[np.intp]
    voters: Floats
    total: float
    complete: bool  # nobody was left out

    def only(self, some: Mask) -> Purse:
        """Those who have something left."""
        voters = self.voters[some]
        return Purse(self.classes[some], voters, float(voters.sum()), False)


@dataclass(frozen=True, slots=True)
class Grain:
    """Classes of voters who are alike as long as nothing is funded but what stands in `within` (None: they are always)."""

    within: frozenset[int] | None
    size: int
    coarser: NDArray[np.intp]  # each one's class in the grain before
    purses: dict[int, Purse]  # by project that somebody wants


def finest(electorate: Electorate, coarser: NDArray[np.intp] | None = None) -> Grain:
    """The groups of equal ballots themselves."""
    purses = {}
    for number in electorate.supported:
        who = electorate.supporters[number]
        purses[number] = Purse(who.groups, who.voters, float(electorate.weight[number]), True)
    before = np.zeros(electorate.size, np.intp) if coarser is None else coarser
    return Grain(None, electorate.size, before, purses)


def grains(electorate: Electorate, order: Sequence[int]) -> list[Grain]:
    """From coarse to fine, for counts that fund the first of these projects first."""
    row: list[Grain] = []
    class_of = np.zeros(electorate.size, np.intp)
    told_apart = 0
    for first in _FIRST:
        if electorate.size < _FEWEST or first > len(order):
            break
        # Fewer than 2^40 groups and at most 10 more projects: no code is too long for 64 bits.
        codes = class_of.astype(np.int64)
        for number in order[told_apart:first]:
            codes *= 2
            codes[electorate.supporters[number].groups] += 1
        told_apart = first
        _, example, finer = np.unique(codes, return_index=True, return_inverse=True)
        if len(example) > electorate.size * _SMALLER:
            break
        before, class_of = class_of[example], finer.reshape(-1)
        purses = {}
        for number in electorate.supported:
            who = electorate.supporters[number]
            counted = np.bincount(class_of[who.groups], weights=who.voters, minlength=len(example))
            voters = counted.astype(np.float64)
            classes = np.flatnonzero(voters)
            purses[number] = Purse(classes, voters[classes], float(electorate.weight[number]), True)
        row.append(Grain(frozenset(order[:first]), len(example), before, purses))
    row.append(finest(electorate, class_of))
    return row
