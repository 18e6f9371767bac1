"""What a bench runs on: a copy of the full-size city, the production server in front of it, and what both cost."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from devtools.console import Trouble
from devtools.paths import ROOT, VAR
from devtools.processes import Child

HOST = "quartier.example.org"
WORKERS = 2
THREADS = 4
TEMPLATE = "quartier_city_"
COPY = "quartier_bench_"
HOUSES = ("accounts", "cocreation", "proposals", "feedback", "platform")


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def conninfo(url: str) -> str:
    """psycopg reads `?host=` of a socket only in libpq's own notation."""
    return url.replace("postgres://", "postgresql://", 1)


# --- the database ---


def fingerprint() -> str:
    """Of everything that shapes the seeded city: migrations, builders, the seed; anew each month, since it has dates."""
    digest = hashlib.sha256(datetime.date.today().strftime("%Y-%m").encode())
    files = [path for house in HOUSES for path in (ROOT / house).rglob("migrations/*.py")]
    files += [
        ROOT / "platform/quartier/builders.py",
        Path(__file__).with_name("seed.py"),
        Path(__file__).with_name("sentences.py"),
    ]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def keys_of(template: str) -> Path:
    """Where the keys of the votes in a template's city lie: outside the database, as in production."""
    return VAR / "vote-keys" / template


def template_name(size: str) -> str:
    return f"{TEMPLATE}{size.replace('-', '')}_{fingerprint()}"


@contextlib.contextmanager
def city(size: str = "full") -> Iterator[str]:
    """The address of a fresh copy of a city (a name of seed.SIZES), dropped at the end. Built the first time."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise Trouble("Run it as `python3 dev.py bench`, or set DATABASE_URL and REDIS_URL.")
    name, copy = template_name(size), f"{COPY}{os.getpid()}"
    with psycopg.connect(conninfo(url), autocommit=True) as server:
        _clear_up(server, name)
        if name not in _databases(server, name):
            _build(server, url, name, size)
        server.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(copy), sql.Identifier(name)
            )
        )
        os.environ["VOTE_KEYS_DIR"] = str(keys_of(name))
        try:
            yield with_database(url, copy)
        finally:
            _drop(server, copy)


def _databases(server: psycopg.Connection, prefix: str) -> list[str]:
    found = server.execute(
        "select datname from pg_database where starts_with(datname, %s)", [prefix]
    ).fetchall()
    return [name for (name,) in found]


def _clear_up(server: psycopg.Connection, name: str) -> None:
    """Drop what an older seed made, and what a bench that was killed left behind."""
    for old in _databases(server, name.rpartition("_")[0] + "_"):
        if old != name:
            _drop(server, old)
            shutil.rmtree(keys_of(old), ignore_errors=True)
    for copy in _databases(server, COPY):
        if not Path(f"/proc/{copy.removeprefix(COPY)}").exists():
            _drop(server, copy)


def _build(server: psycopg.Connection, url: str, name: str, size: str) -> None:
    print("Building the city of the bench; later runs copy it.", file=sys.stderr, flush=True)
    draft = f"{COPY}{os.getpid()}"
    server.execute(sql.SQL("create database {}").format(sql.Identifier(draft)))
    try:
        environ = os.environ | {
            "DATABASE_URL": with_database(url, draft),
            "PYTHONPATH": python_path(),
            "VOTE_KEYS_DIR": str(keys_of(name)),
        }
        environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.dev")
        command = [sys.executable, "-m", "tests.bench.seed", size]
        if subprocess.run(command, cwd=ROOT, env=environ).returncode:
            raise Trouble("The city of the bench could not be built.")
        server.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(draft), sql.Identifier(name))
        )
    except BaseException:
        _drop(server, draft)
        raise


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


# --- the servers ---


def python_path() -> str:
    return os.pathsep.join([str(ROOT), str(ROOT / "platform")])


def production(database_url: str) -> dict[str, str]:
    """The environment of a production container. Only TLS is missing: the client plays the proxy that ends it."""
    return {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.prod",
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "TRUST_PROXY": "1",
        "QUARTIER_VAR": str(VAR),
        "VOTE_KEYS_DIR": os.environ["VOTE_KEYS_DIR"],
        "MEDIA_ROOT": str(VAR / "media"),
        "PYTHONPATH": python_path(),
        "WEB_CONCURRENCY": str(WORKERS),
    }


def become_production(database_url: str) -> None:
    """Make this process one of the production's too: same settings, same keys, same static files."""
    os.environ.update(production(database_url))
    sys.path[:0] = [path for path in python_path().split(os.pathsep) if path not in sys.path]

    import django

    django.setup()
    from devtools.prepare import collect_static

    VAR.mkdir(parents=True, exist_ok=True)
    collect_static()


@dataclass
class Server:
    """gunicorn as the Dockerfile starts it. Not recycled after so many requests: that would fall into a run by chance."""

    child: Child
    port: int

    @property
    def workers(self) -> list[int]:
        assert self.child.process
        return children(self.child.process.pid)


@contextlib.contextmanager
def serve(
    application: str, environ: Mapping[str, str], log: Path, worker_class: str = "gthread"
) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    shm = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(WORKERS),
        "--worker-class",
        worker_class,
        *(["--threads", str(THREADS)] if worker_class == "gthread" else []),
        *shm,
        "--preload",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    server = Server(Child("gunicorn", command, log, os.environ | dict(environ), ROOT).start(), port)
    try:
        server.child.wait_until(
            lambda: _answers(port) and len(server.workers) == WORKERS, seconds=60, pause=0.05
        )
        yield server
    finally:
        server.child.stop()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


# --- what they cost ---


TICK = 1 / os.sysconf("SC_CLK_TCK")


def children(parent: int) -> list[int]:
    """Living child processes, from /proc."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of one process. The scheduler's nanoseconds where the kernel shows them, else clock ticks."""
    try:
        total = sum(
            int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()
        )
        return total / 1e9
    except OSError:
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) * TICK


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, so that [0] is the state and [1] the parent."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@dataclass
class Postgres:
    """All processes of the database server, found through one connection. It must run on this machine."""

    postmaster: int

    @classmethod
    def find(cls, url: str) -> Postgres:
        with psycopg.connect(conninfo(url)) as connection:
            backend = connection.info.backend_pid
            try:
                if "postgres" in Path(f"/proc/{backend}/stat").read_text():
                    return cls(int(_stat(backend)[1]))
            except OSError:
                pass
        raise Trouble("The database runs on another machine: what it costs cannot be read here.")

    def cpu_seconds(self) -> float:
        fields = _stat(self.postmaster)
        gone = (int(fields[13]) + int(fields[14])) * TICK  # children that ended
        total = gone + cpu_seconds(self.postmaster)
        for pid in children(self.postmaster):
            with contextlib.suppress(OSError):
                total += cpu_seconds(pid)
        return total


@dataclass(frozen=True)
class Spent:
    """CPU seconds since some moment."""

    application: float
    database: float

    def __sub__(self, before: Spent) -> Spent:
        return Spent(self.application - before.application, self.database - before.database)


def spent(server: Server, postgres: Postgres) -> Spent:
    return Spent(sum(cpu_seconds(pid) for pid in server.workers), postgres.cpu_seconds())


def quiet(postgres: Postgres, patience: float = 20.0) -> None:
    """Wait until the database has stopped working for itself (a copy just made is being written out)."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        before = postgres.cpu_seconds()
        time.sleep(0.5)
        if postgres.cpu_seconds() - before < 0.01:
            return
