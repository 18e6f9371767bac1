"""Add1 passes over sums of money, and ends where trying one unit after the other ends."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.tally import LEXICOGRAPHIC_ID, Amount, Profile, Project, count, grains
from proposals.ballots.tally.shares import Electorate, run
from tests.proposals.ballots.test_rules import plain_add1, plain_shares

# Costs that are near each other or equal, so that projects stand level, or swap when there is a little more money.
NEAR_COSTS: list[Amount] = [60, 60, 61, 63, 90, 90, 95, 140, Fraction(181, 3)]
IDS = ["1", "10", "2", "3", "4", "a", "b"]
# In the counts of cities only; here also for the smallest.
ALWAYS: dict[str, Any] = {"_FEWEST": 0, "_FIRST": (1, 2, 3, 4), "_SMALLER": 2.0}


def election(chance: random.Random) -> tuple[Profile, Amount]:
    """Half of the voters are for a list of neighbours, so that projects share their voters, the others for anything."""
    ids = IDS[: chance.randint(3, len(IDS))]
    projects = [Project(id, chance.choice(NEAR_COSTS)) for id in ids]
    ballots = []
    for _ in range(chance.randint(4, 14)):
        if chance.random() < 0.5:
            start = chance.randrange(len(ids))
            ballots.append(ids[start : start + chance.randint(1, 3)])
        else:
            ballots.append(chance.sample(ids, chance.randint(1, min(4, len(ids)))))
    return Profile.of(projects, ballots), chance.choice([90, 150, 220, 300])


def swapping(chance: random.Random) -> tuple[Profile, Amount]:
    """Five of the eight who want the pond have spent nearly all on the zoo. With little money for everyone the quay is before the
    pond, with a little more behind it; the well keeps Add1 going, since one voter alone has to save for it."""
    zoo, pond, quay = chance.choice([126, 135, 144]), chance.choice([56, 60, 64]), chance.choice([56, 60])
    well = chance.randint(30, 60)
    projects = [
        Project(id, cost) for id, cost in (("zoo", zoo), ("pond", pond), ("quay", quay), ("well", well))
    ]
    ballots = [["zoo"]] * 4 + [["zoo", "pond"]] * 5 + [["pond"]] * 3 + [["quay"]] * 4 + [["well"]]
    ballots += [[chance.choice(["pond", "quay", "zoo"])]] * chance.randint(0, 1)
    return Profile.of(projects, ballots), zoo + pond + quay + well


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from([election, swapping]), st.booleans())
def test_add1_ends_where_one_unit_after_the_other_ends(
    seed: int, kind: Callable[[random.Random], tuple[Profile, Amount]], alike_as_one: bool
) -> None:
    profile, budget = kind(random.Random(seed))
    if alike_as_one:
        with patch.multiple(grains, **ALWAYS):
            found = count("add1_cost", profile, budget, tie_rule=LEXICOGRAPHIC_ID)
    else:
        found = count("add1_cost", profile, budget, tie_rule=LEXICOGRAPHIC_ID)
    assert list(found.selected) == plain_add1(profile, budget)


def test_projects_swap_and_stand_level_on_the_way_and_no_end_is_missed() -> None:
    swaps = ties = 0
    for seed in range(40):
        profile, budget = (swapping if seed % 2 else election)(random.Random(seed))
        result = count("add1_cost", profile, budget, tie_rule=LEXICOGRAPHIC_ID)
        electorate = Electorate(profile, LEXICOGRAPHIC_ID, by_cost=True)
        before: list[str] = []
        for more in range(result.added + 1):
            each = Fraction(budget) / profile.voters + more
            now, _ = plain_shares(profile, each, True)
            turns, _ = run(electorate, each)
            assert [electorate.projects[turn.project].id for turn in turns] == now
            swaps += set(now) == set(before) and now != before
            ties += any(turn.tied for turn in turns)
            before = now
        assert list(result.selected) == before == plain_add1(profile, budget)
    assert swaps > 5 and ties > 5, (swaps, ties)


@pytest.mark.parametrize("seed", range(5))
def test_voters_counted_as_one_are_as_many_and_want_the_same(seed: int) -> None:
    profile, _ = election(random.Random(seed))
    electorate = Electorate(profile, LEXICOGRAPHIC_ID, by_cost=True)
    order = electorate.supported
    with patch.multiple(grains, **ALWAYS):
        row = grains.grains(electorate, order)
    assert [grain.within for grain in row] == [
        *(frozenset(order[:first]) for first in (1, 2, 3, 4) if first <= len(order)),
        None,
    ]
    for grain, finer in itertools.pairwise(row):
        assert grain.within is not None
        for number in order:
            assert grain.purses[number].voters.sum() == electorate.weight[number]
            # Whoever wants a project that is told apart is in a class that wants it.
            up = {int(finer.coarser[c]) for c in finer.purses[number].classes}
            assert up == set(grain.purses[number].classes.tolist())
        for number in grain.within:
            wanted = set(grain.purses[number].classes.tolist())
            assert {c for c in range(finer.size) if int(finer.coarser[c]) in wanted} == set(
                finer.purses[number].classes.tolist()
            )
