"""`bench load`: two hundred, then five hundred people at once, and the minute in which a vote opens.

People think between two requests (exponentially, five seconds on average), as people do; two hundred of them ask about
forty times a second. Reading, supporting and voting run at the same time on the production server; percentiles are of the
time until the whole answer is there, measured by the crowd. Afterwards every accepted support and ballot must be there,
once. The opening minute: as many people as were there at most open the ballot within ten seconds, save, and look again;
half of them look at the list of proposals before that.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import ExitStack
from typing import Any

from devtools.paths import VAR
from tests.bench import scenario, servers

# 95 of 100 below, milliseconds: on an ordinary evening, and in the minute in which a vote opens (REQ-123).
EVENING, OPENING = (500, 1000), (1000, 2000)
WRITES = ("support", "vote")


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, nargs="+", default=[200, 500])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--think", type=float, default=5.0, help="mean seconds between two requests of a person"
    )
    parser.add_argument(
        "--scale", default="0.1", help="a size of the city: full, city, city-tenth or a part of the full one"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    found: dict[str, Any] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0], "runs": []}
    with ExitStack() as stack:
        url = stack.enter_context(servers.city(asked.scale))
        servers.become_production(url)
        app = stack.enter_context(servers.serve("quartier.wsgi", os.environ, VAR / "log" / "bench-app.log"))
        city = scenario.prepare(max(asked.users))
        # Templates are compiled and plans made by the first people of a day; who comes then is not measured.
        warm = scenario.Running(city.people(20), [app.port], 10, 0.3).result()
        city.heard(warm["accepted"])
        for users in asked.users:
            told = scenario.Running(city.fresh(users), [app.port], asked.seconds, asked.think).result()
            found["runs"].append(_run(f"{users} people", told, city, EVENING))
            print(_line(found["runs"][-1]), file=sys.stderr, flush=True)
        for number, users in enumerate(asked.users):
            # Other open votes, and everybody is a voter: nobody has a ballot in it yet.
            rush = scenario.prepare(users, vote=1 + number % 2, voters=users)
            voters = [_opening(steps, rush.visitors[0], place) for place, steps in enumerate(rush.voters)]
            told = scenario.Running(voters, [app.port], asked.seconds, 3.0, once=True, spread=10).result()
            found["runs"].append(_run(f"the opening minute, {len(voters)} voters", told, rush, OPENING))
            print(_line(found["runs"][-1]), file=sys.stderr, flush=True)
        found["load_after"] = os.getloadavg()[0]
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0 if all(run["fine"] for run in found["runs"]) else 1


def _opening(steps: list[dict[str, Any]], reading: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Look, save, look; every second one first reads something else."""
    look, save = steps[0], steps[1]
    return [*(reading[:1] if number % 2 else []), look, save, look]


def _run(name: str, told: dict[str, Any], city: scenario.City, marks: tuple[int, int]) -> dict[str, Any]:
    city.heard(told["accepted"])
    kinds = told["kinds"]
    reads = [each["p95"] for kind, each in kinds.items() if kind not in WRITES]
    writes = [each["p95"] for kind, each in kinds.items() if kind in WRITES]
    wrongs = scenario.wrongs(city)
    n = sum(each["n"] for each in kinds.values())
    return {
        "name": name, "requests": n, "per_second": round(n / told["seconds"], 1), "kinds": kinds,
        "errors": told["wrong_count"], "examples": told["wrong"][:5], "accepted_writes": len(told["accepted"]), **wrongs,
        "fine": max(reads, default=0) < marks[0] and max(writes, default=0) < marks[1]
        and not told["wrong_count"] and not any(wrongs.values()),
    }  # fmt: skip


def _line(run: dict[str, Any]) -> str:
    rows = "\n".join(
        f"  {kind:<22}{each['n']:>7}{each['p50']:>9.0f}{each['p95']:>9.0f}{each['p99']:>9.0f}{each['most']:>9.0f} ms"
        for kind, each in sorted(run["kinds"].items())
    )
    return (
        f"{run['name']}: {run['requests']} requests, {run['per_second']} a second, {run['errors']} errors,"
        f" {run['accepted_writes']} writes accepted, {run['lost']} lost, {run['doubled']} doubled:"
        f" {'targets met' if run['fine'] else 'targets MISSED'}\n  {'':<22}{'n':>7}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}\n{rows}"
        + "".join(f"\n  wrong: {each}" for each in run["examples"])
    )
