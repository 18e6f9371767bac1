"""`bench races`: one person, one vote, when the same person asks fifty times at once.

Fifty processes, each with a connection of its own, send the same request at the same moment to two worker processes of
the production server, two hundred times over, each time for another person and another proposal or ballot. Afterwards
the rows are counted. The last race runs with the unique constraint of supports dropped: it must leave doubles, or the
races before it prove nothing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import socket
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from devtools.console import Trouble
from devtools.paths import VAR
from tests.bench import servers, traffic

PART = 0.03  # of the full-size city: the races need its rules, not its size
CONTROL_ROUNDS = 20
UNIQUE = "proposals_support_once_per_person"


class Field:
    """The racers. Forked before anything else is loaded, so that they share nothing but the starting gun."""

    def __init__(self, racers: int) -> None:
        context = multiprocessing.get_context("fork")
        gun = context.Barrier(racers)
        self._lanes: list[Connection] = []
        self._racers = []
        for _ in range(racers):
            ours, theirs = context.Pipe()
            racer = context.Process(target=_race, args=(theirs, gun), daemon=True)
            racer.start()
            theirs.close()
            self._lanes.append(ours)
            self._racers.append(racer)

    def run(self, port: int, requests: list[str]) -> Counter[int]:
        """All at once, one request each. Returns how often each status came back."""
        for lane, request in zip(self._lanes, requests, strict=True):
            lane.send((port, request))
        return Counter(int(lane.recv()) for lane in self._lanes)

    def close(self) -> None:
        for lane in self._lanes:
            lane.send(None)
        for racer in self._racers:
            racer.join(5)


def _race(lane: Connection, gun: Any) -> None:
    while True:
        order = lane.recv()
        if order is None:
            return
        port, request = order
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            gun.wait(60)
            connection.sendall(request.encode("latin-1"))
            answer = b""
            while b"\r\n" not in answer:
                piece = connection.recv(65_536)
                if not piece:
                    break
                answer += piece
        lane.send(answer.split()[1] if answer else 0)


@dataclass(frozen=True)
class Outcome:
    """What a race left behind."""

    race: str
    rounds: int
    racers: int
    statuses: dict[int, int]
    wrong: int
    most_rows: int
    expected: str
    fine: bool


def race_supports(field: Field, racers: int, rounds: int, port: int, *, guarded: bool) -> Outcome:
    """The same support fifty times: one row, one step of the counter, one entry of the journal."""
    from django.urls import reverse

    from proposals.models import Proposal

    chance = random.Random(rounds)
    people = traffic.readers()
    pairs = _fresh_pairs(people, rounds, chance)
    cookies = dict(zip([person.pk for person in people], traffic.sign_in(people), strict=True))
    before = dict(
        Proposal.objects.filter(pk__in=[key for _p, key, _r in pairs]).values_list("pk", "supports")
    )
    statuses: Counter[int] = Counter()
    for person, _key, receipt in pairs:
        request = traffic.request(
            reverse("proposals:support", args=[receipt]), cookie=cookies[person], post=True
        )
        statuses += field.run(port, [request["request"]] * racers)
    rows = [_counted(person, key, before[key]) for person, key, _receipt in pairs]
    wrong = sum(row != (1, 1, 1) for row in rows)
    most = max(row[0] for row in rows)
    if guarded:
        fine, expected = wrong == 0 and statuses[302] == rounds, "exactly one row, count and entry each"
    else:
        fine, expected = most > 1, "doubles, because the constraint is gone"
    name = "supports" if guarded else "supports without their constraint"
    return Outcome(name, rounds, racers, dict(statuses), wrong, most, expected, fine)


def _fresh_pairs(people: list[Any], rounds: int, chance: random.Random) -> list[tuple[int, int, str]]:
    """(person, proposal, receipt) without a support; every proposal once, so that its counter can be read."""
    from proposals.models import Proposal, Support
    from tests.bench.seed import BIG

    taken = set(Support.objects.filter(person__in=people).values_list("person_id", "proposal_id"))
    proposals = list(Proposal.objects.filter(process__slug=BIG, is_public=True).values_list("pk", "receipt"))
    chance.shuffle(proposals)
    found: list[tuple[int, int, str]] = []
    for key, receipt in proposals:
        person = chance.choice(people).pk
        if (person, key) not in taken and len(found) < rounds:
            found.append((person, key, receipt))
    if len(found) < rounds:
        raise Trouble(f"The city has proposals for {len(found)} rounds only.")
    return found


def _counted(person: int, proposal: int, before: int) -> tuple[int, int, int]:
    """(rows, steps of the counter, entries) of one round."""
    from groundwork.journal.models import Entry
    from proposals.models import Proposal, Support

    entries = Entry.objects.on("proposals.Proposal", proposal).filter(
        verb="proposal.supported", actor_id=person
    )
    return (
        Support.objects.filter(person=person, proposal=proposal).count(),
        Proposal.objects.get(pk=proposal).supports - before,
        entries.count(),
    )


def race_ballots(field: Field, racers: int, rounds: int, port: int) -> Outcome:
    """Fifty different ballots of one voter, who had no slot before: one slot, one ballot that counts."""
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import Person, Verification
    from cocreation.models import Phase
    from proposals.ballots import actions, keys
    from proposals.ballots.models import CastBallot, Slot, Vote

    vote = (
        Vote.objects.select_related("phase__process").filter(counted_at__isnull=True).order_by("pk").first()
    )
    if vote is None:
        raise Trouble("No vote is open in the city of the bench.")
    options = list(vote.options.values_list("pk", flat=True)[:5])
    voters = list(Person.objects.filter(verifications__isnull=True, is_active=True).order_by("pk")[:rounds])
    now = timezone.now()
    Verification.objects.bulk_create(
        Verification(person=person, residence="auental", method="demo", verified_at=now) for person in voters
    )
    cookies = traffic.sign_in(voters)
    path = reverse("ballots:ballot", args=[vote.phase.process.slug]) + f"?phase={vote.phase.key}"
    statuses: Counter[int] = Counter()
    for cookie in cookies:
        requests = [
            traffic.request(path, cookie=cookie, post=True, body=f"choice={options[racer % len(options)]}")[
                "request"
            ]
            for racer in range(racers)
        ]
        statuses += field.run(port, requests)
    secrets = keys.load(vote.pk, vote.public_key)
    held = [
        Slot.objects.filter(vote=vote, tag=secrets.tag(person.pk)).exclude(choice=None).count()
        for person in voters
    ]
    filled = Slot.objects.filter(vote=vote, choice__isnull=False).count()
    Phase.objects.filter(pk=vote.pk).update(ends=timezone.now())
    actions.close_and_count(vote=vote, at=timezone.now())
    counted = CastBallot.objects.filter(vote=vote).count()
    wrong = sum(n != 1 for n in held) + abs(filled - rounds) + abs(counted - rounds)
    fine = wrong == 0 and statuses == {302: rounds * racers}
    return Outcome(
        "ballots",
        rounds,
        racers,
        dict(statuses),
        wrong,
        max(held),
        "exactly one slot and one counted ballot each",
        fine,
    )


def drop_the_constraint() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"alter table proposals_support drop constraint {UNIQUE}")


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench races", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--racers", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args(args)
    field = Field(options.racers)
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        stack.callback(field.close)
        url = stack.enter_context(servers.city(str(PART)))
        servers.become_production(url)
        app = stack.enter_context(servers.serve("quartier.wsgi", os.environ, VAR / "log" / "bench-races.log"))
        races = [
            lambda: race_supports(field, options.racers, options.rounds, app.port, guarded=True),
            lambda: race_ballots(field, options.racers, options.rounds, app.port),
            drop_the_constraint,
            lambda: race_supports(field, options.racers, CONTROL_ROUNDS, app.port, guarded=False),
        ]
        for race in races:
            outcome = race()
            if outcome is not None:
                outcomes.append(outcome)
                _tell(outcome, sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps({"workers": servers.WORKERS, "races": [vars(outcome) for outcome in outcomes]}))
    return 0 if all(outcome.fine for outcome in outcomes) else 1


def _tell(outcome: Outcome, file: Any) -> None:
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(outcome.statuses.items()))
    print(
        f"{outcome.race}: {outcome.rounds} rounds of {outcome.racers}; expected {outcome.expected}; "
        f"{outcome.wrong} rounds otherwise, at most {outcome.most_rows} rows for one person ({statuses}): "
        f"{'as it must be' if outcome.fine else 'WRONG'}",
        file=file, flush=True,
    )  # fmt: skip
