"""`bench journal`: eight writers, readers killed by kill -9, then a dump read back into another cluster.

Nothing may be skipped or doubled, and the chain has to verify. In the restored database new entries get their number, though
its transaction ids begin anew; readers go on where they were.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from devtools.console import Trouble
from devtools.paths import ROOT
from devtools.services import Postgres, Storage, run_as, socket_folder

NEW = 10
# In the restored database: the old chain, new entries, the new chain, and what a reader is given.
AFTERWARDS = """
import json, sys, django
django.setup()
from django.utils import timezone
from cocreation.models import Office
from groundwork.journal import api as journal, follow
from groundwork.journal.models import Cursor, Entry
from groundwork.journal.sealer import seal, verify
office, before, told = Office.objects.get(slug="bench-journal"), verify(), []
journal.wake = lambda: None
waiting = Entry.objects.filter(seq=None).count()
for number in range(int(sys.argv[1])):
    journal.record("process.changed", on=office, at=timezone.now(), data={"restored": number})
sealed = seal()
assert Cursor.objects.get(reader="crowded-1").seq > 0
reader = journal.Reader("crowded-1", lambda entries: told.extend(each.data.get("restored", -1) for each in entries))
while follow._step(reader):
    pass
print(json.dumps({"before": before, "sealed": sealed - waiting, "after": verify(), "told": told}))
"""


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench journal")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--entries", type=int, default=1_000, help="transactions of each writer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    with ExitStack() as stack:
        original, copy = (_server(stack) for _each in range(2))
        os.environ |= {"DATABASE_URL": original.url, "DJANGO_SETTINGS_MODULE": "quartier.settings.dev"}
        figures = _crowded(asked.writers, asked.entries, asked.seed) | _restored(original, copy)
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:>26}: {v}" for k, v in figures.items()))
    wrong = [name for name in ("skipped", "doubled") if figures[name]]
    wrong += [name for name in ("chain", "chain before", "chain after") if figures[name] != "verifies"]
    if figures["new entries read"] != NEW:
        wrong.append("new entries")
    if wrong:
        raise Trouble(f"The journal did not keep its word: {', '.join(wrong)}.")
    return 0


def _server(stack: ExitStack) -> Postgres:
    server = Postgres(stack.enter_context(Storage.passing()), stack.enter_context(socket_folder()))
    stack.callback(server.stop)
    return server.start()


def _crowded(writers: int, entries: int, seed: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from cocreation.models import Office
    from groundwork.journal import api as journal
    from tests.groundwork.journal import crowded

    journal.wake = lambda: None  # type: ignore[assignment]  # no broker here
    office = Office.objects.create(slug="bench-journal", name_de="Amt", short="A")
    begun = time.monotonic()
    found = crowded.run(office, writers=writers, entries=entries, seed=seed)
    seconds = time.monotonic() - begun
    if found.errors:
        raise found.errors[0]
    connection.close()
    return {
        "writers": writers, "entries": found.committed, "rolled back": found.rolled_back, "readers killed": found.kills,
        "entries a second": round(found.committed / seconds), "skipped": found.skipped, "doubled": found.doubled,
        "chain": _said(found.broken),
    }  # fmt: skip


def _restored(original: Postgres, copy: Postgres) -> dict[str, Any]:
    there = ("-h", original.sockets / "pg", "-U", "quartier")
    dump = run_as(original.user, original.binaries / "pg_dump", *there, "quartier")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(dump.stdout)
        file.flush()
        Path(file.name).chmod(0o644)
        here = ("-h", copy.sockets / "pg", "-U", "quartier", "-q", "-v", "ON_ERROR_STOP=1", "-d", "quartier")
        done = run_as(copy.user, copy.binaries / "psql", *here, "-f", file.name)
    if dump.returncode or done.returncode:
        raise Trouble(f"The dump could not be read back: {(dump.stderr + done.stderr).strip()[-300:]}")
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    environ = os.environ | {"DATABASE_URL": copy.url, "PYTHONPATH": path}
    asked = subprocess.run(
        [sys.executable, "-c", AFTERWARDS, str(NEW)],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        raise Trouble(f"The restored database did not answer: {asked.stderr.strip()[-300:]}")
    found = json.loads(asked.stdout.splitlines()[-1])
    return {
        "chain before": _said(found["before"]), "new entries sealed": found["sealed"],
        "new entries read": sum(number == n for number, n in zip(found["told"][-NEW:], range(NEW), strict=False)),
        "chain after": _said(found["after"]),
    }  # fmt: skip


def _said(broken: int | None) -> str:
    return "verifies" if broken is None else f"breaks at {broken}"
