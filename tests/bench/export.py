"""`bench export`: a million rows as open data: memory, progress, a kill half-way, and a download in parts.

The rows are invented figures in the bench's own database, written by the code the worker runs, in a process of its own whose
peak memory is compared with that of a hundredth of the rows. One run is killed half-way first: the job must say so, and no
file of it may be ready.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from devtools.console import Trouble

MOST_MEGABYTES = 24


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench export")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(args)
    import django

    django.setup()
    if asked.child:
        return _child()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    figures = _measure(asked.rows)
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:>28}: {v}" for k, v in figures.items()))
    if figures["MB more than a hundredth"] > MOST_MEGABYTES:
        raise Trouble(f"Memory grows with the rows: {figures['MB more than a hundredth']} MB more.")
    return 0


def _child() -> int:
    from tests.feedback.opendata.exporting import export, peak_megabytes

    began = time.monotonic()
    export()
    print(json.dumps({"seconds": round(time.monotonic() - began, 1), "megabytes": round(peak_megabytes(os.getpid()), 1)}))  # fmt: skip
    return 0


def _measure(rows: int) -> dict[str, Any]:
    from feedback.opendata import actions
    from feedback.opendata.models import Release
    from groundwork import clock
    from tests.feedback.opendata.exporting import SLUG, Exporter, empty, fill, job

    with tempfile.TemporaryDirectory(prefix="quartier-export-") as folder:
        os.environ["MEDIA_ROOT"] = folder
        from django.conf import settings
        from django.core.files.storage import FileSystemStorage, default_storage

        settings.MEDIA_ROOT = folder
        default_storage._wrapped = FileSystemStorage(location=folder)  # type: ignore[attr-defined]
        Release.objects.filter(dataset=SLUG).delete()
        empty()
        try:
            fill(max(1, rows // 100), clock.now())
            small = _in_a_process_of_its_own()
            empty()
            fill(rows, clock.now())
            if Exporter(rows // 2, "die").wait() != -signal.SIGKILL:
                raise Trouble("The export could not be killed half-way.")
            ready = Release.objects.filter(dataset=SLUG, rows=rows).count()
            noticed = actions.notice_killed(clock.now())
            killed = job()
            told = killed.done if killed is not None else 0
            if ready or noticed != 1 or killed is None or killed.reason != "killed":
                raise Trouble("A killed export did not say so, or something of it is ready.")
            full = _in_a_process_of_its_own()
            done = job()
            release = Release.objects.filter(dataset=SLUG).order_by("-number")[0]
            if done is None or done.state != "done" or release.rows != rows:
                raise Trouble(f"{release.rows} rows are ready, {rows} were there.")
            file = release.files.get(form="csv")
            seconds = _download(f"/data/{SLUG}/{release.number}/{file.name}", file.size, file.sha256)
            left = len([path for path in Path(folder).rglob("*") if path.is_file()])
        finally:
            empty()
            Release.objects.filter(dataset=SLUG).delete()
    return {
        "rows": rows, "killed after rows": told, "seconds": full["seconds"], "rows a second": round(rows / full["seconds"]),
        "peak MB": full["megabytes"], "MB more than a hundredth": round(full["megabytes"] - small["megabytes"], 1),
        "CSV bytes": file.size, "download in 7 parts, seconds": seconds, "files of two versions": left,
    }  # fmt: skip


def _in_a_process_of_its_own() -> dict[str, float]:
    from django.db import connections

    connections.close_all()
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench", "export", "--child"],
        check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    return dict(json.loads(found.stdout.strip().splitlines()[-1]))


def _download(url: str, size: int, sha256: str) -> float:
    """In seven parts, each as after an interruption; refused where they are not the file."""
    from django.test import Client

    client, got, began = Client(SERVER_NAME="localhost"), hashlib.sha256(), time.monotonic()
    step = size // 7 + 1
    for first in range(0, size, step):
        answer = client.get(url, headers={"Range": f"bytes={first}-{first + step - 1}"})
        if answer.status_code != 206:
            raise Trouble(f"A part of the download was answered with {answer.status_code}.")
        for block in answer.streaming_content:  # type: ignore[attr-defined]
            got.update(block)
    if got.hexdigest() != sha256:
        raise Trouble("The parts of the download are not the file.")
    return round(time.monotonic() - began, 1)
