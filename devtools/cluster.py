"""Quartier on several nodes, as processes of one machine: `python3 dev.py cluster`.

    web-1  web-2        gunicorn, one worker of four threads each, behind a proxy in front (a browser may ask either)
    worker-1  worker-2  Celery
    beat
    pooler              pgbouncer in transaction mode, where it is installed; else everything reaches the database directly
    primary  replica    PostgreSQL with a streaming copy that visitors' pages are read from
    redis               queue and kept pages

Each part can be stopped, killed, stalled and started by itself: the bench `faults` does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtools.console import Trouble, say
from devtools.paths import ROOT
from devtools.processes import Child
from devtools.services import ROLE, Postgres, Redis, Storage, run_as, socket_folder

# How the primary keeps a copy: it says every few seconds that it is there.
STREAMING = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "wal_keep_size": "256MB",
    "wal_sender_timeout": "8s",
    "wal_receiver_status_interval": "2s",
    "hot_standby_feedback": "on",
    "max_standby_streaming_delay": "5s",
    "shared_buffers": "256MB",
}
# Through a pooler in transaction mode a session has no settings of its own: the role has them.
OF_THE_ROLE = {"idle_in_transaction_session_timeout": "60s", "jit": "off"}


@dataclass
class Part:
    """A process that can be stopped and started again by itself."""

    name: str
    child: Child
    ready: Any = None

    def start(self) -> Part:
        self.child.start()
        if self.ready:
            self.child.wait_until(self.ready, seconds=90, pause=0.05)
        return self

    def stop(self) -> None:
        self.child.stop(patience=40)

    def kill(self) -> None:
        self.child.kill()

    def stall(self) -> None:
        """As a machine does that swaps or whose network is gone: it is there and says nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self.child.process is not None and self.child.alive:
            os.killpg(self.child.process.pid, number)


