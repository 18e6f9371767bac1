"""Versions: written whole or not at all, the same bytes from the same city, old ones stay (REQ-44, REQ-46, REQ-47)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cocreation.actions import hide_contribution
from cocreation.models import Place
from feedback.opendata import actions, manifest, redacting, writing
from feedback.opendata.models import Release
from groundwork import datasets
from groundwork.datasets import INTEGER, Column, Dataset
from groundwork.jobs.models import Job
from groundwork.journal.models import Entry
from proposals.models import Proposal
from tests.world import World

AT = datetime(2027, 9, 12, 4, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def _renew(*slugs: str, at: datetime = AT) -> list[str]:
    return actions.renew(at, wanted=[datasets.datasets.get(slug) for slug in slugs])


def _newest(slug: str) -> Release:
    return Release.objects.filter(dataset=slug).order_by("-number")[0]


def _content(release: Release, form: str = "csv") -> bytes:
    with default_storage.open(release.files.get(form=form).stored) as opened:
        return bytes(opened.read())


def _table(release: Release) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_content(release).decode(), newline="")))


def _place(slug: str, name: str, population: int = 0) -> Place:
    return Place.objects.create(slug=slug, name_de=name, name_en=name, kind="village", population=population)


def test_a_version_says_rows_checksum_and_moment_and_holds_the_same_in_every_form(world: World) -> None:
    assert _renew("proposals") == ["proposals"]
    release = _newest("proposals")
    table = _table(release)
    lines = [json.loads(line) for line in _content(release, "jsonl").decode().splitlines()]
    public = Proposal.objects.visible_to(None).order_by("pk")
    assert [row["number"] for row in table] == [p.receipt for p in public] == [row["number"] for row in lines]
    assert (release.number, release.rows, release.made_at) == (1, public.count(), AT)
    assert table[0]["title"] == public[0].title == lines[0]["title"]
    assert table[0]["published"].endswith("Z")
    for file in release.files.all():
        content = _content(release, file.form)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
    assert dict(release.counts) == {
        stage: public.filter(stage=stage).count() for stage in {p.stage for p in public}
    }
    assert Entry.objects.filter(verb="data.published").latest("pk").data == {
        "dataset": "proposals", "number": 1, "rows": release.rows,
    }  # fmt: skip


def test_a_text_that_would_run_as_a_formula_is_harmless_in_the_table_and_exact_in_the_lines() -> None:
    _place("x", '=HYPERLINK("http://evil.example","x")')
    _renew("places")
    release = _newest("places")
    assert _table(release)[0]["name_de"] == '\'=HYPERLINK("http://evil.example","x")'
    line = json.loads(_content(release, "jsonl"))
    assert line["name_de"] == '=HYPERLINK("http://evil.example","x")'
    assert (line["population"], _table(release)[0]["population"]) == (None, "")


def test_the_same_city_makes_no_new_version_but_a_fresh_one() -> None:
    _place("x", "Lindach")
    assert (_renew("places"), _renew("places", at=LATER)) == (["places"], [])
    release = Release.objects.get(dataset="places")
    assert (release.number, release.made_at, release.fresh_at) == (1, AT, LATER)
    assert Job.objects.get(kind="opendata", key="places").result == {"number": 1, "rows": 1, "same": True}


def test_an_older_version_stays_and_keeps_its_address(client: Client) -> None:
    _place("x", "Lindach")
    _renew("places")
    _place("y", "Auental")
    _renew("places", at=LATER)
    first, second = Release.objects.filter(dataset="places").order_by("number")
    assert (first.rows, second.rows) == (1, 2)
    assert b"".join(client.get("/data/places/1/places.csv")) == _content(first) != _content(second)  # type: ignore[arg-type]
    moved = client.get("/data/places/places.csv")
    assert (moved.status_code, moved["Location"]) == (302, "/data/places/2/places.csv")


def test_what_fails_publishes_nothing_and_says_so_in_words(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:  # fmt: skip
    _place("x", "Lindach")
    _renew("places")

    def breaks(dataset: Dataset, reader: Any) -> Iterator[Any]:
        yield from ([("x", "Lindach", "Lindach", "village", "urban", None, None)] * 5)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "rows_of", breaks)
    assert _renew("places", at=LATER) == []
    assert [release.number for release in Release.objects.filter(dataset="places")] == [1]
    job = Job.objects.get(kind="opendata", key="places")
    assert (job.state, job.reason) == ("failed", "full")
    with translation.override("en"):
        assert "version before stays" in str(manifest.REASONS[job.reason])
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [
        "datapackage.json", "places.csv", "places.csv-metadata.json", "places.jsonl",
    ]  # fmt: skip


def test_one_table_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    _place("x", "Lindach")
    right = writing.rows_of

    def breaks(dataset: Dataset, reader: Any) -> Iterator[Any]:
        if dataset.slug == "offices":
            raise ValueError("broken")
        return right(dataset, reader)

    monkeypatch.setattr(writing, "rows_of", breaks)
    assert _renew("offices", "places") == ["places"]
    assert dict(Job.objects.values_list("key", "state")) == {"offices": "failed", "places": "done"}


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Ten times the rows in the same memory."""
    table = Dataset(
        "numbers", _("Numbers"), _("Numbers"), rows=lambda: Place.objects.all(),
        columns=(Column("n", "pk", _("Number"), _("Number"), INTEGER, key=True),),
    )  # fmt: skip

    def peak(rows: int) -> int:
        tracemalloc.start()
        whole = writing.write(table, tmp_path, ((n,) for n in range(rows)), number=1, at=AT)
        assert whole.rows == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < 1.2 * peak(2_000) + 100_000


