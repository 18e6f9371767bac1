"""A long list is a job: what it is doing, what came of it, why it failed; and the file is there only when it is whole."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from groundwork import private
from groundwork.jobs.models import Job
from groundwork.journal.models import Entry
from proposals import export, exporting
from proposals.models import ListExport, Proposal
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/en/processes/collecting/proposals/export/"


@pytest.fixture
def town(world: World, monkeypatch, settings, tmp_path) -> World:
    """Every list is a long one, and no worker runs by itself."""
    settings.PRIVATE_DIR = tmp_path
    monkeypatch.setattr(exporting, "LONG", 1)
    monkeypatch.setattr(exporting, "start", lambda key: None)
    ListExport.objects.all().delete()
    Job.objects.all().delete()
    return world


def asked_by(client, **sent: str) -> tuple[ListExport, str]:
    answer = client.post(f"{ADDRESS}?{sent.pop('query', '')}", sent)
    made = ListExport.objects.latest("pk")
    assert answer.status_code == 302 and answer["Location"] == f"/en/lists/{made.pk}/"
    return made, answer["Location"]


def test_a_long_list_is_made_by_a_job_and_fetched_when_it_is_whole(town, sign_in):
    olga = sign_in(town.olga)
    made, page = asked_by(olga, form="csv")
    assert Entry.objects.get(verb="proposals.exported").data["form"] == "csv"
    assert b"The list is being made" in olga.get(page).content
    assert asked_by(olga, form="csv")[0] == made, "asked twice, made once"
    assert olga.get(f"{page}file/").status_code == 403
    exporting.make(made.pk)
    number = Proposal.objects.public(town.collecting).count()
    job = Job.objects.get(kind="list_file")
    assert (job.state, job.percent, job.result) == ("done", 100, {"rows": number})
    assert b"The list is ready" in olga.get(page).content
    text = b"".join(olga.get(f"{page}file/").streaming_content).decode()
    assert len(list(csv.reader(io.StringIO(text[1:], newline="")))) == 1 + number
    for stranger in (town.mo, town.jonas, None):
        assert (
            sign_in(stranger).get(page).status_code
            == sign_in(stranger).get(f"{page}file/").status_code
            == 404
        )
    assert sign_in(town.ada).get(page).status_code == 200


def test_filters_and_form_hold_in_the_background(town, sign_in):
    monday, page = asked_by(sign_in(town.olga), form="xlsx", query="by=company&by=person")
    exporting.make(monday.pk)
    file = b"".join(sign_in(town.olga).get(f"{page}file/").streaming_content)
    rows = list(load_workbook(io.BytesIO(file)).active.values)
    assert town.trees.receipt in {row[0] for row in rows}
    wanted = Proposal.objects.public(town.collecting).filter(author_kind__in=["company", "person"])
    assert {row[0] for row in rows[1:]} == set(wanted.values_list("receipt", flat=True))


def test_what_failed_says_so_and_can_be_tried_again(town, sign_in, monkeypatch):
    made, page = asked_by(sign_in(town.olga), form="csv")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(export, "csv_lines", full)
        with pytest.raises(OSError, match="No space"):
            exporting.make(made.pk)
    assert not list(private.folder().iterdir()), "nothing half is left"
    content = sign_in(town.olga).get(page).content
    assert b"no room for another file" in content and b"The list is ready" not in content
    assert sign_in(town.olga).get(f"{page}file/").status_code == 403
    assert b"no room for another file" in sign_in(town.ada).get("/en/desk/jobs/").content
    sign_in(town.olga).post(page)
    assert Job.objects.get(kind="list_file").state == "waiting"
    assert sign_in(town.olga).post(page).status_code == 403, "it is under way already"
    exporting.make(made.pk)
    assert Job.objects.get(kind="list_file").state == "done"


def test_a_dead_worker_is_replaced_and_files_go_after_a_day(town, sign_in):
    made, page = asked_by(sign_in(town.olga), form="csv")
    exporting.sweep(made.asked_at + timedelta(minutes=1))
    assert ListExport.objects.get().ready_at is None
    exporting.sweep(made.asked_at + timedelta(minutes=3))
    ready = ListExport.objects.get()
    assert ready.ready_at and private.path_of(ready.file).exists()
    exporting.sweep(ready.ready_at + timedelta(days=2))
    assert not list(private.folder().iterdir())
    assert sign_in(town.olga).get(f"{page}file/").status_code == 403
