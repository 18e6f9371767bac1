"""What the entries of the servers have done before the first request comes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devtools.paths import ROOT

# Threads that each are the first to need a task, all at once, as in the first moments of a server.
PROGRAM = """
import pathlib, sys, threading
from importlib import import_module

import_module(sys.argv[1])
names = sys.argv[2:]
start = threading.Barrier(len(names))

def need(name):
    start.wait()
    import_module(name)

threads = [threading.Thread(target=need, args=[name], daemon=True) for name in names]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(10)
waiting = sum(thread.is_alive() for thread in threads)
from django.apps import apps
unknown = [] if waiting else [
    app.name for app in apps.get_app_configs()
    if pathlib.Path(app.path, "tasks.py").exists() and f"{app.name}.tasks" not in sys.modules
]
print(waiting, unknown, flush=True)
import os
os._exit(0)
"""


def _run(program: str, *args: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.dev",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
    }
    command = [sys.executable, "-c", program, *args]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("server", ["quartier.wsgi", "quartier.asgi"])
def test_threads_that_need_their_first_task_at_once_do_not_wait_for_each_other(server):
    tasks = [
        "groundwork.journal.tasks",
        "feedback.notices.tasks",
        "proposals.tasks",
        "proposals.ballots.tasks",
    ]
    done = _run(PROGRAM, server, *tasks)
    assert done.stdout.splitlines()[-1:] == ["0 []"], done.stdout + done.stderr


# What `celery beat` does before it begins to tick.
BEAT = """
import sys
from celery.app.utils import find_app
from celery.beat import Service

app = find_app("quartier")
app.loader.init_worker()
app.finalize()
ticks = set(Service(app, schedule_filename=sys.argv[1]).get_scheduler().schedule)
from groundwork.periodic import schedule
print(len(schedule), sorted(set(schedule) - ticks))
"""


def test_the_clock_knows_every_periodic_task(tmp_path):
    done = _run(BEAT, str(tmp_path / "schedule"))
    number, missing = done.stdout.splitlines()[-1].split(" ", 1)
    assert int(number) > 40 and missing == "[]", done.stdout + done.stderr
