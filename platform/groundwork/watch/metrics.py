"""Counters of this machine, in Prometheus's text form: requests, refusals by rule, tasks, slow queries.

Several processes count together through files in METRICS_DIR, one set for each *slot*: a process takes the lowest slot
nobody holds and counts on where the last holder stopped, so the number of files is that of processes that ran at one time,
however often they are replaced. Without METRICS_DIR each process counts for itself.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = str(getattr(settings, "METRICS_DIR", "") or "")
MOST_SLOTS = 1000


class Slots:
    """The slot of this process: held by a lock on a file, given back by the kernel when the process ends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.owner, self.slot = folder, 0, ""
        self.held: IO[str] | None = None

    def __call__(self) -> str:
        if self.owner != os.getpid():  # a new process, or one that forked from another
            self.slot, self.held = self._take()
            self.owner = os.getpid()
        return self.slot

    def _take(self) -> tuple[str, IO[str]]:
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(MOST_SLOTS):
            file = (self.folder / f"{number}.lock").open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            return str(number), file
        raise RuntimeError(f"More than {MOST_SLOTS} processes count in {self.folder}.")


if FOLDER:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER
    values.ValueClass = values.MultiProcessValue(Slots(Path(FOLDER)))  # type: ignore[assignment,misc]

registry = CollectorRegistry()

requests = Counter("quartier_requests", "Answered requests", ["route", "method", "status"], registry=registry)
seconds = Histogram(
    "quartier_request_seconds",
    "Seconds until the answer began",
    ["kind"],
    registry=registry,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
refusals = Counter("quartier_refusals", "Refused acts by the rule that said no", ["rule"], registry=registry)
slow_queries = Counter(
    "quartier_slow_queries", "Queries slower than SLOW_QUERY_MS", ["route"], registry=registry
)
tasks = Counter("quartier_tasks", "Finished background tasks", ["task", "state"], registry=registry)
task_seconds = Counter(
    "quartier_task_seconds", "Seconds spent in background tasks", ["task"], registry=registry
)
errors = Counter("quartier_errors", "Log lines of level error and above", ["logger"], registry=registry)


def text() -> bytes:
    """All counters of this machine."""
    if not FOLDER:
        return generate_latest(registry)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody, path=FOLDER)  # type: ignore[no-untyped-call]
    return generate_latest(everybody)
