"""`bench lag`: how long after its commit an entry of the journal has its number, with idle writers and a busy neighbour.

One process seals without pause, as a woken worker does. Eight write at a pace; beside them one transaction stays open with an
entry in it, and another database of the same server is kept busy. At the end nothing is missing, nothing stands twice, the
chain verifies.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

from devtools.console import Trouble

MOST_MS = 100.0
WRITERS = 8


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench lag")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rate", type=float, default=20, help="entries a second of each writer")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.settings.dev"
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    import django

    django.setup()
    figures = _measure(asked.seconds, asked.rate)
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:>26}: {v}" for k, v in figures.items()))
    if figures["p99 ms"] > MOST_MS:
        raise Trouble(f"More than {MOST_MS:.0f} ms in the slowest hundredth.")
    return 0


def _measure(seconds: float, rate: float) -> dict[str, Any]:
    from django.db import connection, transaction
    from django.utils import timezone

    from cocreation.models import Office
    from groundwork.journal import api as journal
    from groundwork.journal.models import Entry
    from groundwork.journal.sealer import seal, verify

    journal.wake = lambda: None  # type: ignore[assignment]  # no broker here: the sealer looks by itself
    office, _new = Office.objects.get_or_create(slug="bench-lag", defaults={"name_de": "Amt", "short": "A"})
    seal()
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    done, written, failures = threading.Event(), dict[int, float](), list[BaseException]()
    lags: list[float] = []

    def guarded(work: Any) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)
                done.set()
            finally:
                connection.close()

        return threading.Thread(target=run)

    def write() -> None:
        due = time.monotonic()
        while not done.is_set():
            with transaction.atomic():
                entry = journal.record("process.changed", on=office, at=timezone.now(), data={})
            written[entry.pk] = time.monotonic()
            due += 1 / rate
            time.sleep(max(0.0, due - time.monotonic()))

    def idle() -> None:
        with transaction.atomic():
            journal.record("process.changed", on=office, at=timezone.now(), data={"idle": True})
            done.wait()

    def neighbour() -> None:
        _busy(done)

    def keep_sealing() -> None:
        """Looks every few milliseconds, as a worker that every commit wakes."""
        seen = first
        while not done.is_set():
            if seal():
                now = time.monotonic()
                fresh = Entry.objects.filter(pk__gt=seen, seq__isnull=False).values_list("pk", flat=True)
                for key in fresh:
                    if (at := written.pop(key, None)) is not None:
                        lags.append((now - at) * 1e3)
            time.sleep(0.005)

    threads = [guarded(work) for work in [keep_sealing, idle, neighbour, *[write] * WRITERS]]
    for thread in threads:
        thread.start()
    done.wait(seconds)
    done.set()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    seal()
    committed = Entry.objects.filter(pk__gt=first)
    numbers = sorted(committed.values_list("seq", flat=True))
    if None in numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise AssertionError("an entry is skipped or doubled")
    if (broken := verify()) is not None:
        raise AssertionError(f"the chain breaks at {broken}")
    lags.sort()
    return {
        "entries": len(numbers), "measured": len(lags), "p50 ms": round(lags[len(lags) // 2], 1),
        "p99 ms": round(lags[int(len(lags) * 0.99)], 1), "most ms": round(lags[-1], 1),
    }  # fmt: skip


def _busy(done: threading.Event) -> None:
    """Another database of the same server, with writes and one long transaction."""
    import psycopg
    from django.db import connection

    about = connection.get_connection_params()
    about = {key: about[key] for key in ("host", "port", "user", "password") if about.get(key)}
    with psycopg.connect(**about, dbname="postgres", autocommit=True) as server:
        server.execute("drop database if exists quartier_neighbour with (force)")
        server.execute("create database quartier_neighbour")
        try:
            with (
                psycopg.connect(**about, dbname="quartier_neighbour", autocommit=True) as busy,
                psycopg.connect(**about, dbname="quartier_neighbour") as old,
            ):
                busy.execute("create table t (n bigint)")
                old.execute("insert into t values (0)")
                while not done.is_set():
                    busy.execute("insert into t select generate_series(1, 200)")
                    time.sleep(0.002)
        finally:
            server.execute("drop database if exists quartier_neighbour with (force)")
