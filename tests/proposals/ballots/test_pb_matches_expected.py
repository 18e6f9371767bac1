"""Real elections, counted again: the same winners in the same order as the reference results.

The elections live outside the repository, in `../shared/data/pabulib` beside it or where PABULIB_DATA says.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from proposals.ballots import pabulib
from proposals.ballots.tally import LEXICOGRAPHIC_ID, amount_text, count
from tests.bench import elections

DATA = elections.FOLDER
# Add1 counts again and again, so only smaller elections are counted by it here, and only what pabutools counted:
# `python3 dev.py bench tally` counts everything.
ADD1, FEW_VOTERS = ("add1_cost", "add1u_cost"), 1500


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    if not DATA.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"The real elections are not here: {DATA} does not exist.")
    found: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
    return found


def test_every_real_election_gives_the_expected_winners_in_order(expected: dict[str, Any]) -> None:
    """And nothing in its file is lost. Every rule of every election, Add1 of the smaller ones."""
    differences, compared = [], 0
    for name, case in expected.items():
        path = DATA / case["stored_as"]
        election = pabulib.read(path)
        official = None if election.official is None else list(election.official)
        assert election.profile.voters == case["voters"], name
        assert len(election.projects) == case["projects"], name
        assert official == case["official_selected"], name
        assert pabulib.content_hash(path) == case["sha256"], name
        for rule, wanted in case["results"].items():
            if rule in ADD1 and (case["voters"] > FEW_VOTERS or not wanted["source"].startswith("pabutools")):
                continue
            result = count(rule, election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
            compared += 1
            if [*result.selected] != wanted["selected"] or amount_text(result.cost) != wanted["cost"]:
                differences.append(f"{name}, {rule}: {[*result.selected]} instead of {wanted['selected']}")
    assert compared > 1000
    assert not differences, f"{len(differences)} of {compared} differ:\n" + "\n".join(differences)


def test_the_official_winners_of_a_city_that_counted_by_equal_shares(expected: dict[str, Any]) -> None:
    """Assen counted with Add1: the same nine projects."""
    election = pabulib.read(DATA / expected["Netherlands_Assen_2024.pb"]["stored_as"])
    result = count("add1_cost", election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
    assert election.official is not None and len(result.selected) == 9
    assert set(result.selected) == set(election.official)
