"""The list as a table and as a map."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from groundwork.journal.models import Entry
from proposals.export import csv_lines, harmless, xlsx
from proposals.models import Proposal

pytestmark = pytest.mark.django_db
BAD = ["=1+1", "+41", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\n=1", "\u00a0=1"]


@pytest.mark.parametrize("cell", BAD)
def test_no_cell_begins_like_a_formula(cell):
    (_mark, row) = csv_lines([[cell]])
    (read,) = csv.reader(io.StringIO(row, newline=""))
    assert read[0].startswith("'") and read[0][1:] == cell
    sheet = load_workbook(io.BytesIO(xlsx([[cell]], "Liste: [1]"))).active
    assert sheet["A1"].data_type == "s" and sheet["A1"].value.startswith("'")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=20))
def test_harmless_text_stays_as_it_is(text):
    assert harmless(text) in (text, f"'{text}")
    assert harmless(12) == 12


def table(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_everybody_gets_the_public_list_as_its_filters_choose(world, sign_in):
    Proposal.objects.filter(pk=world.fountain.pk).update(title="=HYPERLINK(1)", translations={})
    _head, *rows = table(sign_in(None).get("/en/processes/collecting/proposals.csv"))
    assert {row[0] for row in rows} == set(
        Proposal.objects.public(world.collecting).values_list("receipt", flat=True)
    )
    assert not any("Geheimnis" in cell or "Secret" in cell for row in rows for cell in row)
    assert next(row for row in rows if row[0] == world.fountain.receipt)[1] == "'=HYPERLINK(1)"
    _head, *narrowed = table(sign_in(None).get("/en/processes/collecting/proposals.csv?by=company"))
    assert [row[0] for row in narrowed] == [world.trees.receipt]
    assert len(table(sign_in(None).get("/de/proposals/table.csv"))) == 1 + Proposal.objects.public().count()


def test_the_offices_take_more_columns_and_that_is_on_record(world, sign_in):
    address = "/en/processes/collecting/proposals/export/"
    assert sign_in(world.jonas).post(address).status_code == 403
    assert not Entry.objects.filter(verb="proposals.exported").exists()
    answer = sign_in(world.olga).post(address, {"form": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 1 + Proposal.objects.public(world.collecting).count()
    entry = Entry.objects.get(verb="proposals.exported")
    assert (
        entry.actor_id == world.olga.pk
        and entry.data["form"] == "xlsx"
        and entry.data["number"] == sheet.max_row - 1
    )
    head = table(sign_in(world.olga).post(address, {"form": "csv"}))[0]
    assert len(head) == sheet.max_column > 16


def test_the_map_gets_public_points_with_their_number_and_an_unchanged_one_is_not_sent_again(world, sign_in):
    address = reverse("proposals:geojson", args=["collecting"])
    Proposal.objects.filter(pk=world.fountain.pk).update(map_x=100.0, map_y=40.0, title="<img src=x>")
    answer = sign_in(None).get(address)
    assert answer["Content-Type"] == "application/geo+json"
    body = answer.json()
    by_number = {each["properties"]["number"]: each for each in body["features"]}
    assert set(by_number) == set(Proposal.objects.public(world.collecting).values_list("receipt", flat=True))
    assert body["total"] == len(by_number) and body["more"] is False
    assert by_number[world.fountain.receipt]["geometry"]["coordinates"] == [100.0, 400.0]
    assert "Geheimnis" not in answer.content.decode()
    again = sign_in(None).get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    assert sign_in(None).get(address, {"by": "company"}).json()["total"] == 1
    assert sign_in(None).get("/de/processes/draft/proposals.geojson").status_code == 404


def test_the_map_page_keeps_the_drawn_map_for_who_has_no_scripts(world, sign_in):
    page = sign_in(None).get("/de/processes/collecting/proposals/?view=map").content.decode()
    assert "<svg viewBox" in page and "js/map.js" in page and "leaflet.css" in page
    assert "leaflet" not in sign_in(None).get("/de/processes/collecting/proposals/").content.decode()
