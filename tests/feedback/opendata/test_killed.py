"""An export that is killed half-way says so, shows nothing half, and is whole the next time (issue 7, show 4). The same with a
million rows: `python3 dev.py bench export`."""

from __future__ import annotations

import hashlib
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from feedback.opendata import actions, manifest
from feedback.opendata.models import Release
from groundwork import clock
from tests.feedback.opendata.exporting import SLUG, Exporter, fill, job

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROWS = 12_000  # six pieces of the export


def test_a_killed_export_says_so_and_leaves_nothing_half(folder: Path, client: Client) -> None:
    fill(ROWS, datetime(2027, 9, 12, tzinfo=UTC))
    assert Exporter(4000, "die").wait() == -signal.SIGKILL
    assert Release.objects.count() == 0
    assert client.get(f"/data/{SLUG}/1/{SLUG}.csv").status_code == 404
    found = job()
    assert found is not None and (found.state, found.total) == ("running", ROWS)
    assert 4000 <= found.done < ROWS
    assert actions.notice_killed(clock.now()) == 1
    found = job()
    assert found is not None and (found.state, found.reason) == ("failed", "killed")
    assert found.reason in manifest.REASONS
    assert Exporter().wait() == 0
    found = job()
    assert found is not None and (found.state, found.done) == ("done", ROWS)
    release = Release.objects.get()
    assert (release.number, release.rows) == (1, ROWS)
    file = release.files.get(form="csv")
    url = f"/data/{SLUG}/1/{SLUG}.csv"
    got = hashlib.sha256()
    # Downloaded in three parts, as after two interruptions.
    for first in range(0, file.size, file.size // 3 + 1):
        answer = client.get(url, headers={"Range": f"bytes={first}-{first + file.size // 3}"})
        assert answer.status_code == 206
        for block in answer.streaming_content:  # type: ignore[attr-defined]
            got.update(block)
    assert got.hexdigest() == file.sha256
    left = sorted(path.name for path in folder.rglob("*") if path.is_file())
    assert left == ["datapackage.json", "figures.csv", "figures.csv-metadata.json", "figures.jsonl"]


def test_an_export_nobody_killed_is_not_taken_for_dead(folder: Path) -> None:
    fill(ROWS, datetime(2027, 9, 12, tzinfo=UTC))
    exporter = Exporter(1, "stand")
    try:
        exporter.stands()
        found = job()
        assert found is not None and found.state == "running" and found.done > 0
        assert actions.notice_killed(clock.now()) == 0
    finally:
        assert exporter.wait() == 0
    assert actions.notice_killed(clock.now()) == 0
