"""Small groups are not shown: whoever knows who took part could read from a small number what somebody said.

`K` people are the fewest a published number speaks of (settings: SMALL_NUMBERS_K, 10; never below 5).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.conf import settings

Cell = TypeVar("Cell", bound=Hashable)

LOWEST = 5


def k() -> int:
    return max(LOWEST, int(getattr(settings, "SMALL_NUMBERS_K", 10)))


def enough(people: int) -> bool:
    return people >= k()


def missing(people: int) -> int:
    """How many more it takes until something is shown."""
    return max(0, k() - people)


def figure(people: int) -> int | None:
    """A number of people that is published once: None where there are some, but too few to be told."""
    return people if people == 0 or enough(people) else None


def protected(groups: Mapping[str, int]) -> dict[str, int | None]:
    """The groups of one table whose total is known: None where a group is too small to be named.

    A single hidden group could be had by subtraction: then the next one in the order of the names is hidden with it, until
    those that are hidden cannot be told apart. (Not the smallest: that a group is smaller than those that are shown would say
    too much, as `tests/groundwork/test_small_numbers.py` finds.) A group of nobody is shown as 0 unless it has to help hiding.
    A total below `k` must not be shown beside it (`figure`).
    """
    hidden = {name for name, n in groups.items() if 0 < n < k()}
    others = [name for name in sorted(groups) if groups[name] >= k()]
    while hidden and _tells(groups, hidden):
        if not others:
            # There is nobody else to hide behind: then nobody is told that the rest is empty either.
            hidden = set(groups)
            break
        hidden.add(others.pop(0))
    return {name: None if name in hidden else n for name, n in groups.items()}


def _tells(groups: Mapping[str, int], hidden: set[str]) -> bool:
    """Whether the sum of the hidden ones, which everybody can work out, gives one of them away."""
    sizes = [groups[name] for name in hidden]
    return len(sizes) < 2 or sum(sizes) < k() or set(sizes) in ({k() - 1}, {1})


# --- figures that are published again and again ---

# What is shown is rounded to multiples of this: below half of `k`, so that nothing that may be shown becomes nothing.
STEP = 5


def settle(held: int, now: int) -> int:
    """The number a published figure stands for from now on, `held` being the one it stood for until now (0: none).

    It is 0 or at least `k`, and whenever it changes, it changes by at least `k`: so neither a figure nor the difference
    between two of its releases ever speaks of fewer people.
    """
    if now < k():
        return 0
    return now if abs(now - held) >= k() else held


def settle_all(held: Mapping[Cell, int], now: Mapping[Cell, int]) -> dict[Cell, int]:
    """`settle` for every cell of a table. All its sums are sums of these: what is too small is in none of them, so no
    subtraction finds it. Cells that are gone settle at 0."""
    return {cell: settle(held.get(cell, 0), now.get(cell, 0)) for cell in {**held, **now}}


def shown(held: int) -> int | None:
    """What is published of a settled number or of a sum of them: rounded; None where too few stand behind it."""
    return STEP * ((held + STEP // 2) // STEP) if held else None


def margin(held: Mapping[tuple[str, ...], int], place: int) -> dict[str, int]:
    """The sums of a settled table of several dimensions along all but one of them."""
    found: dict[str, int] = {}
    for cell, n in held.items():
        found[cell[place]] = found.get(cell[place], 0) + n
    return found
