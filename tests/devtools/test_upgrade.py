"""The upgrade drill would notice what it is for. The drill itself takes a minute: `python3 dev.py upgrade`, run with every CI."""

from __future__ import annotations

import copy

import pytest

from devtools import upgrade
from devtools.console import Trouble

CITY = {
    "rows": {"accounts_person": 3, "old_empty": 0},
    "results": [["1", "abc"]],
    "receipts": [["1", "2026-0001"]],
    "journal": [["9", "ff"]],
    "people": [["1", "a@example.org"]],
}


def after(**changes: object) -> dict:
    return copy.deepcopy(CITY) | changes


def test_a_city_that_stayed_as_it_was_is_well():
    assert upgrade.compare(CITY, after()) == []
    more = after(rows={"accounts_person": 4, "new_table": 2})
    assert upgrade.compare(CITY, more) == []  # a migration may add; an empty table may go


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rows": {"accounts_person": 2, "old_empty": 0}}, "accounts_person has 2 rows instead of 3"),
        ({"rows": {"old_empty": 0}}, "the table accounts_person with 3 rows is gone"),
        ({"results": [["1", "abd"]]}, "results of votes are not what they were"),
        ({"receipts": []}, "receipts are not what they were"),
        ({"journal": [["9", "fe"]]}, "entries of the journal are not what they were"),
        ({"people": [["1", "b@example.org"]]}, "people are not what they were"),
    ],
)
def test_what_is_lost_is_named(changes, words):
    assert upgrade.compare(CITY, after(**changes)) == [words]


def test_a_commit_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(Trouble, match="is not in this checkout"):
        upgrade.unpack("0" * 40, tmp_path / "old")


def test_the_commit_of_the_drill_is_named():
    assert len(upgrade.FROM.read_text().split()[0]) == 40