def test_amounts_stay_exact() -> None:
    from feedback.opendata.cells import cell, plain

    column = Column("c", "cost", _("C"), _("C"), "number")
    assert (cell(Decimal("12000.50"), column), plain(Decimal("12000.50"))) == ("12000.50", 12000.5)
    assert (cell(Decimal("1E+3"), column), plain(Decimal("1E+3"))) == ("1000", 1000)


def test_what_was_hidden_since_leaves_the_older_versions_too(world: World) -> None:
    _renew("proposals")
    release = _newest("proposals")
    fountain = world.proposals["fountain"]
    before = release.rows
    assert fountain.receipt.encode() in _content(release)
    hide_contribution(contribution=fountain.contribution, by=world.mo, at=LATER, rule="Regel", reason="Grund")  # fmt: skip
    old = [file.stored for file in release.files.all()]
    assert redacting.take_out(LATER + timedelta(minutes=1)) == 1
    release.refresh_from_db()
    assert (release.number, release.rows, release.taken_out) == (1, before - 1, 1)
    for form in ("csv", "jsonl"):
        content = _content(release, form)
        assert fountain.receipt.encode() not in content
        assert hashlib.sha256(content).hexdigest() == release.files.get(form=form).sha256
    assert json.loads(_content(release, "package"))["resources"][0]["hash"].endswith(release.files.get(form="csv").sha256)  # fmt: skip
    assert redacting.take_out(LATER + timedelta(minutes=2)) == 0
    assert len(old) == 4


def test_a_table_is_late_after_26_hours_and_the_administration_is_told() -> None:
    _place("x", "Lindach")
    _renew("places")
    release = _newest("places")
    assert not release.is_stale(AT + timedelta(hours=26))
    late = AT + timedelta(hours=26, seconds=1)
    assert release.is_stale(late)
    assert manifest.stale(AT + timedelta(hours=26)) == (0, None)
    assert manifest.stale(late) == (1, AT)


def test_every_table_is_due_once_a_day() -> None:
    every = {each.slug for each in datasets.open_ones()}
    assert {each.slug for each in actions.due(AT)} == every
    actions.renew(AT)
    assert actions.due(AT + timedelta(hours=19)) == []
    assert {each.slug for each in actions.due(AT + timedelta(hours=20))} == every
    assert set(Job.objects.filter(kind="opendata").values_list("state", flat=True)) == {"done"}


def test_what_no_version_points_to_is_swept_away(folder: Path) -> None:
    _place("x", "Lindach")
    _renew("places")
    lost = folder / "opendata" / "places" / "9" / "places.csv"
    lost.parent.mkdir()
    lost.write_text("half")
    assert actions.sweep() == 1
    assert not lost.exists()
    assert len(list(folder.rglob("places*"))) == 4


# --- downloads ---


@pytest.fixture
def numbers() -> bytes:
    for n in range(30):
        _place(f"p{n:02}", f"Ort {n}")
    _renew("places")
    return _content(_newest("places"))


URL = "/data/places/1/places.csv"


def _got(client: Client, **headers: str) -> tuple[int, bytes, Any]:
    answer = client.get(URL, headers={name.replace("_", "-"): value for name, value in headers.items()})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, content, answer


def test_an_interrupted_download_goes_on_where_it_stopped(client: Client, numbers: bytes) -> None:
    status, whole, answer = _got(client)
    assert (status, whole, answer["Accept-Ranges"]) == (200, numbers, "bytes")
    status, rest, again = _got(client, Range=f"bytes={500}-", If_Range=answer["ETag"])
    assert (status, again["Content-Range"]) == (206, f"bytes 500-{len(numbers) - 1}/{len(numbers)}")
    assert whole[:500] + rest == numbers
    assert again["Content-Length"] == str(len(rest))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 10), ("bytes=-20", -20, None), ("bytes=100-99999999", 100, None)],
)
def test_a_part_is_exactly_what_was_asked_for(
    client: Client, numbers: bytes, asked: str, first: int, last: int | None
) -> None:
    status, content, _answer = _got(client, Range=asked)
    assert (status, content) == (206, numbers[first:last])


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_a_range_we_do_not_serve_gets_the_whole(client: Client, numbers: bytes, asked: str) -> None:
    assert _got(client, Range=asked)[:2] == (200, numbers)


def test_a_range_beyond_the_end_is_refused(client: Client, numbers: bytes) -> None:
    status, content, answer = _got(client, Range=f"bytes={len(numbers)}-")
    assert (status, content, answer["Content-Range"]) == (416, b"", f"bytes */{len(numbers)}")


def test_a_part_of_another_file_is_not_continued(client: Client, numbers: bytes) -> None:
    """A row was taken out meanwhile: the checksum is another one, so the download starts again."""
    assert _got(client, Range="bytes=500-", If_Range='"0000"')[:2] == (200, numbers)


def test_who_has_the_file_gets_nothing_again(client: Client, numbers: bytes) -> None:
    etag = _got(client)[2]["ETag"]
    assert _got(client, If_None_Match=etag)[:2] == (304, b"")
