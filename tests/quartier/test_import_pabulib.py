"""Votes of real cities become finished processes: every ballot, the same winners, once, or nothing at all."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path
from time import process_time

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from cocreation.models import Contribution, Office, Phase, Place, Process
from proposals.ballots import pabulib
from proposals.ballots.models import CastBallot, Tally, Vote
from proposals.ballots.tally import LEXICOGRAPHIC_ID, count
from proposals.models import Proposal, Stage

pytestmark = pytest.mark.django_db

SMALL = """META
key;value
description;Mały budżet
country;Poland
unit;Łódź
subunit;Stare | Polesie
instance;2020
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy-no-skip
date_begin;08.06.2020
date_end;22.06.2020
language;pl
currency;PLN
PROJECTS
project_id;cost;votes;name;selected;category;target
8;600;3;Uporządkowanie placu;1;urban greenery,public space;seniors
7;500;2;"Remont; okopu";0;culture;children
1;399.50;1;Ogród;0;education;youth
VOTES
voter_id;vote;age;sex;voting_method
50;8,7;34;M;internet
168;8;55;F;paper
613;7,8;57;F;internet
614;1;57;F;internet
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "Poland_Lodz_2020.pb"
    file.write_text(SMALL)
    return file


def run(*files: Path) -> tuple[str, str, int]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_pabulib", *map(str, files), stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(str(end.code))
    return out.getvalue(), err.getvalue(), 0


def rows() -> list[int]:
    models = (Process, Phase, Place, Office, Contribution, Proposal, Vote, CastBallot, Tally)
    return [model.objects.count() for model in models]


def test_a_file_becomes_a_finished_process_with_its_projects_ballots_and_result(small):
    _out, err, code = run(small)
    assert (err, code) == ("", 0)
    process = Process.objects.get()
    assert process.slug == "lodz-stare-polesie-2020" and process.content_hash == pabulib.content_hash(small)
    phase = process.phases.get()
    days = [f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" for moment in (phase.starts, phase.ends)]
    assert days == ["08.06.2020 00:00", "23.06.2020 00:00"]
    assert list(Contribution.objects.values_list("channel", "language").distinct()) == [("import", "pl")]
    garden = Proposal.objects.get(title="Ogród")
    assert (str(garden.cost), garden.theme, garden.language, garden.stage) == (
        "399.50",
        "youth",
        "pl",
        Stage.CHOSEN,
    )
    assert Proposal.objects.get(title="Remont; okopu").stage == Stage.NOT_CHOSEN
    assert "zieleń miejska" in Proposal.objects.get(title="Uporządkowanie placu").summary
    result = Tally.objects.get().result
    assert result["selected"] == ["8", "1"] and result["cost"] == "999.5"
    assert result["channels"] == {"web": 3, "paper": 1}
    assert set(CastBallot.objects.values_list("channel", flat=True)) == {"import"}


def test_its_result_page_works_in_its_own_currency_and_says_that_the_city_counted_otherwise(small):
    run(small)
    with translation.override("en"):
        page = Client().get("/en/processes/lodz-stare-polesie-2020/result/").content.decode()
    assert "2 projects get the money" in page and "1,000\N{NO-BREAK SPACE}PLN" in page and "€" not in page
    assert "greedy-no-skip" in page and 'lang="pl"' in page


def test_the_same_file_again_zipped_or_not_changes_nothing(small, tmp_path):
    run(small)
    before = rows()
    zipped = tmp_path / "again.pb.gz"
    zipped.write_bytes(gzip.compress(small.read_bytes()))
    out, err, code = run(small, zipped)
    assert out.count("was there already") == 2 and (err, code) == ("", 0)
    assert rows() == before


BROKEN = {
    "unknown project": (SMALL.replace("168;8;", "168;9;"), "line 25"),
    "votes twice": (SMALL.replace("613;7,8", "50;7,8"), "line 26"),
    "wrong number": (SMALL.replace("num_votes;4", "num_votes;5"), "line 9"),
    "no money": (SMALL.replace("399.50", "399.505"), "no money"),
    "zero budget": (SMALL.replace("budget;1000", "budget;0"), "budget is zero"),
    "points": (
        SMALL.replace("vote_type;approval", "vote_type;ordinal"), "only approval and choose-1 votes can be taken over",
    ),
    "not over": (SMALL.replace("22.06.2020", "22.06.2999"), "not over yet"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_taken_over_says_where_and_why_and_changes_nothing(case, tmp_path):
    content, says = BROKEN[case]
    file = tmp_path / "broken.pb"
    file.write_text(content)
    before = rows()
    _out, err, code = run(file)
    assert code == 1 and "broken.pb" in err and says in err
    assert rows() == before


def test_a_broken_file_does_not_stop_the_others(small, tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_text("nonsense")
    out, err, code = run(broken, small)
    assert code == 1 and "line 1" in err and "lodz" in out
    assert Process.objects.count() == 1


def test_fifty_thousand_ballots_take_seconds_and_give_the_same_winners_as_counting_the_file(tmp_path):
    chance = random.Random(1)
    projects = [(str(n), chance.randrange(5_000, 90_000)) for n in range(1, 41)]
    lines = ["META", "key;value", "unit;Grossstadt", "instance;2021", "num_projects;40", "num_votes;50000",
             "budget;600000", "vote_type;approval", "PROJECTS", "project_id;cost;name"]  # fmt: skip
    lines += [f"{id};{cost};Project {id}" for id, cost in projects]
    lines += ["VOTES", "voter_id;vote"]
    names = [id for id, _cost in projects]
    lines += [f"v{n};{','.join(chance.sample(names, chance.randrange(1, 8)))}" for n in range(50_000)]
    file = tmp_path / "big.pb"
    file.write_text("\n".join(lines))

    started = process_time()
    _out, err, code = run(file)
    spent = process_time() - started

    assert (err, code) == ("", 0)
    assert CastBallot.objects.count() == 50_000
    election = pabulib.read(file)
    expected = count("greedy_cost", election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
    assert Tally.objects.get().result["selected"] == list(expected.selected)
    assert spent < 10, f"{spent:.1f} s of CPU for 50,000 ballots"
