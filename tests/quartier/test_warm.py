"""A web server is ready before its first request (quartier/warm.py)."""

import os
import subprocess
import sys

import pytest

from devtools.check import SAFE
from devtools.paths import ROOT

LOOK = """
import sys, threading
sys.path[:0] = ["platform", "."]
import quartier.wsgi
from django.db import connections
from django.template import engines
from django.template.loader import get_template
from django.urls import get_resolver

before = {name for name in sys.modules if name.endswith(".views")}
get_resolver().resolve("/de/")
print("views", len(before), "later", len({name for name in sys.modules if name.endswith(".views")} - before))
loader = engines.all()[0].engine.template_loaders[0]
while not hasattr(loader, "get_template_cache"):  # one of partials stands around it
    loader = loader.loaders[0]
known = len(loader.get_template_cache)
get_template("proposals/proposal.html"), get_template("proposals/ballots/ballot.html"), get_template("base.html")
print("templates", known, "later", len(loader.get_template_cache) - known)
print("threads", threading.active_count(), "connections", sum(each.connection is not None for each in connections.all()))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    environ = {"PATH": os.environ["PATH"]} | SAFE
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = (line.split() for line in run.stdout.splitlines())
    return {words[0]: words[1::2] for words in lines}


def test_views_and_templates_are_read_before_the_first_request(told):
    views, later = map(int, told["views"])
    assert views > 10 and later == 0
    templates, later = map(int, told["templates"])
    assert templates > 400 and later == 0


def test_what_processes_share_has_neither_threads_nor_connections(told):
    assert told["threads"] == ["1", "0"]
