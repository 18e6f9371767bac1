"""One database with every migration, of which each test process takes a copy.

The migrations take half a minute, copying what they leave takes half a second. They run in a process of their own while the
test processes start and collect; whoever needs the database first waits for it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from devtools.console import Trouble
from devtools.paths import ROOT

NAME = "QUARTIER_TEST_TEMPLATE"
LOG = "QUARTIER_TEST_TEMPLATE_LOG"
PATIENCE = 900
DONE = ".done"


@contextlib.contextmanager
def in_the_making(environ: Mapping[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """Starts making the template on `DATABASE_URL`'s server; yields what the test processes must know. Gone afterwards."""
    import psycopg

    name = f"quartier_template_{uuid.uuid4().hex[:8]}"
    log = folder / "template.log"
    with psycopg.connect(_server(environ["DATABASE_URL"]), autocommit=True) as server:
        server.execute(f'create database "{name}"')
    with log.open("w") as said:
        making = subprocess.Popen(
            [sys.executable, "-m", "tests.template", str(log)],
            cwd=ROOT,
            env={
                **environ,
                "DATABASE_URL": with_database(environ["DATABASE_URL"], name),
                "DJANGO_SETTINGS_MODULE": "quartier.settings.test",
                "QUARTIER_VAR": str(folder),
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            },
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield {NAME: name, LOG: str(log)}
    finally:
        making.kill()
        making.wait()
        with psycopg.connect(_server(environ["DATABASE_URL"]), autocommit=True) as server:
            server.execute(f'drop database if exists "{name}" with (force)')


def wait() -> str:
    """The name of the finished template, or "" where none is being made. Trouble says what went wrong with it."""
    name = os.environ.get(NAME, "")
    if not name:
        return ""
    log, until = Path(os.environ[LOG]), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        outcome = log.with_suffix(DONE)
        if outcome.exists():
            if outcome.read_text() == "0":
                return name
            raise Trouble(f"The migrations failed:\n{log.read_text()}")
        time.sleep(0.1)
    raise Trouble(f"The migrations did not end within {PATIENCE} seconds:\n{log.read_text()}")


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _server(url: str) -> str:
    """Where databases are made: the one that every server has, for the one named may not exist yet."""
    return with_database(url, "postgres").replace("postgres://", "postgresql://", 1)


if __name__ == "__main__":
    outcome = subprocess.call([sys.executable, "manage.py", "migrate", "--verbosity", "0"])
    half = Path(sys.argv[1]).with_suffix(".half")
    half.write_text(str(outcome))
    half.rename(half.with_suffix(DONE))
