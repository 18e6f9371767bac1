"""What the crowd of `bench load` and `bench faults` does in a city, and the proof afterwards that nothing was lost or done twice.

Three kinds of people: visitors read; residents read and support; voters look at their ballot and save it, again and again
differently. Every write carries an id; the crowd hands back those that were accepted, and `wrongs` compares them with the
rows: each accepted support is there, once, and told once in the journal; counters agree; each voter has the ballot that
was accepted last, or one that was sent after it and whose answer never arrived.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtools.paths import ROOT
from tests.bench import traffic
from tests.bench.seed import BIG
from tests.bench.servers import HOST

Step = dict[str, Any]
OFTEN = 60  # supports one resident has ready; ballots one voter


@dataclass
class City:
    """Who takes part and what they will send."""

    visitors: list[list[Step]]
    residents: list[list[Step]]
    voters: list[list[Step]]
    vote: Any = None
    people_of_voters: list[Any] = field(default_factory=list)
    choices: list[list[list[int]]] = field(default_factory=list)
    supports_before: int = 0
    accepted: set[str] = field(default_factory=set)

    def people(self, users: int) -> list[list[Step]]:
        """Of ten people six only read, two support, two vote."""
        lists = (self.visitors, self.residents, self.voters)
        shares = (users - 2 * (users // 5), users // 5, users // 5)
        return [each for found, n in zip(lists, shares, strict=True) for each in found[:n]]

    def fresh(self, users: int) -> list[list[Step]]:
        """The same people without the supports that were accepted already: those would be refused, and rightly."""
        done = {name for name in self.accepted if name.startswith("s:")}
        return [[step for step in steps if step.get("id") not in done] for steps in self.people(users)]


def prepare(users: int) -> City:
    """Sign people in and write down what they will do. Django is set up on the city's database."""
    from django.urls import reverse
    from django.utils import translation

    from proposals.ballots.models import Vote
    from proposals.models import Proposal, Support
    from tests.bench.ballots import choices_of, voters_of

    chance = random.Random(7)
    share = max(1, users // 5)
    with translation.override("de"):
        rows = (
            Proposal.objects.filter(process__slug=BIG, is_public=True)
            .order_by("pk")
            .values_list("pk", "receipt")
        )
        proposals = list(rows)
        the_list = reverse("proposals:list", args=[BIG])
        reads = [
            *(3 * [("home", reverse("home"))]), *(3 * [("list", the_list)]), ("list", f"{the_list}?order=new"),
            ("process", reverse("cocreation:process", args=[BIG])), ("search", f"{reverse('search')}?q=Schule"),
            *(("proposal", reverse("proposals:proposal", args=[r])) for _pk, r in chance.sample(proposals, min(8, len(proposals)))),
        ]  # fmt: skip
        visitors = [
            [_read(kind, path) for kind, path in chance.sample(reads, len(reads))] for _ in range(users)
        ]
        people = traffic.readers()[:share]
        taken = set(Support.objects.filter(person__in=people).values_list("person_id", "proposal_id"))
        residents = []
        for person, cookie in zip(people, traffic.sign_in(people), strict=True):
            steps: list[Step] = []
            for pk, receipt in chance.sample(proposals, min(OFTEN, len(proposals))):
                if (person.pk, pk) in taken:
                    continue
                page = reverse("proposals:proposal", args=[receipt])
                steps += [
                    _read("list, signed in", the_list, cookie), _read("proposal, signed in", page, cookie),
                    _write("support", reverse("proposals:support", args=[receipt]), cookie, "", f"s:{person.pk}:{pk}"),
                ]  # fmt: skip
            residents.append(steps)
        vote = (
            Vote.objects.select_related("phase__process")
            .filter(counted_at__isnull=True)
            .order_by("pk")
            .first()
        )
        voters_people = voters_of(vote, share)
        ballot = reverse("ballots:ballot", args=[vote.phase.process.slug]) + f"?phase={vote.phase.key}"
        voters, choices = [], []
        for number, cookie in enumerate(traffic.sign_in(voters_people)):
            chosen = [choices_of(vote, chance) for _ in range(OFTEN)]
            choices.append(chosen)
            steps = []
            for turn, keys in enumerate(chosen):
                body = "&".join(f"choice={key}" for key in keys)
                steps += [
                    _read("ballot", ballot, cookie), _write("vote", ballot, cookie, body, f"v:{number}:{turn}"),
                ]  # fmt: skip
            voters.append(steps)
    return City(visitors, residents, voters, vote, voters_people, choices)


def _read(kind: str, path: str, cookie: str = "") -> Step:
    return {"kind": kind, "path": path, "cookie": cookie, "status": [200]}


def _write(kind: str, path: str, cookie: str, body: str, name: str) -> Step:
    return {"kind": kind, "path": path, "cookie": cookie, "body": body, "status": [302], "id": name}


class Running:
    """A crowd at work."""

    def __init__(
        self, people: Sequence[list[Step]], ports: list[int], seconds: float, think: float, **more: Any
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="quartier-crowd-")
        self._result = Path(self._folder.name) / "result"
        plan = Path(self._folder.name) / "plan"
        plan.write_text(
            json.dumps(
                {"people": people, "ports": ports, "seconds": seconds, "think": think, "host": HOST, **more}
            )
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.crowd", plan, self._result], cwd=ROOT
        )

    def result(self, patience: float = 240) -> dict[str, Any]:
        self._process.wait(patience)
        with self._folder:
            return dict(json.loads(self._result.read_text()))


def wrongs(city: City) -> dict[str, int]:
    """{"lost": …, "doubled": …}: accepted acts that are not there, and acts that are there more than once."""
    from django.db import connection
    from django.db.models import Count, F

    from groundwork.journal.models import Entry
    from proposals.ballots import actions
    from proposals.ballots.models import Slot
    from proposals.models import Proposal, Support

    connection.close()
    supports = [tuple(map(int, name.split(":")[1:])) for name in city.accepted if name.startswith("s:")]
    people = {person for person, _proposal in supports}
    there = set(Support.objects.filter(person__in=people).values_list("person_id", "proposal_id"))
    told = Entry.objects.filter(verb="proposal.supported", actor_id__in=people)
    times = {
        (a, int(k)): n for a, k, n in told.values_list("actor_id", "subject_key").annotate(n=Count("pk"))
    }
    lost = sum(pair not in there or pair not in times for pair in supports)
    doubled = sum(n > 1 for n in times.values())
    drifted = Proposal.objects.annotate(n=Count("supports_rows")).exclude(supports=F("n"))
    lost += drifted.count()
    last: dict[int, int] = {}
    for name in city.accepted:
        kind, who, turn = name.split(":")
        if kind == "v":
            last[int(who)] = max(last.get(int(who), -1), int(turn))
    options = actions.options_of(city.vote)
    for voter, newest in last.items():
        stored = actions.own_choice(city.vote, city.people_of_voters[voter], options)
        if stored not in [frozenset(keys) for keys in city.choices[voter][newest:]]:
            lost += 1
    doubled += max(
        0, Slot.objects.filter(vote=city.vote, choice__isnull=False).count() - len(city.people_of_voters)
    )
    return {"lost": lost, "doubled": doubled}
