"""`manage.py pb`: files in, one line each out, and an exit code a script can trust."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from proposals.ballots.management.commands.pb import Command

GOOD = """META
key;value
budget;100.5
vote_type;approval
PROJECTS
project_id;cost;selected
1;60;0
2;40.5;1
VOTES
voter_id;vote
a;2
b;1,2
"""


def pb(*files: Path, **options: Any) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(Command(), *map(str, files), stdout=out, stderr=err, no_color=True, **options)
    except SystemExit as exit:
        code = int(exit.code or 0)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pb"
    path.write_text(GOOD)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.pb"
    path.write_text(GOOD.replace("b;1,2", "b;1,3"))
    return path


def test_json_is_one_object_a_line_with_exact_money(good: Path) -> None:
    code, out, err = pb(good, good, json=True)
    assert (code, err, out.count("\n")) == (0, "", 2)
    said = json.loads(out.splitlines()[0])
    assert said.pop("seconds") >= 0
    assert said == {
        "file": "good.pb",
        "rule": "greedy_cost",
        "selected": ["2", "1"],
        "cost": "100.5",
        "official": ["2"],
        "equal_to_official": False,
    }


def test_official_winners_are_compared_as_sets(good: Path) -> None:
    good.write_text(GOOD.replace("1;60;0", "1;60;1"))
    assert json.loads(pb(good, json=True)[1])["equal_to_official"] is True
    good.write_text(GOOD.replace("selected", "district"))
    said = json.loads(pb(good, json=True)[1])
    assert (said["official"], said["equal_to_official"]) == (None, None)


def test_several_rules_in_one_run_and_packed_files(good: Path) -> None:
    packed = good.with_suffix(".pb.gz")
    packed.write_bytes(gzip.compress(good.read_bytes()))
    code, out, err = pb(packed, json=True, rules=["mes_cost", "add1u_cost", "phragmen_x", "greedy_card"])
    assert (code, err) == (0, "")
    said = [json.loads(line) for line in out.splitlines()]
    # Each voter has 50.25: 2 costs both 20.25, then voter b has 30 left for the 60 that 1 costs.
    assert [(each["rule"], each["selected"], each["cost"]) for each in said] == [
        ("mes_cost", ["2"], "40.5"),
        ("add1u_cost", ["2", "1"], "100.5"),
        ("phragmen_x", ["1", "2"], "100.5"),
        ("greedy_card", ["2", "1"], "100.5"),
    ]
    assert {each["file"] for each in said} == {"good.pb.gz"}


def test_a_malformed_file_costs_one_line_and_the_exit_code_but_not_the_others(bad: Path, good: Path) -> None:
    code, out, err = pb(bad, bad.with_name("missing.pb"), good, json=True)
    assert code == 1
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["good.pb"]
    assert err.splitlines() == [
        "bad.pb: line 12: The vote names the project '3', which is not listed.",
        "missing.pb: No such file or directory",
    ]


def test_a_rule_that_cannot_count_these_ballots_says_so(good: Path) -> None:
    good.write_text(GOOD.replace("approval", "ordinal"))
    code, out, err = pb(good, json=True)
    assert (code, out) == (1, "")
    assert err == "good.pb: greedy_cost: This rule counts approval ballots, and these are ordinal ballots.\n"


def test_people_get_a_table_and_on_request_every_round(good: Path) -> None:
    code, out, _ = pb(good, rules=["greedy_cost"])
    header, row = out.splitlines()
    assert (code, header.split()[:3]) == (0, ["file", "rule", "funded"])
    assert row.split()[:6] == ["good.pb", "greedy_cost", "2/2", "100.5", "100.5", "different"]
    told = pb(good, verbosity=2)[1].splitlines()[2:]
    assert told[0].strip() == "1. 2: 2 votes, costs 40.5 of 100.5 left: funded, 60 left."
