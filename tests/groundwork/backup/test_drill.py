"""The restore drill: a city with people, files, votes and a journal goes into one file and comes back into an empty place,
on a real server, by the commands operators use. (REQ-126, REQ-42)"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from psycopg import sql

from devtools.paths import ROOT
from groundwork import clock
from groundwork.backup import gate, hooks, restoring, sealing, tools, writing
from groundwork.backup.sealing import Unreadable
from groundwork.jobs.models import Job
from groundwork.journal.follow import follow_all
from quartier.tasks import make_backup, newest
from tests import keepsake
from tests.services import with_database
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# What a room would do: a step that erases somebody again, and a check of its own.
SCRIPT = """
import sys, django
django.setup()
from django.core.management import call_command
from groundwork.backup import hooks
def erase(made_at):
    from accounts.models import Person
    return f"{Person.objects.filter(email='jonas@example.org').update(public_name='')} of them, since {made_at:%Y}"
hooks.steps.add("erasures", hooks.Step("Erased again", erase))
hooks.checks.add("names", hooks.Check("Nobody is back", lambda manifest: []))
call_command("restore", sys.argv[1], "--key", sys.argv[2])
"""


@pytest.fixture
def town(transactional_db: None, settings, tmp_path: Path) -> World:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = str(tmp_path / "media")
    world = keepsake.world()
    default_storage.save("contributions/umlaut/Bäume & Bänke.pdf", ContentFile(b"%PDF " * 50_000))
    follow_all()
    return world


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """The name of a new, empty database beside ours."""
    name = f"{connection.settings_dict['NAME']}_restored"[:60]
    with psycopg.connect(**tools.parameters(), autocommit=True) as server:
        server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield name
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    private, public = sealing.new_key()
    (tmp_path / "key").write_text(private)
    return tmp_path / "key", public


def restore(
    file: Path, key: Path, database: str, media: Path, *wrong: str
) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], database), "MEDIA_ROOT": str(media), "LOG_FORMAT": "line",
        "DJANGO_SETTINGS_MODULE": "quartier.settings.dev", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, str(file), str(key)]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)


def connect(database: str) -> psycopg.Connection:
    return psycopg.connect(**tools.parameters() | {"dbname": database}, autocommit=True)


def test_a_city_comes_back_as_it_was(town, empty, keys, tmp_path, capsys):
    key, public = keys
    folder = tmp_path / "backups"
    call_command("backup", str(folder), "--for", public)
    (file,) = folder.iterdir()
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert file.name.endswith("-vote.backup")  # a vote is open in the world
    raw = file.read_bytes()
    assert b"PGDMP" not in raw and b"jonas" not in raw and b"manifest" not in raw
    call_command("verify_backup", str(file), "--key", str(key))
    assert "Whole: made" in capsys.readouterr().out

    before = _facts(connection.settings_dict["NAME"])
    run = restore(file, key, empty, tmp_path / "another")
    assert run.returncode == 0, run.stderr
    assert "Erased again: 1 of them" in run.stdout and run.stdout.count(": well") == 5
    assert _facts(empty) == before
    for path in writing.media_files():
        assert (tmp_path / "another" / path).read_bytes() == default_storage.open(path).read()
    with connect(empty) as there:
        assert there.execute("select count(*) from django_session").fetchone() == (0,)
        assert there.execute(
            "select public_name from accounts_person where email = 'jonas@example.org'"
        ).fetchone() == ("",)


def test_nobody_is_served_before_every_check_has_passed(town, empty, keys, monkeypatch):
    handler = ConnectionHandler({"default": connection.settings_dict | {"NAME": empty}})
    there = tools.parameters() | {"dbname": empty}
    seen: list[str] = []

    def reads(*args: object) -> writing.Manifest:
        monkeypatch.setattr(gate, "_passing", False)
        with pytest.raises(OperationalError, match="closed"):
            handler["default"].ensure_connection()
        seen.append("closed while it is read")
        return writing.Manifest(made_at=clock.now())

    monkeypatch.setattr(tools, "parameters", lambda: there)
    monkeypatch.setattr(writing, "media_files", lambda: iter(()))
    monkeypatch.setattr(restoring, "media_files", lambda: iter(()))
    monkeypatch.setattr(restoring, "_read", reads)
    monkeypatch.setattr(restoring, "WHOLE", ())
    monkeypatch.setattr(restoring.ours, "close", lambda: None)
    wrong = hooks.Check("Nobody is back", lambda manifest: ["somebody is back"])
    with hooks.checks.temporarily("names", wrong):
        found = restoring.restore(io.BytesIO(), sealing.private_key(keys[0].read_text()))[2]
    assert found["Nobody is back"] == ["somebody is back"] and seen
    for _time in range(2):  # also when it is asked again
        with pytest.raises(OperationalError, match="closed"):
            handler["default"].ensure_connection()
    assert not any(restoring.restore(io.BytesIO(), sealing.private_key(keys[0].read_text()))[2].values())
    handler["default"].ensure_connection()
    handler["default"].close()


def test_a_restore_overwrites_nothing(town, empty, monkeypatch):
    with (
        connect(connection.settings_dict["NAME"]) as full,
        pytest.raises(Unreadable, match="database is not empty"),
    ):
        restoring._must_be_empty(full)
    with connect(empty) as there, pytest.raises(Unreadable, match="media folder is not empty"):
        restoring._must_be_empty(there)


def _facts(database: str) -> tuple[dict[str, int], tuple[int, str]]:
    with connect(database) as there:
        told = writing.describe(there)
    return told["tables"], told["journal"]


def test_no_key_of_a_vote_is_in_it(town, keys, tmp_path, settings):
    key, public = keys
    secrets = [path.read_bytes() for path in Path(settings.VOTE_KEYS_DIR).glob("*") if path.is_file()]
    file, manifest = writing.to_folder(tmp_path / "backups", sealing.public_key(public))
    plain = file.open("rb")
    with plain:
        opened = sealing.Opener(plain, sealing.private_key(key.read_text()))
        content = opened.read()
    assert b"media/contributions" in content and manifest.media > 0
    assert secrets and not any(secret in content for secret in secrets)
    settings.VOTE_KEYS_DIR = f"{settings.MEDIA_ROOT}/keys"
    with pytest.raises(Unreadable, match="VOTE_KEYS_DIR lies inside MEDIA_ROOT"):
        writing.to_folder(tmp_path / "backups", sealing.public_key(public))
    assert list((tmp_path / "backups").iterdir()) == [file]


def test_a_damaged_backup_is_found_before_it_is_needed(town, keys, tmp_path):
    key, public = keys
    file, _manifest = writing.to_folder(tmp_path, sealing.public_key(public))
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:200] + b"?" + whole[201:], b""):
        file.write_bytes(damaged)
        with pytest.raises(CommandError, match=r"damaged|no backup"):
            call_command("verify_backup", str(file), "--key", str(key))


def test_rows_that_are_missing_are_named(town):
    with psycopg.connect(**tools.parameters()) as there:
        told = writing.describe(there)
    told["tables"]["accounts_person"] += 1
    manifest = writing.Manifest(made_at=clock.now(), **told)
    people = told["tables"]["accounts_person"]
    assert restoring.rows(manifest) == [f"accounts_person: {people - 1} rows instead of {people}"]
    told["journal"] = (told["journal"][0], "00")
    assert restoring.chain(writing.Manifest(made_at=clock.now(), **told)) == [
        "the journal ends with another entry than the backup says"
    ]
    assert len(restoring.media(manifest)) == 1


def test_beat_makes_one_when_it_is_time_and_keeps_few(town, keys, tmp_path, settings):
    settings.BACKUP_DIR, settings.BACKUP_PUBLIC_KEY, settings.BACKUP_KEEP = str(tmp_path / "b"), keys[1], 2
    folder, now = Path(settings.BACKUP_DIR), clock.now()
    folder.mkdir()
    for name in ("quartier-20260101T000000Z", "quartier-20260102T000000Z", "quartier-20260103T000000Z-vote"):
        (folder / f"{name}.backup").touch()
    assert make_backup(now)
    # The newest two, but of open votes only the newest one.
    assert [file.name[9:17] for file in sorted(folder.iterdir())] == [now.strftime("%Y%m%d")]
    assert not make_backup(now + timedelta(hours=23))
    job = Job.objects.get(kind="backup")
    assert job.state == "done" and job.result["files"] > 0
    assert newest(folder) is not None

    settings.BACKUP_PUBLIC_KEY = "nonsense"
    with pytest.raises(Unreadable):
        make_backup(now + timedelta(hours=25))
    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "backup")


def test_the_programs_fit_the_server():
    with psycopg.connect(**tools.parameters()) as there:
        server = there.info.server_version // 10_000
    assert tools.version(tools.folder(server)) >= server
    with pytest.raises(Unreadable, match="no pg_dump for PostgreSQL 99"):
        tools.folder(99)


def test_a_pair_of_keys_is_made_once_and_never_overwritten(tmp_path, capsys):
    file = tmp_path / "private"
    call_command("backup", "--new-key", str(file))
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert capsys.readouterr().out.startswith("BACKUP_PUBLIC_KEY=")
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("backup", "--new-key", str(file))
