"""What has a place and no point of its own lies beside it, on the map."""

from __future__ import annotations

from itertools import combinations
from math import hypot

from cocreation.spots import EDGE, HEIGHT, WIDTH, beside


def test_things_of_one_place_lie_apart_from_each_other() -> None:
    found = [beside(300, 220, turn, apart=24) for turn in range(20)]
    assert found[0] == (300, 220)
    assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(found, 2)) > 20


def test_nothing_lies_over_the_edge() -> None:
    for x, y in ((0.0, 0.0), (WIDTH, HEIGHT)):
        for turn in range(61):
            found = beside(x, y, turn, apart=24)
            assert EDGE <= found[0] <= WIDTH - EDGE
            assert EDGE <= found[1] <= HEIGHT - EDGE
