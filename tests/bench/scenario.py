"""What the crowd of `bench load` and `bench faults` does in a city, and the proof afterwards that nothing was lost or done twice.

Four kinds of people: visitors read; residents read and support; voters look at their ballot and save it, again and again
differently; in `bench faults` some add a picture to a proposal they are writing. Every write carries an id; the crowd hands back
those that were accepted, and `wrongs` compares them with the rows: each accepted support is there, once, and told once in the
journal; counters agree; each voter has the ballot that was accepted last, or one that was sent after it and whose answer
never arrived; each picture is there, once, whole, in every width.
"""

from __future__ import annotations

import json
import random
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtools.paths import ROOT
from tests.bench import traffic
from tests.bench.seed import BIG
from tests.bench.servers import HOST

Step = dict[str, Any]
OFTEN = 60  # supports one resident has ready; ballots one voter; pictures
UNANSWERED = 8  # so many ballots one voter sends at most while nobody answers
BOUNDARY = "a-line-that-stands-in-no-picture"


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
    newest: dict[int, int] = field(default_factory=dict)  # voter -> which of their ballots was accepted last
    painters: list[str] = field(default_factory=list)  # the cookies of those who add pictures
    form: str = ""

    def heard(self, accepted: Mapping[str, Sequence[float]]) -> None:
        """What a crowd was told: id -> the seconds at which it sent and had the answer. A later crowd begins anywhere."""
        self.accepted.update(accepted)
        for name, _times in sorted(accepted.items(), key=lambda each: each[1][1]):
            kind, who, turn = name.split(":")
            if kind == "v":
                self.newest[int(who)] = int(turn)

    def may_be_stored(self, voter: int) -> list[frozenset[int]]:
        """The ballot that was accepted last, and those sent after it, whose answer never came."""
        turn, choices = self.newest[voter], self.choices[voter]
        return [frozenset(keys) for keys in (choices[turn:] + choices[:turn])[: 1 + UNANSWERED]]

    def people(self, users: int) -> list[list[Step]]:
        """Of ten people six only read, two support, two vote; where pictures are added, one of the six adds them."""
        painting = [_paints(self.form, cookie) for cookie in self.painters]
        lists = (painting, self.visitors, self.residents, self.voters)
        paint = len(painting)
        shares = (paint, users - 2 * (users // 5) - paint, users // 5, users // 5)
        return [each for found, n in zip(lists, shares, strict=True) for each in found[:n]]

    def fresh(self, users: int) -> list[list[Step]]:
        """The same people without the supports that were accepted already: those would be refused, and rightly."""
        done = {name for name in self.accepted if name.startswith("s:")}
        return [[step for step in steps if step.get("id") not in done] for steps in self.people(users)]


def prepare(users: int, *, vote: int = 0, voters: int = 0, pictures: bool = False) -> City:
    """Sign people in and write down what they will do. Django is set up on the city's database. `vote`: which of the open votes
    they vote in; `voters`: how many do, else a fifth; `pictures`: some add pictures, and visitors look at some that are there already."""
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
        if pictures:
            reads += [("picture", path) for path in _pictures([pk for pk, _receipt in proposals[:8]])]
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
        open_votes = (
            Vote.objects.select_related("phase__process").filter(counted_at__isnull=True).order_by("pk")
        )
        box = open_votes[vote]
        voters_people = voters_of(box, voters or share)
        ballot = reverse("ballots:ballot", args=[box.phase.process.slug]) + f"?phase={box.phase.key}"
        ballots, choices = [], []
        for number, cookie in enumerate(traffic.sign_in(voters_people)):
            chosen = [choices_of(box, chance) for _ in range(OFTEN)]
            choices.append(chosen)
            steps = []
            for turn, keys in enumerate(chosen):
                body = "&".join(f"choice={key}" for key in keys)
                steps += [
                    _read("ballot", ballot, cookie), _write("vote", ballot, cookie, body, f"v:{number}:{turn}"),
                ]  # fmt: skip
            ballots.append(steps)
        city = City(visitors, residents, ballots, box, voters_people, choices)
        if pictures:
            city.painters = traffic.sign_in(people[: max(1, users // 10)])
            city.form = reverse("proposals:propose", args=[BIG])
    return city


def _pictures(proposals: Sequence[int]) -> list[str]:
    """The addresses of pictures that stand beside these proposals from now on."""
    import io

    from django.urls import reverse
    from django.utils import timezone

    from cocreation import files
    from cocreation.models import Contribution

    found = []
    for number, pk in enumerate(proposals):
        draft, thing = files.new_draft(), Contribution.objects.get(pk=pk)
        row = files.add_picture(
            draft=draft, file=io.BytesIO(_drawn(number)), name="bild.png", by=thing.author, at=timezone.now()
        )
        files.settle(
            contribution=thing, draft=draft, listed=[files.Listed(row.key, "Ein Bild", "")], by=thing.author, at=timezone.now()
        )  # fmt: skip
        found.append(reverse("cocreation:file", args=[row.key]))
    return found


def _drawn(number: int) -> bytes:
    """A small picture, different for every number."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (240, 160), ((37 * number) % 256, (91 * number) % 256, number % 256)).save(out, "PNG")
    return out.getvalue()


def _paints(page: str, cookie: str) -> list[Step]:
    """Somebody who writes a proposal and adds a picture, again and again as if it were another one."""
    steps: list[Step] = []
    for _turn in range(OFTEN):
        draft = secrets.token_urlsafe(24)
        steps.append(_read("form, signed in", page, cookie))
        fields = {"files-part": "1", "files": draft, "file-do": "add", "title": "Ein Bild dazu"}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename="bild.png"\r\nContent-Type: image/png\r\n\r\n'
            + _drawn(secrets.randbelow(1 << 16)).decode("latin-1") + f"\r\n--{BOUNDARY}--\r\n"
        )  # fmt: skip
        step = _write("picture added", page, cookie, "".join(parts), f"p:{draft}:0")
        step |= {"type": f"multipart/form-data; boundary={BOUNDARY}", "status": [200], "sign": "fileitem"}
        steps.append(step)
    return steps


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
    options = actions.options_of(city.vote)
    for voter in city.newest:
        stored = actions.own_choice(city.vote, city.people_of_voters[voter], options)
        lost += stored not in city.may_be_stored(voter)
    doubled += max(
        0, Slot.objects.filter(vote=city.vote, choice__isnull=False).count() - len(city.people_of_voters)
    )
    no_picture, twice = _pictures_wrong(city)
    return {"lost": lost + no_picture, "doubled": doubled + twice}


def _pictures_wrong(city: City) -> tuple[int, int]:
    """(pictures that were accepted and are not there or not whole, pictures that are there twice). Asked of the storage the
    application uses now."""
    from django.core.files.storage import default_storage
    from PIL import Image

    from cocreation.models import Attachment

    lost = twice = 0
    drafts = [name.split(":")[1] for name in city.accepted if name.startswith("p:")]
    rows: dict[str, list[Any]] = {draft: [] for draft in drafts}
    for row in Attachment.objects.filter(draft__in=drafts):
        rows[row.draft].append(row)
    for found in rows.values():
        twice += max(0, len(found) - 1)
        try:
            for path in found[0].paths():
                with default_storage.open(path) as file, Image.open(file) as picture:
                    picture.load()
        except (IndexError, OSError):
            lost += 1
    return lost, twice
