"""The ledger of ASVS 5.0.0 level 2 has an honest line for each of the 253 requirements, and nothing in it is dead (REQ-97).

Evidence is separated by spaces: a test (`path::test`), a file, or `path:word`, a file that holds the word.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache

import pytest

from devtools.paths import ROOT

LEDGER = ROOT / "docs" / "security" / "asvs-5.0.0.csv"
STATES = {"met", "partly", "not met", "not applicable"}
Row = dict[str, str]


def rows() -> list[Row]:
    with LEDGER.open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def text_of(path: str) -> str | None:
    file = ROOT / path
    return file.read_text(errors="replace") if file.is_file() else None


def dead(evidence: str) -> str:
    """Why a piece of evidence proves nothing; empty when it stands."""
    path, _, rest = evidence.partition(":")
    text = text_of(path)
    if text is None:
        return f"{path} is not there"
    if rest.startswith(":"):
        name = rest[1:].split("[")[0]
        return (
            ""
            if re.search(rf"^\s*(?:async )?def {re.escape(name)}\(", text, re.M)
            else f"{path} has no {name}"
        )
    return "" if rest in text else f"{path} does not hold {rest!r}"


def problems(found: list[Row]) -> list[str]:
    wanted = dict(
        line.split() for line in (ROOT / "tests/quartier/asvs-level-2.txt").read_text().splitlines()
    )
    ids = [row["id"] for row in found]
    wrong = [f"{each} is missing" for each in wanted if each not in ids]
    wrong += [f"{each} is unknown" for each in ids if each not in wanted]
    wrong += [f"{each} stands there twice" for each in set(ids) if ids.count(each) > 1]
    for row in found:
        if row["state"] not in STATES:
            wrong.append(f"{row['id']} has no state")
        if row["level"] != wanted.get(row["id"], row["level"]):
            wrong.append(f"{row['id']} has another level")
        if not row["evidence"].strip() and not row["note"].strip():
            wrong.append(f"{row['id']} is blank")
        if row["state"] == "met" and not row["evidence"].strip():
            wrong.append(f"{row['id']} is called met without evidence")
        if row["state"] != "met" and not row["note"].strip():
            wrong.append(f"{row['id']} gives no reason")
        wrong += [f"{row['id']}: {why}" for each in row["evidence"].split() if (why := dead(each))]
    return wrong


def test_every_requirement_has_a_living_line():
    assert problems(rows()) == []
    assert len(rows()) == 253


def change(name: str, value: str) -> Callable[[list[Row]], None]:
    def apply(found: list[Row]) -> None:
        found[0][name] = value

    return apply


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda found: found.pop(3), "is missing"),
        (lambda found: found.append(found[0] | {"id": "V99.1.1"}), "is unknown"),
        (lambda found: found.append(dict(found[0])), "stands there twice"),
        (change("state", "mostly"), "has no state"),
        (change("level", "1"), "has another level"),
        (change("evidence", "tests/crawl/test_corpus.py::test_that_is_gone"), "has no test_that_is_gone"),
        (change("evidence", "tests/nowhere.py::test_x"), "is not there"),
        (change("evidence", "pyproject.toml:no-such-rule"), "does not hold"),
        (change("evidence", ""), "without evidence"),
        (lambda found: found[0].update(evidence="", note=""), "is blank"),
        (lambda found: found[0].update(state="partly", note=""), "gives no reason"),
    ],
)
def test_a_blank_an_unknown_item_and_a_dead_proof_fail(harm, words):
    found = rows()
    harm(found)
    assert any(words in line for line in problems(found))


def test_the_summary_in_the_documents_is_that_of_the_ledger():
    readme = (ROOT / "docs/security/README.md").read_text()
    for state in STATES:
        number = sum(row["state"] == state for row in rows())
        assert f"| {state} | {number} |" in readme
