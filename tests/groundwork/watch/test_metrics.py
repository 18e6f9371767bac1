"""Counters of several processes are one, and stay so when processes come and go."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from devtools.paths import ROOT
from groundwork.answer import No, Refused
from groundwork.watch import context, metrics

COUNT = """
import sys
from django.conf import settings
settings.configure(METRICS_DIR=sys.argv[2])
from groundwork.watch import metrics
for n in range(int(sys.argv[1])):
    metrics.refusals.labels("rules.may").inc()
    metrics.seconds.labels("read").observe(0.03)
print(metrics.text().decode())
"""


def count(folder: Path, times: int) -> str:
    command = [sys.executable, "-c", COUNT, str(times), str(folder)]
    run = subprocess.run(
        command, env={"PYTHONPATH": f"{ROOT}/platform"}, capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_processes_count_together_and_leave_no_more_files_than_ran_at_once(tmp_path):
    assert 'quartier_refusals_total{rule="rules.may"} 2.0' in count(tmp_path, 2)
    files = sorted(path.name for path in tmp_path.iterdir())
    text = count(tmp_path, 3)
    assert 'quartier_refusals_total{rule="rules.may"} 5.0' in text
    assert 'quartier_request_seconds_count{kind="read"} 5.0' in text
    assert sorted(path.name for path in tmp_path.iterdir()) == files


def test_two_processes_at_one_time_have_two_slots(tmp_path):
    first, second = metrics.Slots(tmp_path), metrics.Slots(tmp_path)
    assert (first(), second(), first()) == ("0", "1", "0")
    first.held.close()
    assert metrics.Slots(tmp_path)() == "0"


def value(name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics.text().decode(), re.M)
    return float(found[1]) if found else 0.0


def may_dance() -> No:
    return No("The floor is wet.")


def test_a_refusal_is_counted_by_the_function_that_said_no():
    answer = may_dance()
    assert answer.rule == f"{__name__}.may_dance"
    assert answer == No("The floor is wet.")  # two refusals in the same words are equal, whoever says them
    line = f'quartier_refusals_total{{rule="{answer.rule}"}}'
    before = value(line)
    with pytest.raises(Refused):
        raise Refused(answer)
    assert value(line) == before + 1


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_answer_with_their_number(world):
    line = 'quartier_requests_total{method="GET",route="home",status="200"}'
    before = value(line)
    response = Client().get("/de/", headers={"X-Request-ID": "ab" * 8})
    assert response["X-Request-ID"] == "ab" * 8
    assert value(line) == before + 1
    assert context.get() == {}


@pytest.mark.django_db
def test_an_address_that_nobody_has_is_no_label(world):
    Client().get("/de/zerlinde-canaria/")
    assert "zerlinde" not in metrics.text().decode()
    assert value('quartier_requests_total{method="GET",route="nowhere",status="404"}') > 0


@pytest.mark.django_db
def test_a_ballot_leaves_no_count_behind(world, sign_in):
    """Neither looking at it, nor casting it, nor being refused."""
    before = metrics.text()
    client = sign_in(world.amina)
    assert client.get("/de/processes/voting/ballot/").status_code == 200
    client.post("/de/processes/voting/ballot/", {"choice": ["1"]}, headers={"sec-fetch-site": "same-origin"})
    client.post("/de/processes/collecting/ballot/", {}, headers={"sec-fetch-site": "same-origin"})
    after = metrics.text()
    assert [line for line in after.splitlines() if b"_created" not in line] == [
        line for line in before.splitlines() if b"_created" not in line
    ]
