"""What the test and the bench of large exports share: many rows of a real table, and a process that writes them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime

import django
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from tests.services import ROOT, environ_of_this_test

if __name__ == "__main__":
    django.setup()

from feedback.opendata import actions
from feedback.opendata.models import Figure
from groundwork import clock
from groundwork.datasets import datasets
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job

SLUG = "figures"
STANDS = "."
_FILL = """
insert into opendata_figure (metric, at, fresh_at, value, held)
select 'many', %(at)s::timestamptz - n * interval '1 second', %(at)s, n, 0 from generate_series(1, %(rows)s) n
"""


def fill(rows: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"at": at, "rows": rows})


def empty() -> None:
    Figure.objects.filter(metric="many").delete()


def export() -> None:
    actions.renew(clock.now(), wanted=[datasets.get(SLUG)])


def peak_megabytes(pid: int) -> float:
    """The most memory a process has held at once, itself and nothing it shares."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def job() -> Job | None:
    return Job.objects.filter(kind=actions.KIND, key=SLUG).first()


class Exporter:
    """A process that exports once. Once it has told of `rows`, it is killed (`then="die"`) or stands still until it is let go
    (`then="stand"`): at that very place, however slow or busy the machine is. It shares nothing with this process: a fork would
    have its threads' locks and its open files."""

    def __init__(self, rows: int = 0, then: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(default_storage.path("")), str(rows), then],
            cwd=ROOT, env=environ_of_this_test(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def stands(self) -> None:
        """Wait until it stands where it was told to."""
        assert self._process.stdout is not None
        said = self._process.stdout.read(1)
        assert said == STANDS, "The export ended before it had told of so many rows."

    def wait(self) -> int:
        """Let it go. What it ended with: 0, or minus the signal that killed it."""
        self._process.communicate()
        return self._process.returncode


def _stop_at(rows: int, then: str) -> None:
    tell = jobs.tell

    def telling(kind: str, key: object, *, at: datetime, done: int, total: int | None = None) -> None:
        tell(kind, key, at=at, done=done, total=total)
        if done < rows or jobs.tell is tell:
            return
        if then == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        jobs.tell = tell
        sys.stdout.write(STANDS)
        sys.stdout.flush()
        sys.stdin.read()  # ends when the other side lets go, or is gone

    jobs.tell = telling


def main(media: str, rows: str, then: str) -> None:
    default_storage._wrapped = FileSystemStorage(location=media)  # type: ignore[attr-defined]
    if then:
        _stop_at(int(rows), then)
    export()


if __name__ == "__main__":
    main(*sys.argv[1:])
