"""What comes out of the printer: tagged, in both languages, large where asked for, codes once and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import translation

from proposals.ballots import actions as ballots
from proposals.ballots.paperwork import actions, printing
from proposals.ballots.paperwork.models import PaperCode, PrintRun
from tests.proposals.ballots.paperwork.office import admin, clerks, client_of, paper_vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_print_run_is_a_pdf_that_is_made_once():
    vote = paper_vote()
    client = client_of(admin())
    asked = {"way": "paper", "copies": "3", "language": "de"}
    answer = client.post(f"/en/desk/paper/{vote.pk}/print/", asked)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert b"/MarkInfo" in answer.content or b"/StructTreeRoot" in answer.content
    assert PaperCode.objects.count() == 3 and PrintRun.objects.get().copies == 3
    client.post(f"/en/desk/paper/{vote.pk}/print/", asked)
    assert PaperCode.objects.count() == 6, "another file has other codes"


def test_codes_are_in_no_table():
    vote = paper_vote()
    _run, codes = actions.print_run(
        vote=vote, way="paper", copies=2, language="en", large=True, by=admin(), at=vote.opened_at
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select count(*) from "{table}" t where t::text ilike %s', [f"%{codes[0]}%"])
            assert cursor.fetchone()[0] == 0, table


def test_a_desk_run_has_no_codes():
    vote = paper_vote()
    asked = {"way": "desk", "copies": "200", "language": "en", "large": "on"}
    answer = client_of(admin()).post(f"/en/desk/paper/{vote.pk}/print/", asked)
    assert answer.content.startswith(b"%PDF-")
    assert not PaperCode.objects.exists() and PrintRun.objects.get().copies == 200


def test_a_wrong_number_is_refused_beside_its_field_and_prints_nothing():
    vote = paper_vote()
    answer = client_of(admin()).post(
        f"/en/desk/paper/{vote.pk}/print/", {"way": "paper", "copies": "501", "language": "de"}
    )
    assert answer.status_code == 422 and not PrintRun.objects.exists()


def test_a_clerk_prints_no_ballots():
    vote = paper_vote()
    answer = client_of(clerks(1)[0]).post(
        f"/en/desk/paper/{vote.pk}/print/", {"way": "paper", "copies": "5", "language": "de"}
    )
    assert answer.status_code == 403 and not PrintRun.objects.exists()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_ballot_says_projects_costs_and_rule(language, large, monkeypatch):
    vote = paper_vote(max_choices=2)
    seen = {}
    set_page = printing.typesetting.pdf
    monkeypatch.setattr(
        printing.typesetting, "pdf", lambda template, about: seen.update(about) or set_page(template, about)
    )
    run = PrintRun(vote=vote, number=1, way="paper", copies=1, language=language, large=large)
    made = printing.ballots(run, vote, ballots.options_of(vote), ["23456789ABCD"])
    assert made.startswith(b"%PDF-")
    assert seen["size"] >= (16 if large else 11)
    assert [project["number"] for project in seen["projects"]] == ["01", "02", "03"]
    assert all(re.search(r"\d", project["cost"]) for project in seen["projects"])
    assert seen["papers"][0]["code"] == "2345-6789-ABCD" and seen["both"]
    assert ("Kreuz" if language == "de" else "cross") in seen["how"][0]


def test_a_counting_sheet_is_a_pdf_for_whoever_counts():
    vote = paper_vote()
    clerk = client_of(clerks(1)[0])
    for language in ("de", "en"):
        answer = clerk.get(f"/en/desk/paper/{vote.pk}/counting-sheet/{language}/")
        assert answer.content.startswith(b"%PDF-")
    assert clerk.get(f"/en/desk/paper/{vote.pk}/counting-sheet/fr/").status_code == 404
