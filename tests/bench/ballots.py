"""`bench ballots`: what casting costs through HTTP, and the minute after a vote opens.

First the cost: voters save and change their ballots on the production server; CPU of the application and the database
beside a bare view with one query, measured as in `bench pages`. Then the rush: two hundred voters at a time look at the
ballot, save a choice, change it and look again. Afterwards the slots are opened: everybody who voted has one ballot, and
it is the last one they saved (REQ-117, REQ-123).
"""

from __future__ import annotations

import argparse
import json
import os
import random
from contextlib import ExitStack
from typing import Any

from devtools.console import Trouble
from devtools.paths import VAR
from tests.bench import servers, traffic
from tests.bench.load import Client
from tests.bench.pages import Bench, Result, count_of_write
from tests.bench.servers import Postgres

PART = 0.1  # of the full-size city: a ballot does not grow with it
CONCURRENT = 200
TARGET = 10
READ_MS, VOTE_MS = 1000, 2000


def voters_of(vote: Any, most: int) -> list[Any]:
    """People who may vote, in a fixed order."""
    from accounts.models import Person
    from proposals.ballots import rules

    keys = set(rules.eligible_keys(vote.phase, vote.opened_at))
    known = Person.objects.filter(is_active=True, verifications__isnull=False).distinct().order_by("pk")
    return [person for person in known if rules.voter_key(person, vote.phase) in keys][:most]


def choices_of(vote: Any, chance: random.Random) -> list[int]:
    """A few projects that fit the budget together."""
    options = list(vote.options.order_by("position"))
    left = vote.budget
    chosen: list[int] = []
    for option in chance.sample(options, len(options)):
        if option.cost <= left and len(chosen) < min(vote.max_choices or 5, 5):
            chosen.append(option.pk)
            left -= option.cost
    return sorted(chosen)


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench ballots", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--voters", type=int, default=1500, help="how many vote in the rush")
    parser.add_argument("--seconds", type=float, default=3, help="length of one turn of the cost")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args(args)
    with ExitStack() as stack:
        url = stack.enter_context(servers.city(str(PART)))
        postgres = Postgres.find(url)
        servers.become_production(url)
        from django.urls import reverse
        from django.utils import timezone, translation

        from proposals.ballots.models import Vote

        vote = (
            Vote.objects.select_related("phase__process")
            .filter(counted_at__isnull=True)
            .order_by("pk")
            .first()
        )
        if vote is None:
            raise Trouble("No vote is open in the city of the bench.")
        people = voters_of(vote, options.voters)
        with translation.override("de"):
            path = reverse("ballots:ballot", args=[vote.phase.process.slug]) + f"?phase={vote.phase.key}"
        cookies = traffic.sign_in(people)
        chance = random.Random(int(timezone.now().year))
        plans = [(choices_of(vote, chance), choices_of(vote, chance)) for _person in people]

        def save(cookie: str, chosen: list[int]) -> dict[str, Any]:
            body = "&".join(f"choice={key}" for key in chosen)
            return traffic.request(path, cookie=cookie, post=True, body=body, status=302) | {"kind": "vote"}

        def look(cookie: str) -> dict[str, Any]:
            return traffic.request(path, cookie=cookie) | {"kind": "read"}

        log = VAR / "log"
        app = stack.enter_context(servers.serve("quartier.wsgi", os.environ, log / "bench-app.log"))
        floor = stack.enter_context(servers.serve("tests.bench.floor", os.environ, log / "bench-floor.log"))
        client = Client()
        stack.callback(client.close)
        saves = [[save(cookie, chosen)] for cookie, (chosen, _later) in zip(cookies, plans, strict=True)]
        page = traffic.Page("ballot save", "signed in", saves, TARGET)
        queries = count_of_write(page)
        bench = Bench(app, app, floor, postgres, client, options.seconds)
        servers.quiet(postgres)
        turns, floors = bench.measure(page)
        cost = Result(page, turns, floors, *queries, {})

        rush = [
            [look(cookie), save(cookie, first), save(cookie, last), look(cookie)]
            for cookie, (first, last) in zip(cookies, plans, strict=True)
        ]
        client.learn("rush", rush)
        told = client.run(
            "rush", port=app.port, connections=CONCURRENT, seconds=600, count=4 * len(rush), start=0
        )
        wrong = _wrong(vote, people, [last for _first, last in plans])
    found: dict[str, Any] = {
        "cost": cost.as_json(),
        "rush": {
            "voters": len(people), "concurrent": CONCURRENT, "requests": told["requests"],
            "requests_per_second": round(told["requests"] / told["seconds"], 1),
            "p95_read_ms": round(told["p95_of"]["read"], 1), "p95_vote_ms": round(told["p95_of"]["vote"], 1),
            "errors": told["wrong_count"], "lost_or_double": wrong,
        },
    }  # fmt: skip
    reached = told["p95_of"]["read"] < READ_MS and told["p95_of"]["vote"] < VOTE_MS
    fine = not cost.rejected and not cost.missed() and not told["wrong_count"] and not wrong and reached
    found["targets_met"] = fine
    print(json.dumps(found) if options.json else _told(found))
    return 0 if fine else 1


def _wrong(vote: Any, people: list[Any], expected: list[list[int]]) -> int:
    """How many voters do not have exactly the ballot they saved last."""
    from proposals.ballots import actions
    from proposals.ballots.models import Slot

    options = actions.options_of(vote)
    wrong = sum(
        actions.own_choice(vote, person, options) != frozenset(chosen)
        for person, chosen in zip(people, expected, strict=True)
    )
    return wrong + abs(Slot.objects.filter(vote=vote, choice__isnull=False).count() - len(people))


def _told(found: dict[str, Any]) -> str:
    cost, rush = found["cost"], found["rush"]
    return (
        f"save: {cost['cpu_ms']:.2f} ms CPU ({cost['database_ms']:.2f} database), {cost['ratio']}x the floor of"
        f" {cost['floor_ms']} ms (target {TARGET}x), {cost['requests_per_second']:.0f} requests/s, {cost['queries']} queries"
        f"{', REJECTED' if cost['rejected'] else ''}\n"
        f"rush: {rush['voters']} voters, {rush['concurrent']} at a time, {rush['requests_per_second']:.0f} requests/s, p95"
        f" read {rush['p95_read_ms']:.0f} ms (target {READ_MS}), vote {rush['p95_vote_ms']:.0f} ms (target {VOTE_MS}),"
        f" {rush['errors']} errors, {rush['lost_or_double']} ballots lost or double\n"
        f"targets {'met' if found['targets_met'] else 'MISSED'}"
    )
