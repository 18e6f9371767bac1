"""What the test and the bench of large exports share: many rows of a real table, and a process that writes them."""

from __future__ import annotations

import os
import signal
import traceback
from datetime import datetime

from django.db import connection, connections

from feedback.opendata import actions
from feedback.opendata.models import Figure
from groundwork import clock
from groundwork.datasets import datasets
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job

SLUG = "figures"
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
    """A fork of this process that exports once. Once it has told of `rows`, it is killed (`then="die"`) or stands still until
    it is let go (`then="stand"`): at that very place, however slow or busy the machine is."""

    def __init__(self, rows: int = 0, then: str = "") -> None:
        connections.close_all()  # the child must not inherit what the parent talks through
        stood, self._stands = os.pipe()
        self._goes, go = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(self._stands)
            os.close(self._goes)
            self._stood, self._go = stood, go
            return
        os.close(stood)
        os.close(go)  # a parent that dies lets it go
        try:
            if then:
                self._stop_at(rows, then)
            export()
            os._exit(0)
        except BaseException:
            os.write(self._stands, traceback.format_exc().encode())
        finally:
            os._exit(1)

    def _stop_at(self, rows: int, then: str) -> None:
        tell = jobs.tell

        def telling(kind: str, key: object, *, at: datetime, done: int, total: int | None = None) -> None:
            tell(kind, key, at=at, done=done, total=total)
            if done < rows or jobs.tell is tell:
                return
            if then == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            jobs.tell = tell
            os.write(self._stands, b".")
            os.read(self._goes, 1)

        jobs.tell = telling

    def stands(self) -> None:
        """Wait until it stands where it was told to."""
        said = os.read(self._stood, 1 << 16)
        assert said == b".", f"The export ended before it had told of so many rows. {said.decode()}"

    def go(self) -> None:
        os.write(self._go, b".")

    def wait(self) -> int:
        """What it ended with: 0, or minus the signal that killed it."""
        os.close(self._stood)
        os.close(self._go)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
