"""No published figure, and no subtraction of published figures, says how many are in a group of fewer than `k` (REQ-33).

The attacker knows the rule and everything that was published, and lists every town that would have published the same. A
group is isolated where it has some, but fewer than `k` members, in all of those towns the same number.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork import small_numbers
from groundwork.small_numbers import margin, protected, settle, settle_all, shown

K = 5
Town = tuple[int, ...]


@pytest.fixture(autouse=True)
def _lowest(settings: Any) -> None:
    settings.SMALL_NUMBERS_K = K


def _groups(n: int) -> Iterator[tuple[int, ...]]:
    """Every union of cells: whatever can be had by adding and subtracting."""
    for size in range(1, n + 1):
        yield from itertools.combinations(range(n), size)


def isolated(towns: Iterable[Any], view: Callable[[Any], Any], size: Callable[[Any, tuple[int, ...]], int], cells: int) -> list[Any]:  # fmt: skip
    """The groups the attacker isolates, with the town. `size` is the size of a union of cells, or how it changed."""
    alike: dict[Any, list[Any]] = defaultdict(list)
    for town in towns:
        alike[view(town)].append(town)
    found = []
    for same in alike.values():
        for group in _groups(cells):
            sizes = {size(town, group) for town in same}
            if len(sizes) == 1 and 0 < abs(next(iter(sizes))) < K:
                found.append((same[0], group))
    return found


def _sum(town: Town, group: tuple[int, ...]) -> int:
    return sum(town[cell] for cell in group)


def _as_table(town: Town) -> dict[tuple[str, ...], int]:
    return dict(zip(itertools.product("ab", "xy"), town, strict=True))


TOWNS = list(itertools.product(range(9), repeat=4))


def _view_of_a_table(town: Town) -> Any:
    held = settle_all({}, _as_table(town))
    margins = [{name: shown(n) for name, n in margin(held, place).items()} for place in (0, 1)]
    return str([{c: shown(n) for c, n in held.items()}, margins, shown(sum(held.values()))])


def test_no_margin_of_a_table_isolates_anybody() -> None:
    assert isolated(TOWNS, _view_of_a_table, _sum, 4) == []


def test_the_attack_finds_what_exact_margins_give_away() -> None:
    """The same attack on the usual mistake: small cells hidden, sums true."""

    def naive(town: Town) -> Any:
        rows = (town[0] + town[1], town[2] + town[3])
        return tuple(n if n == 0 or n >= K else None for n in town), rows, (town[0] + town[2], town[1] + town[3])  # fmt: skip

    assert len(isolated(TOWNS, naive, _sum, 4)) > 100


PAIRS = [(a, b) for a in itertools.product(range(12), repeat=2) for b in itertools.product(range(12), repeat=2)]  # fmt: skip


def _change(pair: tuple[Town, Town], group: tuple[int, ...]) -> int:
    return _sum(pair[1], group) - _sum(pair[0], group)


def test_two_releases_isolate_nobody_who_came_or_left() -> None:
    def view(pair: tuple[Town, Town]) -> Any:
        first = settle_all({}, dict(enumerate(pair[0])))
        second = settle_all(first, dict(enumerate(pair[1])))
        return tuple(
            (tuple(sorted((cell, shown(n)) for cell, n in held.items())), shown(sum(held.values())))
            for held in (first, second)
        )

    assert isolated(PAIRS, view, _change, 2) == []


def test_the_attack_finds_what_daily_exact_numbers_give_away() -> None:
    def naive(pair: tuple[Town, Town]) -> Any:
        return tuple(tuple(n if n >= K else None for n in town) for town in pair)

    assert len(isolated(PAIRS, naive, _change, 2)) > 100


@pytest.mark.parametrize(("cells", "most"), [(2, 18), (3, 18), (4, 13)])
def test_a_table_beside_its_total_isolates_nobody(cells: int, most: int) -> None:
    """`protected`: published once, with a total of at least `k`."""
    towns = [town for town in itertools.product(range(most + 1), repeat=cells) if K <= sum(town) <= most]

    def view(town: Town) -> Any:
        return tuple(protected({str(n): size for n, size in enumerate(town)}).values()), sum(town)

    assert isolated(towns, view, _sum, cells) == []


def test_nobody_is_alone_behind_a_small_total() -> None:
    assert protected({"a": 3, "b": 0}) == {"a": None, "b": None}
    assert [small_numbers.figure(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_a_figure_speaks_of_k_or_nobody_and_moves_by_k(history: list[int]) -> None:
    held = 0
    for now in history:
        before, held = held, settle(held, now)
        assert held == 0 or held >= K
        assert held == before or abs(held - before) >= K or held == 0
        assert abs(held - now) < K or (held == 0 and now < K)
        assert (shown(held) is None) == (held == 0)
