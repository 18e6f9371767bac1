"""What can be in the way of dev.py ends in one clear sentence and exit code 1, never in a traceback."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.paths import ROOT
from devtools.services import Postgres, Storage, socket_folder

PYTHON = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture
def var() -> Iterator[Path]:
    """A `var` of its own where PostgreSQL's user can go (pytest's temporary folders are private)."""
    folder = Path(tempfile.mkdtemp(prefix="quartier-var-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def dev(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    dropped = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV"}
    inherited = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [PYTHON, "dev.py", *args],
        cwd=ROOT,
        env=inherited | environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


def sentence(run: subprocess.CompletedProcess[str]) -> str:
    """The one line of the error output."""
    assert run.returncode == 1, run.stdout + run.stderr
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith("Stopped: ")
    return lines[0]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_taken_port(var):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = sentence(dev("demo", "--port", port, QUARTIER_VAR=str(var)))
    assert f"Port {port} on 127.0.0.1 is taken by another program; choose another with --port." in said
    assert list(var.iterdir()) == []  # asked before anything was installed or started


@pytest.mark.parametrize("path", [os.environ["PATH"], "/usr/bin:/bin"], ids=["with-uv", "bare"])
def test_a_missing_registry(path, var, tmp_path):
    index = f"http://127.0.0.1:{free_port()}/simple"
    run = dev(
        *("demo", "--port", free_port()),
        PATH=path,
        HOME=str(tmp_path),
        UV_CACHE_DIR=str(tmp_path / "cache"),
        UV_DEFAULT_INDEX=index,
        UV_PROJECT_ENVIRONMENT=str(tmp_path / "env"),
        QUARTIER_VAR=str(var),
    )
    said = sentence(run)
    assert f"The package registry {index} does not answer" in said
    assert "UV_DEFAULT_INDEX" in said


def test_a_data_folder_that_is_no_database(var):
    with socket_folder() as sockets:
        data = Postgres(Storage(var, durable=True), sockets).data
    data.mkdir()
    (data / "holiday.txt").write_text("not a database")
    said = sentence(dev("demo", "--port", free_port(), QUARTIER_VAR=str(var)))
    assert f"The data folder {data} is broken; `python3 dev.py demo --reset` builds it anew." in said
    assert (data / "holiday.txt").exists()


def test_a_damaged_database(var):
    with socket_folder() as sockets:
        server = Postgres(Storage(var, durable=True), sockets)
        server.start()
        server.stop()
    (server.data / "global" / "pg_control").write_bytes(b"")
    said = sentence(dev("demo", "--port", free_port(), QUARTIER_VAR=str(var)))
    assert f"PostgreSQL does not start on {server.data}" in said
    assert "--reset" in said


def test_a_command_that_does_not_exist():
    assert "there is no command 'dmeo'" in sentence(dev("dmeo"))


def test_an_unusable_var(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    said = sentence(dev("demo", "--port", free_port(), QUARTIER_VAR=str(tmp_path / "var")))
    assert f"{tmp_path / 'var'}" in said


def test_reset_leaves_other_peoples_databases_alone(var):
    url = "postgres://nobody@127.0.0.1:1/precious"
    said = sentence(dev("demo", "--reset", "--port", free_port(), QUARTIER_VAR=str(var), DATABASE_URL=url))
    assert "--reset empties only the embedded database" in said


def test_help_without_a_command():
    run = dev()
    assert run.returncode == 0
    assert "python3 dev.py demo" in run.stdout
