"""`bench register`: a register of 200,000 rows into the entries of a process, with the time and the memory it takes.

The table is invented, written to the private folder as an upload would be, and read by the code the worker runs, in a
process of its own whose peak memory is compared with that of a table a tenth as long. Then the same file once more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from typing import Any

from devtools.console import Trouble

MOST_SECONDS, MOST_MEGABYTES = 60, 24


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench register")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(args)
    if asked.child:
        print(json.dumps(_import(asked.child)))
        return 0
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    small, full = _in_a_process_of_its_own(max(1, asked.rows // 10)), _in_a_process_of_its_own(asked.rows)
    grown = round(full["megabytes"] - small["megabytes"], 1)
    figures = {"rows": asked.rows, "first": full["first"], "again": full["again"], "peak MB": full["megabytes"], "MB more than a tenth of it": grown}  # fmt: skip
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:>26}: {figure}" for name, figure in figures.items()))
    if full["first"]["seconds"] > MOST_SECONDS or grown > MOST_MEGABYTES:
        raise Trouble(f"More than {MOST_SECONDS} s, or memory that grows with the file.")
    return 0


def _in_a_process_of_its_own(rows: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench", "register", "--child", str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise Trouble(f"The import failed: {done.stderr.strip().splitlines()[-1] if done.stderr else '?'}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _import(rows: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.dev")
    import django

    django.setup()
    from cocreation.models import CheckSource, Office, Place, Process
    from groundwork import private

    place, _new = Place.objects.get_or_create(
        slug="bench", defaults={"name_de": "Prüfstadt", "kind": "municipality"}
    )
    office, _new = Office.objects.get_or_create(slug="bench", defaults={"name_de": "Amt", "short": "A"})
    process, _new = Process.objects.get_or_create(
        slug=f"bench-register-{rows}",
        defaults={"title_de": "Register", "office": office, "identity": "register"},
    )
    _empty(process)
    postal = {f"8{n:04}": place.slug for n in range(20)}
    CheckSource.objects.update_or_create(
        process=process, adapter="register", defaults={"options": {"postal": postal}, "active": True}
    )
    data = _table(rows)
    first = _measure(process, data)
    again = _measure(process, data)
    assert not list(private.folder().iterdir()), "the file must be gone"
    assert first["added"] == rows - rows // 1000 and again["unchanged"] == first["added"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _empty(process)
    return {"first": first, "again": again, "megabytes": round(peak, 1)}


def _empty(process: Any) -> None:
    from cocreation.models import Eligibility

    entries = Eligibility.objects.filter(process=process)
    entries._raw_delete(entries.db)


def _table(rows: int) -> str:
    """Written to a file of its own: what measures must not hold the table in memory. Every thousandth row stands twice."""
    import tempfile

    dice = random.Random(7)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8") as out:
        out.write("Ordnungsmerkmal;Familienname;Vorname;Straße;PLZ;Ort;Geburtsdatum\r\n")
        for n in range(rows):
            number = n - 1 if n % 1000 == 999 else n
            born = f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.{dice.randint(1930, 2015)}"
            out.write(
                f"{number:09};Müller-{dice.randint(0, 9999)};Änne;Straße {n % 99};8{n % 20:04};Prüfstadt;{born}\r\n"
            )
    return out.name


def _measure(process: Any, table: str) -> dict[str, Any]:
    from django.utils import timezone

    from cocreation.checks import jobs, register
    from cocreation.checks.tables import detect
    from cocreation.models import RegisterImport
    from cocreation.models.pending import new_token
    from groundwork import private

    token = new_token()
    with open(table, "rb") as file:
        private.keep(token, iter(lambda: file.read(1 << 16), b""))
    started = time.monotonic()
    layout = detect(private.path_of(token))
    job = RegisterImport.objects.create(
        process=process, made_at=timezone.now(), token=token, state="queued", beat_at=timezone.now(),
        size=private.path_of(token).stat().st_size, layout=layout.store(), columns=layout.guess(register.COLUMNS),
    )  # fmt: skip
    jobs.run(RegisterImport, job.pk, register.read)
    seconds = round(time.monotonic() - started, 1)
    job.refresh_from_db()
    if job.state != "done":
        raise AssertionError(f"{job.state}: {job.failure}")
    numbers = ("added", "unchanged", "duplicates", "bad")
    return {"seconds": seconds, **{name: getattr(job, name) for name in numbers}}
