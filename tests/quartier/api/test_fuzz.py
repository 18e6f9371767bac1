"""Nonsense of every kind: no failure of ours, and no answer that the document does not know (REQ-55).

A small budget here; `python3 dev.py bench fuzz --examples 200` takes its time.
"""

from __future__ import annotations

import os

import pytest

from tests.quartier.api.fuzzing import fuzz
from tests.world import World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))


def test_nothing_fails_and_every_answer_is_documented(world: World, program) -> None:
    found = fuzz(
        [program().headers, program(world.ada).headers, program(world.amina).headers], examples=EXAMPLES
    )
    print(found.asked, dict(sorted(found.by_status.items())))
    assert found.asked > 250
    assert {200, 400, 401, 403, 404, 422} <= found.by_status.keys() and {201, 204} & found.by_status.keys()
    assert not found.problems, "\n\n".join(found.problems[:8])


def test_the_fuzzer_can_fail(world: World, program, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an address that breaks and one whose answer is not what the document says."""
    from cocreation.api import OnePlace, PlaceOut

    monkeypatch.setattr(PlaceOut, "to_representation", lambda self, place: {"slug": 5})
    found = fuzz([program().headers], examples=3, only={"listPlaces"})
    assert any("listPlaces" in problem for problem in found.problems)
    monkeypatch.setattr(OnePlace, "get", lambda self, request, slug: 1 / 0)
    found = fuzz([program().headers], examples=3, only={"readPlace"})
    assert any("500" in problem for problem in found.problems)
