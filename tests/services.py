"""A pytest plugin (`-p tests.services`): PostgreSQL, Redis, a real worker and a browser for the tests.

The servers start before pytest-django reads the settings, once for a run; pytest-xdist's processes inherit
them. `DATABASE_URL` and `REDIS_URL` point the tests at real servers, with a test database of their own there.
"""

import atexit
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from kombu.exceptions import OperationalError
from redis import RedisError

from devtools import messages
from devtools.console import Trouble
from devtools.paths import ROOT
from devtools.processes import Child
from devtools.services import Redis, Storage, passing_services, socket_folder
from tests import template
from tests.template import with_database

pytest_plugins = ["tests.browser"]

_running = contextlib.ExitStack()
atexit.register(_running.close)  # also when pytest ends before it is configured


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    """Before everything else: the settings are read inside the `yield`."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker and not {"-h", "--help", "-V", "--version"} & set(args):
        messages.compile_all()
        try:
            os.environ.update(_running.enter_context(passing_services()))
        except Trouble as trouble:
            raise pytest.UsageError(str(trouble)) from None
        # Nothing to prepare where nothing runs, or where the database of last time stays.
        if not {"--reuse-db", "--collect-only", "--co", "--no-migrations"} & set(args):
            folder = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="quartier-template-")))
            os.environ.update(_running.enter_context(template.in_the_making(os.environ, folder)))
    # Files, keys and queues of this process alone: two test processes must not do each other's jobs.
    os.environ["QUARTIER_VAR"] = _running.enter_context(tempfile.TemporaryDirectory(prefix="quartier-var-"))
    os.environ["QUARTIER_QUEUE"] = f"tests-{worker or 'alone'}-{os.getpid()}"
    # The browser's driver runs an event loop in the tests' thread; Django would refuse the ORM there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return (yield)


def pytest_unconfigure() -> None:
    _running.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Every test process copies the template instead of migrating by itself."""
    from django.db import connection

    if made := template.wait():
        connection.settings_dict["TEST"]["TEMPLATE"] = made


# --- a real worker ---


class WorkerProcess:
    """`celery worker` as its own process, on the test's database and queue."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        self.environ = dict(environ)
        self.log = log
        self.name = ""
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        assert self._child and self._child.process
        return self._child.process.pid

    @property
    def alive(self) -> bool:
        return bool(self._child and self._child.alive)

    def start(self, **environ: str) -> "WorkerProcess":
        """Returns when the worker has answered on the broker. Extra environment stays for later starts."""
        self.environ |= environ
        queue = self.environ["QUARTIER_QUEUE"]
        self.name = f"{queue}-{time.monotonic_ns()}@tests"
        command = [
            *(sys.executable, "-m", "celery", "-A", "quartier", "worker", "--pool=solo", "--loglevel=INFO"),
            *("--hostname", self.name, "--queues", queue),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        self._child = Child("The worker", command, self.log, self.environ, ROOT).start()
        self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 60) -> bool:
        """Until it answers on the broker; raises with its last words otherwise."""
        from quartier.celery import app

        def answers() -> bool:
            try:
                return bool(app.control.ping(destination=[self.name], timeout=0.3, limit=1))
            except (OperationalError, RedisError):  # the broker itself is away, or was
                return False

        assert self._child
        self._child.wait_until(answers, seconds, pause=0.05)
        return True

    def kill(self) -> None:
        """As the kernel does it when memory runs out: in the middle of whatever it was doing."""
        if self._child:
            self._child.kill()

    def restart(self, **environ: str) -> "WorkerProcess":
        self.stop()
        return self.start(**environ)

    def stop(self) -> None:
        if self._child:
            self._child.stop(patience=5)


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A running worker. `transactional_db` commits the test's rows: it would not see them otherwise."""
    worker = WorkerProcess(environ_of_this_test(), tmp_path / "worker.log")
    try:
        yield worker.start()
    finally:
        worker.stop()


def environ_of_this_test() -> dict[str, str]:
    from django.db import connection

    return dict(os.environ) | {
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "quartier.settings.test"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        "C_FORCE_ROOT": "1",
    }


# --- a Redis that may die ---


@pytest.fixture
def mortal_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A Redis of this test alone, already the broker of this process; `.kill()` and `.restart()` it.

    A worker joins it by `celery_worker_process.restart(REDIS_URL=mortal_redis.url)`.
    """
    from quartier.celery import app

    with Storage.passing() as storage, socket_folder() as sockets:
        redis = Redis(storage, sockets, name="mortal")
        redis.start()
        before = app.conf.broker_url
        try:
            _use_broker(app, redis.url)
            yield redis
        finally:
            _use_broker(app, before)
            redis.kill()


def _use_broker(app: object, url: str) -> None:
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url  # type: ignore[attr-defined]
    app._after_fork()  # type: ignore[attr-defined]  # Celery's own way to forget open connections
