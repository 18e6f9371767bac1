"""The queue as a workbook: out and back the same, nothing stored before it was confirmed, nothing hostile opened."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from groundwork.answer import Refused
from proposals import assess_actions, sheets
from proposals.findings import FIELDS, content_of
from proposals.models import Assessment, Assignment
from quartier.builders import both, make_proposal
from tests.world import DAY

WRITE = {"sec-fetch-site": "same-origin"}


def book(*rows: Assignment) -> bytes:
    out = io.BytesIO()
    sheets.write(rows, out)
    return out.getvalue()


def row(**content: str):
    proposal = SimpleNamespace(receipt="2026-0001", title="=HYPERLINK(1)", summary="@x", process=None)
    return SimpleNamespace(
        pk=7, version=3, proposal=proposal, office_id=0, due=None, content=content_of(content)
    )


WORDS = st.text(
    alphabet=st.one_of(st.sampled_from("=+-@\t\r\n'0123456789.,_x€äß "), st.characters(exclude_categories=["Cs"])), max_size=24
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=6))
def test_what_is_exported_and_read_again_says_the_same(db, content):
    content = content_of(content)
    ((number, cells),) = sheets.read(book(row(**content)), "a.xlsx")
    assert (number, cells["id"], cells["version"]) == (sheets.HEAD + 1, 7, 3)
    assert sheets.same_content(sheets.content_in(cells, sheets.choices()), content)


@pytest.mark.django_db
def test_no_cell_is_a_formula_keys_are_locked_and_lists_are_offered():
    made = load_workbook(io.BytesIO(book(row(reason_de="=1+1", estimate="+49", body="@x", way_on_de="-2"))))
    sheet = made[sheets.SHEET]
    cells = [
        cell for line in sheet.iter_rows(min_row=sheets.HEAD + 1) for cell in line if cell.value is not None
    ]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or str(cell.value)[0] in "=+-@"]
    assert sheet.protection.sheet and sheet["A5"].protection.locked and not sheet["H5"].protection.locked
    assert len(sheet.data_validations.dataValidation) == len(sheets.choices())


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def tampered(change) -> bytes:
    """A real export with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(row()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, content in change("", b"") or ():
            new.writestr(name, content)
    return out.getvalue()


def corpus() -> dict[str, bytes]:
    bomb = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><a>&b;</a>"
    sheet = "xl/worksheets/sheet1.xml"
    return {
        "empty": b"",
        "words": b"id;version\n1;2",
        "a picture": b"\x89PNG\r\n\x1a\n" + b"0" * 64,
        "another archive": zipped(a_xml=b"<a/>"),
        "cut off": book(row())[:900],
        "an entity": tampered(lambda name, content: [] if not name else bomb if name == sheet else content),
        "utf-16": tampered(lambda name, c: [] if not name else c.decode().encode("utf-16") if name == sheet else c),
        "a bomb": tampered(lambda name, c: [("xl/media/a.bin", b"0" * (41 * 2**20))] if not name else c),
        "many parts": tampered(lambda name, c: [(f"xl/a{n}.bin", b"") for n in range(120)] if not name else c),
        "macros": tampered(lambda name, c: [("xl/vbaProject.bin", b"x")] if not name else c),
        "links": tampered(lambda name, c: [("xl/externalLinks/externalLink1.xml", b"<a/>")] if not name else c),
        "broken xml": tampered(lambda name, c: [] if not name else b"<worksheet><sheetData><row" if name == sheet else c),
        "too large": b"PK" + b"0" * (sheets.MOST_BYTES + 1),
    }  # fmt: skip


@pytest.mark.django_db
def test_hostile_workbooks_are_refused_in_words():
    for name, content in corpus().items():
        with pytest.raises(Refused) as refused:
            sheets.read(content, "queue.xlsx")
        assert str(refused.value.answer.reason), name
    with pytest.raises(Refused):
        sheets.read(book(row()), "queue.xlsm")


@pytest.mark.django_db
def test_a_row_beyond_the_last_one_allowed_is_refused_and_empty_ones_cost_nothing():
    far = tampered(
        lambda name, c: [] if not name else c.replace(b'<row r="5"', b'<row r="900000"') if name.endswith("sheet1.xml") else c
    )  # fmt: skip
    assert sheets.read(far, "a.xlsx") == []
    over = tampered(
        lambda name, c: [] if not name else c.replace(b'<row r="5"', b'<row r="2500"') if name.endswith("sheet1.xml") else c
    )  # fmt: skip
    with pytest.raises(Refused):
        sheets.read(over, "a.xlsx")


# --- through the desk ---


@pytest.fixture
def work(world) -> list[Assignment]:
    for n in range(4):
        make_proposal(
            world.assessing, by=world.amina, place=world.village, at=world.now - (9 - n) * DAY,
            title=both(f"Zeile {n}", f"Row {n}"),
        )  # fmt: skip
    assess_actions.assign_what_waits(world.now)
    return list(Assignment.objects.filter(proposal__title__startswith="Zeile").order_by("pk"))


def fill(content: bytes, typed: dict[int, dict[str, object]]) -> bytes:
    made = load_workbook(io.BytesIO(content))
    sheet = made[sheets.SHEET]
    for line in sheet.iter_rows(min_row=sheets.HEAD + 1):
        for name, value in typed.get(line[0].value, {}).items():
            line[sheets.COLUMNS.index(name)].value = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(client, content: bytes):
    return client.post(
        "/de/desk/assess/sheet/", {"file": SimpleUploadedFile("queue.xlsx", content)}, headers=WRITE
    )


@pytest.mark.django_db
def test_a_sheet_is_previewed_row_by_row_then_stored_at_once(world, sign_in, work):
    client = sign_in(world.olga)
    file = b"".join(client.get("/de/desk/assess/sheet/export/").streaming_content)
    whole, partial, wrong, meanwhile = work
    typed: dict[int, dict[str, object]] = {
        whole.pk: {"verdict": "Ja", "cost_from": 4000, "cost": "4.500", "reason_de": "Geht."},
        partial.pk: {"estimate": "Noch offen"},
        wrong.pk: {"verdict": "Ja", "cost": "viel", "reason_de": "Geht."},
        meanwhile.pk: {"estimate": "Aus der Tabelle"},
    }
    assess_actions.save_draft(
        assignment=meanwhile, content={"estimate": "Vom Schreibtisch"}, by=world.ada, at=world.now, seen=0
    )
    preview = upload(client, fill(file, typed))
    states = {line.title: line.state for line in preview.context["lines"]}
    assert states == {"Zeile 0": "ok", "Zeile 1": "warning", "Zeile 2": "error", "Zeile 3": "conflict"}
    page = preview.content.decode()
    assert "Ada Lindqvist" in page and "4.500" in page
    assert any(
        "J" in note for line in preview.context["lines"] for note in line.notes if line.state == "error"
    )
    assert not Assessment.objects.filter(proposal__title__startswith="Zeile").exists()
    assert Assignment.objects.get(pk=partial.pk).version == 0
    done = client.post("/de/desk/assess/sheet/", {"signed": preview.context["signed"]}, headers=WRITE)
    assert "published=1" in done["Location"] and "draft=1" in done["Location"]
    assert Assessment.objects.get(proposal__title="Zeile 0").cost == 4500
    assert Assignment.objects.get(pk=partial.pk).content == {"estimate": "Noch offen"}
    assert Assignment.objects.get(pk=meanwhile.pk).content == {"estimate": "Vom Schreibtisch"}
    # The same confirmation once more changes nothing.
    again = client.post("/de/desk/assess/sheet/", {"signed": preview.context["signed"]}, headers=WRITE)
    assert "skipped=2" in again["Location"]


@pytest.mark.django_db
def test_keys_of_other_offices_and_forged_previews_lead_nowhere(world, sign_in, work):
    client = sign_in(world.olga)
    file = b"".join(client.get("/de/desk/assess/sheet/export/").streaming_content)
    Assignment.objects.filter(pk=work[0].pk).update(office=world.money)
    preview = upload(client, fill(file, {work[0].pk: {"estimate": "Fremd"}}))
    assert [line.state for line in preview.context["lines"]] == ["error"]
    theirs = upload(sign_in(world.ada), fill(file, {work[1].pk: {"estimate": "Meins"}})).context["signed"]
    assert client.post("/de/desk/assess/sheet/", {"signed": theirs}, headers=WRITE).status_code == 422
    assert Assignment.objects.filter(version__gt=0).count() == 0


@pytest.mark.django_db
def test_where_two_sign_a_sheet_hands_in(world, sign_in, work):
    phase = world.assessing.phases.get(method="assessment")
    phase.set_opts(phase.kind.options(signatures="always"))
    phase.save()
    client = sign_in(world.olga)
    file = b"".join(client.get("/de/desk/assess/sheet/export/").streaming_content)
    preview = upload(client, fill(file, {work[0].pk: {"verdict": "Ja", "cost": 5, "reason_de": "Geht."}}))
    done = client.post("/de/desk/assess/sheet/", {"signed": preview.context["signed"]}, headers=WRITE)
    assert "handed=1" in done["Location"]
    assert Assignment.objects.get(pk=work[0].pk).submitted_by == world.olga
    assert not Assessment.objects.filter(proposal=work[0].proposal_id).exists()
