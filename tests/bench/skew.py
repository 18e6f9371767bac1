"""The last fault of `bench faults`: one of two web servers has a clock that is two minutes ahead while a vote closes.

People save ballots through both. The vote closes by the database's clock, so no ballot that was sent after that may be
accepted by either server, and nobody may be refused before.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from devtools import cluster as nodes
from tests.bench import scenario

NAME = "a web server's clock is 2 minutes ahead while a vote closes"
AHEAD = 120
# Seconds from the start of the crowd until the vote closes, and until it goes home.
CLOSES, ENDS = 10.0, 18.0
THINK = 0.8


def happen(cluster: nodes.Cluster, users: int) -> dict[str, Any]:
    city = scenario.prepare(users, vote=1)
    web = cluster["web-1"]
    right = list(web.child.command)
    _start_with(
        web, list(nodes.web_command("tests.bench.skewed", cluster.ports[0])), {"CLOCK_AHEAD": str(AHEAD)}
    )
    try:
        closes_at = _close_in(city.vote, CLOSES)
        for step in (step for steps in city.voters for step in steps if step["kind"] == "ballot"):
            step["sign"] = 'name="choice"'  # the ballot itself, not the page that says that the vote is over
        crowd = scenario.Running(city.voters + city.visitors[: users // 5], cluster.ports, ENDS, THINK)
        told = crowd.result()
    finally:
        _start_with(web, right, {})
    city.heard(told["accepted"])
    closed = closes_at - told["began_at"]
    late = [name for name, (sent, _done) in told["accepted"].items() if sent > closed]
    early = [each for each in told["wrong"] if each[0] < closed]
    before = sum(done < closed for _sent, done in told["accepted"].values())
    return {
        "fault": NAME, "requests": sum(kind["n"] for kind in told["kinds"].values()), "wrong": len(early),
        "saw": dict(Counter(f"before the close, {kind}: {words}" for _at, kind, words in early).most_common(4)),
        "sent_again": told["sent_again"], "recovered_after": 0.0, "accepted": len(told["accepted"]),
        "accepted_before": before, "refused_after": sum(each[0] >= closed for each in told["wrong"]),
        **_counted(city, len(late)), "mails": {},
        "p95": max((kind["p95"] for kind in told["kinds"].values()), default=0),
    }  # fmt: skip


def _counted(city: scenario.City, late: int) -> dict[str, int]:
    """A ballot that was accepted after the close counts as one too many. Slots are still there: counting waits for its time."""
    found = scenario.wrongs(city)
    return {"lost": found["lost"], "doubled": found["doubled"] + late}


def _start_with(part: nodes.Part, command: list[Any], more: dict[str, str]) -> None:
    part.stop()
    part.child.command = command
    part.child.environ = {
        name: value for name, value in (part.child.environ or {}).items() if name != "CLOCK_AHEAD"
    } | more
    part.start()


def _close_in(vote: Any, seconds: float) -> float:
    """The vote closes so soon by the database's clock; returns the moment, in seconds since the epoch (it runs on this machine)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "update cocreation_phase set ends = statement_timestamp() + make_interval(secs => %s) where id = %s returning ends",
            [seconds, vote.pk],
        )
        (ends,) = cursor.fetchone()
    time.sleep(0.5)  # what the servers remember of a phase is a moment old
    return float(ends.timestamp())
