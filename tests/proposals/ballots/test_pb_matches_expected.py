"""Real elections, counted again: the same winners in the same order as the reference results.

The elections live outside the repository, in `../shared/data/pabulib` beside it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from proposals.ballots import pabulib
from proposals.ballots.tally import LEXICOGRAPHIC_ID, amount_text, count

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "pabulib"
RULES = ["greedy_cost"]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    if not DATA.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"The real elections are not here: {DATA} does not exist.")
    elections: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
    return elections


@pytest.mark.parametrize("rule", RULES)
def test_every_real_election_gives_the_expected_winners_in_order(expected: dict[str, Any], rule: str) -> None:
    cases = {name: case for name, case in expected.items() if rule in case["results"]}
    differences = []
    for name, case in cases.items():
        election = pabulib.read(DATA / case["stored_as"])
        result = count(rule, election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
        wanted = case["results"][rule]
        if [*result.selected] != wanted["selected"] or amount_text(result.cost) != wanted["cost"]:
            differences.append(f"{name}: {[*result.selected]} instead of {wanted['selected']}")
    assert cases
    assert not differences, f"{len(differences)} of {len(cases)} differ:\n" + "\n".join(differences)


def test_every_real_election_is_accepted_and_nothing_in_it_is_lost(expected: dict[str, Any]) -> None:
    for name, case in expected.items():
        path = DATA / case["stored_as"]
        election = pabulib.read(path)
        official = None if election.official is None else list(election.official)
        assert election.profile.voters == case["voters"], name
        assert len(election.projects) == case["projects"], name
        assert official == case["official_selected"], name
        assert pabulib.content_hash(path) == case["sha256"], name
