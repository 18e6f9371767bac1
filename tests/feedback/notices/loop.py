"""One process from its publication to its report under a frozen clock, in a town of its own: who is there, and each step.

The town has nobody in it but those the table of test_the_loop.py names, so that what they are told is all there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import time_machine

from accounts.models import Person
from cocreation.actions import follow, publish_process
from cocreation.announcing import announce_phases
from cocreation.conversation.actions import CommentText, publish_comment
from cocreation.conversation.talks import Talk
from cocreation.gate import ITEMS
from cocreation.models import Eligibility, Process
from cocreation.preparing import answer_item
from feedback import actions, clocks
from feedback.models import Commitment
from feedback.notices import sending
from feedback.notices.actions import choose_rhythm
from feedback.notices.models import Kind
from proposals import hands
from proposals.actions import support_proposal
from proposals.ballots import actions as ballots
from proposals.ballots.reminding import remind
from proposals.merging.cluster_actions import Naming, add_to_cluster, make_cluster
from proposals.models import Authorship, Proposal
from quartier.builders import (
    both,
    give_role,
    make_assessment,
    make_office,
    make_person,
    make_phase,
    make_place,
    make_process,
    make_proposal,
)
from tests.feedback.notices.spreading import spread
from tests.world import TEXTS, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday; all of it lies before the database's own clock
# Days from the publication on which the phases begin; the last one ends, and the answers are due, on ANSWER_BY.
PHASES = {"ideas": 10, "assessment": 31, "ballot": 50, "answer": 60}
ANSWER_BY = 90
AUTHORS = 40
YES = both("Ja, so ist es.", "Yes, that is so.")

# Who is there: language, and the rhythm of every kind of mail they chose (None: what holds without a choice).
CAST: dict[str, tuple[str, str | None]] = {
    "author": ("de", None),
    "co-author": ("en", "daily"),
    "supporter": ("de", "weekly"),
    "commenter": ("en", None),
    "voter of the roll": ("de", "daily"),
    "follower of the proposal": ("en", "immediate"),
    "follower of the process": ("de", "daily"),
    "follower of the place": ("en", "weekly"),
    "follower of the theme": ("de", "none"),
    "office": ("de", None),
    "head": ("en", None),
    "administration": ("de", None),
    "bystander": ("de", "immediate"),
}


@dataclass
class Loop:
    """What happened so far. `on(day)` is that day at ten, for what is done in it; an hour later everybody is told, and mailed."""

    world: World
    people: dict[str, Person] = field(default_factory=dict)
    authors: list[Person] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    process: Process = field(default_factory=Process)
    commitment: Commitment | None = None
    time: Any = None

    @property
    def now(self) -> datetime:
        return self.world.now

    def day(self, number: int) -> date:
        return (START + number * DAY).date()

    @contextmanager
    def on(self, day: int) -> Iterator[datetime]:
        """The days up to this one pass as they do in a city: phases are announced, offices reminded, mail leaves."""
        at = START + day * DAY
        while self.now < at:
            self._pass(min(at, self.now + DAY))
        yield self.now
        self._pass(self.now + HOUR)

    def _pass(self, at: datetime) -> None:
        self.world.now = at
        self.time.move_to(at)
        announce_phases(at)
        clocks.fix_missing(at)
        clocks.remind(at)
        clocks.start_clocks(at)
        spread(self.world)
        sending.send_due(at)


@contextmanager
def frozen() -> Iterator[Loop]:
    with time_machine.travel(START - DAY, tick=False) as time:
        loop = Loop(World(now=START - DAY), time=time)
        _build(loop)
        yield loop


def _build(loop: Loop) -> None:
    town = make_place("neudorf", both("Neudorf", "Neudorf"), kind="municipality")
    bank = make_place("ufer", both("Ufer", "River bank"), parent=town)
    office = make_office("works", both("Bauamt", "Works Office"), short="BA")
    loop.world.places, loop.world.offices = {"town": town, "bank": bank}, {"works": office}
    for name, (language, rhythm) in CAST.items():
        person = make_person(
            name.replace(" ", "-"), name, lives_in="neudorf", verified=True, language=language, at=loop.now
        )
        loop.people[name] = person
        if rhythm:
            choose_rhythm(by=person, rhythms=dict.fromkeys(Kind.values, rhythm), at=loop.now)
    give_role(loop.people["office"], "official", office=office, since=loop.now)
    give_role(loop.people["head"], "official", office=office, head=True, since=loop.now)
    give_role(loop.people["administration"], "admin", since=loop.now)
    loop.authors = [loop.people["author"]] + [
        make_person(f"author{n}", f"Author {n}", lives_in="neudorf", verified=True, at=loop.now)
        for n in range(1, AUTHORS)
    ]
    follow(person=loop.people["follower of the place"], place=town, at=loop.now)
    follow(person=loop.people["follower of the theme"], theme="meeting", at=loop.now)


# --- the steps ---


def publish(loop: Loop) -> None:
    """A draft with every item of the gate settled becomes public; somebody follows it."""
    ada = loop.people["administration"]
    process = make_process(
        "ufer", both("Das Ufer", "The river bank"), office=loop.world.works, places=[loop.world.town], texts=TEXTS,
        answer_by=START + ANSWER_BY * DAY,
    )  # fmt: skip
    borders = [*PHASES.values(), ANSWER_BY]
    for number, (method, name) in enumerate(
        zip(
            PHASES,
            [
                both("Ideen", "Ideas"), both("Prüfung", "Assessment"), both("Abstimmung", "Vote"), both("Antwort", "Answer"),
            ],
            strict=True,
        )
    ):  # fmt: skip
        more: dict[str, Any] = {"budget": 50_000, "min_choices": 1} if method == "ballot" else {}
        make_phase(
            process, method, method, name, starts=START + borders[number] * DAY, ends=START + borders[number + 1] * DAY, **more
        )  # fmt: skip
    with loop.on(0) as at:
        for number, item in ITEMS.items():
            if item.check is None:
                checked: dict[str, Any] = (
                    {"checked_by": "Datenschutz", "checked_on": date(2026, 1, 2)}
                    if item.who == "must"
                    else {}
                )
                answer_item(process=process, item=number, text=YES, by=ada, at=at, **checked)
        publish_process(process=Process.objects.get(pk=process.pk), by=ada, at=at)
    loop.process = Process.objects.get(pk=process.pk)
    follow(person=loop.people["follower of the process"], process=loop.process, at=loop.now)


def collect(loop: Loop) -> None:
    """Forty people propose benches. The first one asks a co-author in, finds a supporter, a follower and a comment."""
    people = loop.people
    with loop.on(11) as at:
        loop.proposals = [
            make_proposal(
                loop.process, by=by, place=loop.world.bank, at=at, theme="meeting",
                title=both(f"Bank {n}", f"Bench {n}"), summary=both(f"Mein Satz {n}.", f"My sentence {n}."),
            )
            for n, by in enumerate(loop.authors)
        ]  # fmt: skip
    first = loop.proposals[0]
    with loop.on(12) as at:
        hand = hands.invite(
            proposal=first,
            role=Authorship.Role.AUTHOR,
            by=people["author"],
            person=people["co-author"],
            at=at,
        )
        hands.accept(hand=hand, by=people["co-author"], at=at)
        support_proposal(proposal=first, by=people["supporter"], at=at)
        follow(person=people["follower of the proposal"], contribution=first.contribution, at=at)
    with loop.on(13) as at:
        text = CommentText("There is no shade.", "en")
        publish_comment(talk=Talk(on=first.contribution), text=text, by=people["commenter"], at=at)


def assess_and_vote(loop: Loop) -> None:
    """Two of them are feasible and stand on the ballot. Somebody stands on its roll and does not vote."""
    office = loop.people["office"]
    with loop.on(40) as at:
        for proposal in loop.proposals[:2]:
            make_assessment(proposal, by=office, office=loop.world.works, at=at, cost=12_000)
    Eligibility.objects.create(
        process=loop.process, key=b"r" * 32, source="register", person=loop.people["voter of the roll"],
        claimed_at=loop.now, claimed_by_way_of="letter",
    )  # fmt: skip
    phase = loop.process.phases.get(method="ballot")
    with loop.on(PHASES["ballot"]) as at:
        vote = ballots.open_vote(phase=phase, at=at)
    with loop.on(PHASES["answer"] - 1) as at:
        assert remind(vote=vote, at=at + HOUR)
    with loop.on(PHASES["answer"]) as at:
        first = ballots.options_of(vote)[0]
        assert first.proposal_id == loop.proposals[0].pk
        ballots.enter_ballots(vote=vote, ballots=[[first.pk]] * 30)
        tally = ballots.close_and_count(vote=vote, at=at)
        assert tally is not None
        ballots.publish_tally(tally, at=at)


def gather(loop: Loop) -> None:
    """The forty stand together in a theme group, so that one answer can be given to all."""
    with loop.on(62) as at:
        admin = loop.people["administration"]
        naming = Naming("Bänke", "Benches", "Alles über Bänke.", "All about benches.")
        cluster = make_cluster(process=loop.process, naming=naming, by=admin, at=at)
        add_to_cluster(cluster=cluster, proposals=loop.proposals, by=admin, at=at)


def answer(loop: Loop) -> None:
    wording = actions.Wording("accepted", both("Wir bauen Bänke.", "We will build benches."), "doable")
    with loop.on(ANSWER_BY + 4) as at:
        made = actions.answer_many(
            process=loop.process, targets=[each.pk for each in loop.proposals], office=loop.world.works,
            wording=wording, by=loop.people["office"], at=at,
        )  # fmt: skip
        assert len(made) == AUTHORS


def keep(loop: Loop) -> None:
    """Promised, a step done, delayed with a reason, delivered, found to work by ten people, evaluated."""
    office = loop.people["office"]
    with loop.on(95) as at:
        promise = actions.promise(
            process=loop.process, contribution=loop.proposals[0].contribution, office=loop.world.works, by=office, at=at,
            title=both("Zehn Bänke", "Ten benches"), due=loop.day(120), budget=Decimal(12_000),
            milestones=[actions.Step(both("Bestellt", "Ordered"), loop.day(100))],
        )  # fmt: skip
    with loop.on(100) as at:
        step = promise.milestones.get()
        actions.complete_milestone(milestone=step, by=office, at=at)
    with loop.on(110) as at:
        reason = both("Das Holz kommt später.", "The wood comes later.")
        actions.delay_commitment(commitment=promise, new_due=loop.day(130), reason=reason, by=office, at=at)
    with loop.on(125) as at:
        actions.deliver(commitment=promise, by=office, at=at)
    with loop.on(130) as at:
        for n, person in enumerate(loop.authors[:10]):
            actions.answer_by_link(
                commitment=promise, person=person, value="yes" if n < 9 else "no", as_promised="yes", used="often", at=at
            )  # fmt: skip
    with loop.on(140) as at:
        learned = both("Bestellt früher.", "Order earlier.")
        actions.evaluate(commitment=promise, by=office, at=at, text=learned)
    loop.commitment = Commitment.objects.get(pk=promise.pk)


def report(loop: Loop) -> None:
    with loop.on(150) as at:
        actions.publish_report(
            process=loop.process, learned=both("Früher fragen.", "Ask earlier."), changes=both("Bänke.", "Benches."),
            by=loop.people["office"], at=at,
        )  # fmt: skip
    with loop.on(160):  # the last digests leave
        pass
