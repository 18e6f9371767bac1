"""Small groups are not shown: whoever knows who took part could read from a small number what somebody said.

`K` people are the fewest a published number speaks of (settings: SMALL_NUMBERS_K, 10; never below 5).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

LOWEST = 5


def k() -> int:
    return max(LOWEST, int(getattr(settings, "SMALL_NUMBERS_K", 10)))


def enough(people: int) -> bool:
    return people >= k()


def missing(people: int) -> int:
    """How many more it takes until something is shown."""
    return max(0, k() - people)


def protected(groups: Mapping[str, int]) -> dict[str, int | None]:
    """The groups of one table whose total is known: None where a group is too small to be named.

    A single hidden group could be had by subtraction: then the next smallest is hidden with it, and the hidden ones
    together are never fewer than `k`. A group of nobody is shown as 0 unless it has to help hiding.
    """
    hidden = {name for name, n in groups.items() if 0 < n < k()}
    by_size = sorted((n, name) for name, n in groups.items() if name not in hidden and n)
    while hidden and by_size and (len(hidden) < 2 or sum(groups[name] for name in hidden) < k()):
        hidden.add(by_size.pop(0)[1])
    return {name: None if name in hidden else n for name, n in groups.items()}
