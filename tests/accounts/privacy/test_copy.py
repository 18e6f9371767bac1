"""A copy of everything about me: complete, mine alone, once, for a day (REQ-28)."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage

from accounts.models import Person
from accounts.privacy import exporting
from accounts.privacy.everything import NOT_SHOWN, everything_about, tables_of
from accounts.privacy.models import Export
from cocreation.actions import follow
from cocreation.models import Attachment, Contribution
from groundwork import private
from groundwork.answer import Refused
from groundwork.datamap import pointers
from groundwork.jobs.models import Job

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PAGE, FETCH = "/de/me/data/copy/", "/de/me/data/copy/fetch/"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.PRIVATE_DIR = str(tmp_path)


@pytest.fixture
def proven(sign_in):
    """A client of somebody who has just proved once more who they are."""

    def make(person):
        client = sign_in(person)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
        return client

    return make


def copy_of(person, at):
    export = exporting.ask(person=person, at=at)
    exporting.make(export.pk)
    export.refresh_from_db()
    return export


def opened(export, at):
    file, size = exporting.fetch(export=export, at=at)
    content = file.read()
    assert len(content) == size
    return zipfile.ZipFile(io.BytesIO(content))


# --- complete ---


def test_every_table_that_points_at_people_is_in_the_copy_of_those_it_points_at(world):
    """Read from the models, not from a list: a table that is added later is in the copy without a word."""
    copies: dict[int, dict[str, Any]] = {}
    reached = 0
    for model, field, _note in pointers():
        row = model._base_manager.filter(**{f"{field.name}__isnull": False}).first()
        if row is None:
            continue
        owner = getattr(row, field.name)
        if owner.pk not in copies:
            copies[owner.pk] = everything_about(owner)
        assert model._meta.label in copies[owner.pk], f"{model._meta.label}.{field.name}"
        reached += 1
    assert reached > 60


def test_every_pointer_at_people_belongs_to_a_table_of_the_copy(world):
    labels = {table.label for table in tables_of(world.amina)}
    assert {model._meta.label for model, _field, _note in pointers()} <= labels


def test_the_copy_holds_my_words_also_where_no_row_points_at_me(world):
    data = everything_about(world.amina)
    assert any(row["text"] == "Mehr Schatten, bitte." for row in data["conversation.Comment"])
    assert any(row["title"] == world.fountain.title for row in data["proposals.Proposal"])
    assert {row["receipt"] for row in data["cocreation.Contribution"]} == set(
        Contribution.objects.filter(author=world.amina).values_list("receipt", flat=True)
    )
    assert data["journal.Entry"] and "data" not in data["journal.Entry"][0]


def test_the_copy_names_nobody_else(world):
    follow(person=world.amina, process=world.processes["collecting"], at=world.now)
    data = everything_about(world.amina)
    assert data["accounts.Person"][0]["email"] == "amina@example.org"
    assert data["cocreation.Follow"][0]["person"] == "you"
    # What several write together is of each of them.
    data.pop("merging.JointText", None)
    text = json.dumps(data, ensure_ascii=False)
    for other in ("jonas@example.org", "Jonas Petersen", "Olga Brandt", world.trees.title):
        assert other not in text


def test_staff_take_their_acts_along_but_not_the_data_of_those_they_served(world):
    from accounts.models import Verification

    Verification.objects.filter(person=world.amina).update(verified_by=world.clara)
    rows = everything_about(world.clara)["accounts.Verification"]
    assert [row["verified_by"] for row in rows] == ["you"]
    assert not any("residence" in row or "age_band" in row for row in rows)


def test_secrets_are_named_but_not_shown(world):
    data = everything_about(world.olga)
    assert data["mfa.Authenticator"][0]["data"] == NOT_SHOWN
    assert data["accounts.Person"][0]["password"] == NOT_SHOWN
    assert "JBSW" not in json.dumps(data)


# --- the file ---


def test_the_file_is_json_tables_and_files_and_they_agree(world):
    archive = opened(copy_of(world.amina, world.now), world.now)
    data = json.loads(archive.read("data.json"))
    assert data.keys() == everything_about(world.amina).keys()
    tables = {name for name in archive.namelist() if name.startswith("tables/")}
    assert tables == {f"tables/{label}.csv" for label in data}
    for label, rows in data.items():
        written = list(csv.DictReader(io.StringIO(archive.read(f"tables/{label}.csv").decode("utf-8-sig"))))
        assert len(written) == len(rows), label
    mine = Attachment.objects.filter(contribution__author=world.amina)
    assert mine.exists()
    for row in mine:
        path = row.path_of(row.width) if row.is_image else row.stored
        name = f"files/{row.contribution.receipt}-{row.pk}-{row.name}"
        assert archive.read(name) == default_storage.open(path).read()


@pytest.mark.parametrize("said", ["=1+1", "+49", "-x", "@home", " =cmd", "\t=1"])
def test_what_looks_like_a_formula_is_text_in_the_tables(said):
    assert exporting.cell(said) == f"'{said}"
    assert exporting.cell(f"a{said}") == f"a{said}"


def test_the_job_tells_how_far_it_is_and_that_it_is_done(world):
    export = exporting.ask(person=world.amina, at=world.now)
    job = Job.objects.get(kind=exporting.KIND, key=str(export.pk))
    assert job.state == "waiting"
    told = []
    with private.create("probe") as out:
        exporting.write(world.amina, out, tell=lambda done, total: told.append((done, total)))
    assert [done for done, _total in told] == sorted(done for done, _total in told)
    assert told[-1][0] == told[-1][1] and len(told) > 50
    exporting.make(export.pk)
    job.refresh_from_db()
    assert (job.state, job.percent) == ("done", 100)


def test_a_copy_that_breaks_off_is_not_ready_and_leaves_no_file_and_is_made_anew(
    world, monkeypatch, tmp_path
):
    export = exporting.ask(person=world.amina, at=world.now)

    def breaks(person, out, **more):
        out.write(b"half")
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write", breaks)
        with pytest.raises(OSError, match="disk full"):
            exporting.make(export.pk)
    export.refresh_from_db()
    assert (export.ready_at, export.file, list(tmp_path.iterdir())) == (None, "", [])
    assert Job.objects.get(kind=exporting.KIND, key=str(export.pk)).state == "failed"
    Job.objects.filter(kind=exporting.KIND).update(beat_at=world.now)
    exporting.sweep(world.now + timedelta(hours=1))
    export.refresh_from_db()
    assert export.ready_at is not None


# --- mine alone, once, for a day ---


def test_asking_and_fetching_ask_once_more_who_it_is(world, sign_in):
    world.amina.set_password("auental-demo-2026")
    world.amina.save()
    amina = sign_in(world.amina)
    for url in (PAGE, FETCH):
        answer = amina.post(url, **HERE)
        assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
    assert not Export.objects.exists()


def test_the_copy_is_fetched_once_by_its_owner_and_then_it_is_gone(world, proven, client, tmp_path):
    amina = proven(world.amina)
    assert amina.post(PAGE, **HERE).status_code == 302
    export = Export.objects.get(person=world.amina)
    exporting.make(export.pk)
    assert proven(world.jonas).post(FETCH, **HERE).status_code == 302
    assert client.post(FETCH, **HERE).status_code == 302
    assert len(list(tmp_path.iterdir())) == 1
    assert "/copy/fetch/" in amina.get(PAGE).content.decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting.transaction, "on_commit", lambda done, **more: done())
        answer = amina.post(FETCH, **HERE)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert list(tmp_path.iterdir()) == []
    again = amina.post(FETCH, **HERE)
    assert (again.status_code, again["Location"]) == (302, PAGE)


def test_a_copy_expires_after_a_day(world, tmp_path):
    export = copy_of(world.amina, world.now)
    late = export.expires_at
    assert late - export.ready_at == timedelta(hours=24)
    with pytest.raises(Refused):
        exporting.fetch(export=export, at=late)
    exporting.sweep(late)
    assert list(tmp_path.iterdir()) == []
    exporting.ask(person=world.amina, at=late)


def test_there_is_one_copy_at_a_time(world):
    exporting.ask(person=world.amina, at=world.now)
    with pytest.raises(Refused):
        exporting.ask(person=world.amina, at=world.now)
    exporting.ask(person=world.jonas, at=world.now)
    assert Export.objects.count() == 2


def test_a_table_without_rows_about_me_costs_no_file(world):
    labels = set(everything_about(world.jonas))
    assert "feedback.OfficialAnswer" not in labels
    assert apps.get_model("feedback.OfficialAnswer").objects.exists()
    assert Person.objects.filter(pk=world.jonas.pk).exists()


# --- who did something with my data ---


def test_what_staff_did_with_my_data_stands_on_my_page_and_on_no_other_without_their_names(world, sign_in):
    from cocreation.audit import on_data_of
    from groundwork.journal import api as journal

    done = "Residence confirmed"
    assert done not in sign_in(world.amina).get("/en/me/data/").content.decode()
    for person in (world.amina, world.jonas):
        data = on_data_of(person)
        journal.record("person.verified", by=world.clara, on=person, at=world.now, data=data)
        journal.record("identity.asked", by=world.mo, on=person, at=world.now, data=data)
    mine = sign_in(world.amina).get("/en/me/data/").content.decode()
    assert mine.count(done) == 1
    # Not who of them; and that somebody asked who wrote something is told once a second person agreed.
    assert "Clara Sommer" not in mine and "Mo Bilgin" not in mine
    assert done not in sign_in(world.ines).get("/en/me/data/").content.decode()