@dataclass
class Server(Part):
    """PostgreSQL or Redis, whose own class knows how they start; killed like all others."""

    keeper: Any = None

    def start(self) -> Server:
        self.keeper.start()
        self.child = self.keeper.child
        return self

    def kill(self) -> None:
        super().kill()
        if isinstance(self.keeper, Postgres):
            # What a machine that came back would have cleared.
            (self.keeper.data / "postmaster.pid").unlink(missing_ok=True)

    def _signal(self, number: int) -> None:
        """PostgreSQL's processes have sessions of their own."""
        if self.child.process is None or not self.child.alive:
            return
        from tests.bench.servers import children

        for pid in [self.child.process.pid, *children(self.child.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@dataclass
class Cluster:
    home: Path
    environ: dict[str, str]
    ports: list[int]
    database_url: str  # the database itself, without the pooler
    parts: dict[str, Part] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Part:
        return self.parts[name]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, host: str = "") -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        head = f"GET /healthz HTTP/1.1\r\nHost: {host or 'localhost'}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        return b" 200 " in line.recv(200)
    return False


@contextlib.contextmanager
def running(environ: dict[str, str], host: str = "localhost") -> Iterator[Cluster]:
    """All parts up; `environ` are the settings of the application without its addresses."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-cluster-")))
        home.chmod(0o711)
        sockets = stack.enter_context(socket_folder())
        beside = stack.enter_context(socket_folder())
        primary = Postgres(Storage(_made(home / "primary"), durable=True), sockets, STREAMING)
        cluster = Cluster(home, {}, [], "")
        stack.callback(_stop_all, cluster)
        cluster.parts["primary"] = Server("primary", None, keeper=primary).start()  # type: ignore[arg-type]
        cluster.database_url = primary.url
        _role(primary)
        replica = Postgres(Storage(_made(home / "replica"), durable=True), beside, STREAMING)
        copy_of(primary, replica)
        cluster.parts["replica"] = Server("replica", None, keeper=replica).start()  # type: ignore[arg-type]
        redis = Redis(Storage(_made(home / "redis"), durable=True), sockets)
        cluster.parts["redis"] = Server("redis", None, keeper=redis).start()  # type: ignore[arg-type]
        pooled, pooler_environ = _pooler(cluster, primary, sockets)
        cluster.environ = {
            **os.environ, **environ, **pooler_environ,
            "DATABASE_URL": pooled, "DATABASE_REPLICA_URL": replica.url, "REDIS_URL": redis.url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]), "C_FORCE_ROOT": "1",
        }  # fmt: skip
        yield cluster


def web_command(application: str, port: int) -> list[str | Path]:
    return [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"),
        *(
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--preload",
            "--no-control-socket",
            "--graceful-timeout",
            "30",
        ),
        *("--log-level", "warning"),
    ]


def start_application(cluster: Cluster, host: str = "localhost") -> None:
    """The web servers, workers and the clock, on a database that is migrated."""
    log = _made(cluster.home / "log")
    for number in (1, 2):
        port = free_port()
        cluster.ports.append(port)
        command = web_command("quartier.wsgi", port)
        child = Child(f"web-{number}", command, log / f"web-{number}.log", cluster.environ, ROOT)
        ready = lambda port=port: answers(port, host)  # noqa: E731
        cluster.parts[f"web-{number}"] = Part(f"web-{number}", child, ready).start()
    celery = [sys.executable, "-m", "celery", "-A", "quartier"]
    for number in (1, 2):
        words = [
            "worker",
            "--concurrency=1",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=WARNING",
            "-n",
            f"w{number}@%h",
        ]
        child = Child(
            f"worker-{number}", [*celery, *words], log / f"worker-{number}.log", cluster.environ, ROOT
        )
        cluster.parts[f"worker-{number}"] = Part(f"worker-{number}", child).start()
    words = ["beat", "--pidfile=", f"--schedule={cluster.home / 'beat'}", "--loglevel=WARNING"]
    cluster.parts["beat"] = Part(
        "beat", Child("beat", [*celery, *words], log / "beat.log", cluster.environ, ROOT)
    ).start()


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    return folder


def _role(primary: Postgres) -> None:
    import psycopg

    with psycopg.connect(primary.url, autocommit=True) as connection:
        for name, value in OF_THE_ROLE.items():
            connection.execute(f"alter role {ROLE} set {name} = '{value}'")


def copy_of(primary: Postgres, replica: Postgres) -> None:
    """A base backup beside the primary that follows it from then on."""
    shutil.rmtree(replica.data, ignore_errors=True)
    folder = replica.data.parent
    if primary.user:
        os.chown(folder, *primary.user)
    done = run_as(
        primary.user, primary.binaries / "pg_basebackup", "-h", primary.sockets / "pg", "-U", ROLE,
        "-D", replica.data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync",
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"The copy of the database could not be made: {done.stderr.strip()}")


def _pooler(cluster: Cluster, primary: Postgres, sockets: Path) -> tuple[str, dict[str, str]]:
    """(address of the database for the application, settings that go with it)."""
    binary = shutil.which("pgbouncer") or next(
        (path for path in ("/usr/sbin/pgbouncer", "/usr/local/bin/pgbouncer") if os.access(path, os.X_OK)),
        None,
    )
    if binary is None:
        return primary.url, {}
    said = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.split()[1]
    prepares = tuple(int(part) for part in said.split(".")[:2]) >= (1, 21)
    port, folder = free_port(), _made(cluster.home / "pooler")
    more = "max_prepared_statements = 200\n" if prepares else ""
    (folder / "users").write_text(f'"{ROLE}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{ROLE} = host={primary.sockets / 'pg'} dbname={ROLE} user={ROLE}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"auth_file = {folder / 'users'}\npool_mode = transaction\ndefault_pool_size = 12\nmax_client_conn = 400\n"
        f"query_wait_timeout = 10\nserver_connect_timeout = 3\nserver_login_retry = 1\n{more}"
    )
    for path in (folder, *folder.iterdir()):
        if primary.user:
            os.chown(path, *primary.user)
    log = cluster.home / "pooler.log"
    child = Child(
        "pooler",
        [binary, folder / "pgbouncer.ini"],
        log,
        {"PATH": os.defpath},
        "/",
        signal.SIGINT,
        primary.user,
    )

    def listens() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    cluster.parts["pooler"] = Part("pooler", child, listens).start()
    return f"postgres://{ROLE}@127.0.0.1:{port}/{ROLE}", {
        "DATABASE_POOLER": "prepares" if prepares else "plain"
    }


def _stop_all(cluster: Cluster) -> None:
    order = ["beat", "worker-1", "worker-2", "web-1", "web-2", "pooler", "replica", "primary", "redis"]
    beside = [name for name in cluster.parts if name not in order]
    running = [part for name in order + beside if (part := cluster.parts.get(name)) and part.child]
    for part in running:
        part.go_on()
        part.child.send_stop()
    for part in running:
        part.child.stop(patience=15)


def run(args: list[str]) -> int:
    """The demo's town on a cluster, until Ctrl-C."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="dev.py cluster", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(args)
    from devtools import messages

    messages.compile_all()
    with tempfile.TemporaryDirectory(prefix="quartier-var-") as var:
        environ = {
            "DJANGO_SETTINGS_MODULE": "quartier.settings.dev", "SITE_URL": "http://localhost", "QUARTIER_VAR": var,
        }  # fmt: skip
        say("Starting the database, its copy, the pooler and Redis ...")
        with running(environ) as cluster:
            say("Filling the demo's town ...")
            done = subprocess.run(
                [sys.executable, "-m", "devtools.prepare", f"{var}/logins"], cwd=ROOT, env=cluster.environ
            )
            if done.returncode:
                raise Trouble("The demo's town could not be filled.")
            say("Starting two web servers, two workers and the clock ...")
            start_application(cluster)
            for port in cluster.ports:
                say(f"  http://localhost:{port}/")
            say(Path(f"{var}/logins").read_text().rstrip())
            say(f"Parts: {', '.join(cluster.parts)}. Ctrl-C stops everything; nothing is kept.")
            with contextlib.suppress(KeyboardInterrupt):
                while True:
                    time.sleep(1)
                    for name, part in cluster.parts.items():
                        if not part.child.alive:
                            say(f"{name} ended: {part.child.last_words(2)}; starting it again.")
                            part.start()
    return 0
