"""The tests' world: one small town with people of character. The demo city is built by the same builders.

Amina lives in Lindach and her address is confirmed. Jonas uses a wheelchair and has not confirmed his yet. Ines runs a
garden shop and writes for it. Olga answers for the Office for Parks, Mo moderates, Clara sits at the citizens' office,
Ada administers. Processes stand in every state; proposals too: public, draft, hidden, withdrawn, erased, and one in a
process that is not published. Whatever is not for everybody says "Geheimnis" in its title ("Secret" in English).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone

from accounts.models import Membership, Organisation, Person
from cocreation import pending
from cocreation.actions import follow, hide_contribution
from cocreation.methods import methods
from cocreation.models import Contribution, Office, PendingAct, Place, Process, RoleGrant
from proposals.actions import ProposalText, insert_proposal, support_proposal, withdraw_proposal
from proposals.models import Proposal
from quartier.builders import (
    both,
    give_role,
    make_assessment,
    make_office,
    make_organisation,
    make_person,
    make_phase,
    make_place,
    make_process,
    make_proposal,
)

DAY = timedelta(days=1)

TEXTS = {
    "question": both("Was soll entstehen?", "What should be built?"),
    "lead": both("Wir sammeln, prüfen, wählen und bauen.", "We collect, check, choose and build."),
    "what_open": both("Welche Projekte Geld bekommen.", "Which projects get money."),
    "what_fixed": both("Die Summe.", "The sum."),
    "how_decided": both("Die meisten Stimmen zuerst.", "Most votes first."),
    "decides": both("Der Stadtrat", "The city council"),
    "offline": both("Am Markt 1 oder am Telefon.", "At Am Markt 1 or by phone."),
}


@dataclass
class World:
    now: datetime
    places: dict[str, Place] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    commitments: dict[str, Any] = field(default_factory=dict)
    waiting: PendingAct | None = None

    def __getattr__(self, name: str) -> Any:
        for shelf in ("people", "processes", "proposals", "offices", "organisations", "places"):
            things = self.__dict__.get(shelf, {})
            if name in things:
                return things[name]
        raise AttributeError(name)


def build_people(world: World) -> None:
    town = make_place(
        "auental",
        both("Auental", "Auental"),
        kind=Place.Kind.MUNICIPALITY,
        population=41_000,
        map_x=292,
        map_y=214,
    )
    village = make_place(
        "lindach", both("Lindach", "Lindach"), parent=town, population=900, map_x=118, map_y=128
    )
    world.places = {"town": town, "village": village}
    world.offices = {
        "parks": make_office("parks", both("Grünflächenamt", "Office for Parks"), short="GA"),
        "money": make_office("money", both("Amt für Finanzen", "Office for Finance"), short="AF"),
    }
    Role = RoleGrant.Role
    world.people = {
        "amina": make_person("amina", "Amina Yıldız", lives_in="lindach", verified=True),
        "jonas": make_person("jonas", "Jonas Petersen", lives_in="auental"),
        "ines": make_person("ines", "Ines Pohl", lives_in="auental", verified=True, language="en"),
        "olga": make_person("olga", "Olga Brandt", lives_in="auental"),
        "mo": make_person("mo", "Mo Bilgin", lives_in="auental"),
        "clara": make_person("clara", "Clara Sommer", lives_in="auental"),
        "ada": make_person("ada", "Ada Lindqvist", lives_in="auental"),
    }
    give_role(world.olga, Role.OFFICIAL, office=world.parks, since=world.now - 900 * DAY)
    give_role(world.mo, Role.MODERATOR, since=world.now - 900 * DAY)
    give_role(world.clara, Role.CLERK, since=world.now - 900 * DAY)
    give_role(world.ada, Role.ADMIN, since=world.now - 900 * DAY)
    world.organisations = {
        "garden": make_organisation("gaertnerei-pohl", "Gärtnerei Pohl", "company", members=[world.ines])
    }
    # Jonas asked the garden shop whether he may write for it, and registered a club that nobody confirmed yet.
    club = Organisation.objects.create(slug="verein-neu", name="Geheimnis Verein", kind="civil_society")
    Membership.objects.create(
        person=world.jonas, organisation=club, role=Membership.Role.LEAD, confirmed_at=world.now
    )
    world.memberships = {"asked": Membership.objects.create(person=world.jonas, organisation=world.garden)}


def build_process(
    world: World, key: str, *, ideas: int, assessment: int, ballot: int, answer: int, **fields: Any
) -> Process:
    """A participatory budget whose phases start `ideas`, `assessment` … days from now and end where the next begins."""
    title = fields.pop("title", both(f"Bürgerhaushalt {key}", f"Budget {key}"))
    start = {"ideas": ideas, "assessment": assessment, "ballot": ballot, "answer": answer}
    process = make_process(
        key,
        title,
        office=world.parks,
        places=[world.town],
        texts=TEXTS,
        answer_by=world.now + (answer + 30) * DAY,
        **({"published_at": world.now + (ideas - 5) * DAY} | fields),
    )
    names = {
        "ideas": both("Ideen", "Ideas"),
        "assessment": both("Prüfung", "Assessment"),
        "ballot": both("Abstimmung", "Vote"),
        "answer": both("Antwort der Stadt", "The city's answer"),
    }
    borders = [*start.values(), answer + 30]
    for number, (method, name) in enumerate(names.items()):
        if method not in methods:  # its room is not installed
            continue
        options: dict[str, Any] = {"budget": 50_000, "min_choices": 1} if method == "ballot" else {}
        make_phase(
            process,
            method,
            method,
            name,
            starts=world.now + borders[number] * DAY,
            ends=world.now + borders[number + 1] * DAY,
            **options,
        )
    world.processes[key] = process
    return process


def build_proposals(world: World) -> None:
    """One proposal in every state of visibility, in the process that is collecting now."""
    collecting, now = world.processes["collecting"], world.now

    def propose(
        key: str, process: Process, german: str, english: str, at: datetime, by: str = "amina", **more: Any
    ) -> Proposal:
        world.proposals[key] = make_proposal(
            process,
            by=world.people[by],
            place=world.village,
            at=at,
            title=both(german, english),
            summary=both(f"{german}, bald.", f"{english}, soon."),
            body=both(f"{german}, weil es fehlt.", f"{english}, because it is missing."),
            **more,
        )
        return world.proposals[key]

    propose(
        "fountain",
        collecting,
        "Trinkbrunnen am Dorfplatz",
        "Drinking fountain on the village square",
        now - 3 * DAY,
        map_x=118.0,
        map_y=128.0,
    )
    propose(
        "trees",
        collecting,
        "Bäume am Bahnhof",
        "Trees at the station",
        now - 2 * DAY,
        by="ines",
        organisation=world.garden,
        theme="climate",
    )
    hidden = propose("hidden", collecting, "Geheimnis verborgen", "Secret hidden", now - 2 * DAY, by="jonas")
    hide_contribution(
        contribution=hidden.contribution,
        by=world.mo,
        at=now - DAY,
        rule="Respekt",
        reason="Beleidigt einen Menschen.",
    )
    withdrawn = propose(
        "withdrawn", collecting, "Geheimnis zurückgezogen", "Secret withdrawn", now - 2 * DAY, by="jonas"
    )
    withdraw_proposal(proposal=withdrawn, by=world.jonas, at=now - DAY)
    erased = propose("erased", collecting, "Geheimnis gelöscht", "Secret erased", now - 2 * DAY, by="jonas")
    Contribution.objects.filter(pk=erased.pk).update(erased_at=now - DAY, is_public=False, author=None)
    erased.revisions.update(by=None)
    erased.moves.update(by=None)
    # Two that went through no action yet: a draft, and a published text in a process that nobody may see.
    for key, process, german, english in [
        ("draft", collecting, "Geheimnis Entwurf", "Secret draft"),
        ("planned", world.processes["draft"], "Geheimnis geplant", "Secret planned"),
    ]:
        contribution = Contribution(
            kind="proposal", process=process, author=world.jonas, created_at=now - DAY, phase=process.line[0]
        )
        if key == "planned":
            contribution.publish(now - DAY)
        contribution.save()
        text = ProposalText(
            german,
            german,
            german,
            "de",
            "green",
            world.village,
            translations={"en": {"title": english, "summary": english, "body": english, "by": "human"}},
        )
        world.proposals[key] = insert_proposal(contribution, text, by=world.jonas, at=now - DAY)
    propose(
        "to_assess",
        world.processes["assessing"],
        "Sonnensegel am Markt",
        "Awnings on the market square",
        now - 20 * DAY,
    )
    voting, answering = world.processes["voting"], world.processes["answering"]
    waiting = propose("to_answer", answering, "Rutsche am Hang", "A slide on the slope", now - 110 * DAY)
    make_assessment(
        waiting, by=world.olga, office=world.parks, at=now - 80 * DAY, verdict="not_feasible", cost=None
    )
    for number, (german, english, cost) in enumerate(
        [
            ("Bänke an der Aue", "Benches by the river", 12_000),
            ("Bühne im Park", "A stage in the park", 45_000),
            ("Radboxen", "Bicycle boxes", 8_000),
        ]
    ):
        for name, process, when in [("voting", voting, -50), ("answering", answering, -110)]:
            proposal = propose(f"{name}{number}", process, german, english, now + when * DAY)
            make_assessment(
                proposal, by=world.olga, office=world.parks, at=now + (when + 30) * DAY, cost=cost
            )


def build_votes(world: World) -> None:
    """One vote is open, with nobody's ballot yet; one was counted: benches and boxes were chosen, the stage was too dear."""
    if "ballot" not in methods:
        return
    from proposals.ballots import actions as ballots

    phases = {
        key: next(p for p in world.processes[key].line if p.method == "ballot")
        for key in ("voting", "answering")
    }
    ballots.open_vote(phase=phases["voting"], at=world.now - 5 * DAY)
    counted = ballots.open_vote(phase=phases["answering"], at=world.now - 40 * DAY)
    option = {option.proposal_id: option.pk for option in ballots.options_of(counted)}
    benches, stage, boxes = (option[world.proposals[f"answering{number}"].pk] for number in range(3))
    ballots.enter_ballots(vote=counted, ballots=[[benches, boxes]] * 30 + [[stage]] * 10 + [[boxes]] * 5)
    ballots.close_and_count(vote=counted, at=world.now - 10 * DAY)


def build_feedback(world: World) -> None:
    """The city answered what was voted on and promised benches and boxes. What it promised for a hidden one is hidden too."""
    from feedback.actions import Step, answer_contribution, deliver, promise, start

    today, at = world.now.date(), world.now - 5 * DAY
    for name, status, german, english in [
        ("answering0", "accepted", "Zehn Bänke an der Aue", "Ten benches by the river"),
        ("answering1", "not_accepted", "", ""),
        ("answering2", "accepted", "Geheimnis Zusage", "Secret promise"),
    ]:
        contribution = world.proposals[name].contribution
        answer_contribution(
            contribution=contribution,
            office=world.parks,
            status=status,
            by=world.olga,
            at=at,
            reason=both("Wir haben es geprüft.", "We looked into it."),
        )
        if german:
            world.commitments[name] = promise(
                process=world.answering,
                office=world.parks,
                title=both(german, english),
                due=today + 90 * DAY,
                by=world.olga,
                at=at,
                contribution=contribution,
                text=both("Wird gebaut.", "Is being built."),
                budget=Decimal(12_000),
                milestones=[Step(both("Aufgestellt", "Set up"), today + 60 * DAY)],
            )
    built = promise(
        process=world.answering,
        office=world.parks,
        title=both("Wege ohne Stufen", "Paths without steps"),
        due=today + 30 * DAY,
        by=world.olga,
        at=at,
        text=both("Ist fertig.", "Is finished."),
        milestones=[Step(both("Gebaut", "Built"), today + 20 * DAY)],
    )
    world.commitments["delivered"] = deliver(
        commitment=start(commitment=built, by=world.olga, at=at), by=world.olga, at=at + DAY
    )
    hide_contribution(
        contribution=world.proposals["answering2"].contribution,
        by=world.mo,
        at=at + DAY,
        rule="Respekt",
        reason="Werbung.",
    )


def build_world(now: datetime | None = None) -> World:
    """Everything at once. About thirty statements a process; use the `world` fixture, which undoes it after the test."""
    world = World(now=now or timezone.now())
    build_people(world)
    secret = both("Geheimnis Prozess", "Secret process")
    build_process(
        world, "draft", ideas=10, assessment=30, ballot=50, answer=60, published_at=None, title=secret
    )
    build_process(world, "announced", ideas=5, assessment=30, ballot=50, answer=60)
    build_process(world, "collecting", ideas=-5, assessment=20, ballot=50, answer=60)
    build_process(world, "assessing", ideas=-35, assessment=-5, ballot=20, answer=30)
    build_process(world, "voting", ideas=-60, assessment=-30, ballot=-5, answer=5)
    build_process(world, "answering", ideas=-120, assessment=-90, ballot=-40, answer=-10)
    build_proposals(world)
    build_votes(world)
    build_feedback(world)
    kept = {"process": world.collecting.pk, "title": "Budget"}
    world.waiting = pending.keep("follow", kept, process=world.collecting, at=world.now)
    return world


def grow(world: World, times: int = 3) -> None:
    """The same city with `times` as much in it: people, supports, proposals, organisations, processes.

    Not more votes at a time: a city opens one or two, and each of them costs the pages that invite to it a look at its roll.
    """
    for number in range(times):
        person = make_person(f"neighbour{number}", f"Nachbarin {number}", lives_in="lindach", verified=True)
        make_organisation(
            f"verein-{number}", f"Verein {number}", "civil_society", members=[world.jonas, person]
        )
        for key, process, days in [
            ("collecting", world.collecting, -2),
            ("voting", world.voting, -50),
            ("answering", world.answering, -110),
        ]:
            for copy in range(3):
                proposal = make_proposal(
                    process,
                    by=world.amina if copy else person,
                    place=world.village,
                    at=world.now + days * DAY,
                    title=both(f"Noch eine Idee {number}.{copy}", f"One more idea {number}.{copy}"),
                )
                if key != "collecting":
                    make_assessment(
                        proposal,
                        by=world.olga,
                        office=world.parks,
                        at=world.now + (days + 30) * DAY,
                        cost=1_000,
                    )
                else:
                    for supporter in (person, world.amina, world.jonas):
                        support_proposal(proposal=proposal, by=supporter, at=world.now - DAY)
                    follow(person=world.amina, contribution=proposal.contribution, at=world.now)
        build_process(world, f"collecting-{number}", ideas=-5, assessment=20, ballot=50, answer=60)
        build_process(world, f"announced-{number}", ideas=5, assessment=30, ballot=50, answer=60)


def tell_everybody(world: World) -> None:
    """Let the journal's readers catch up and the notices go out, as the workers do. Needs committed rows."""
    from groundwork.journal.follow import follow_all

    follow_all()
    if apps.is_installed("feedback.notices"):
        from feedback.notices.fanout import spread
        from feedback.notices.sending import send_due

        spread(timezone.now())
        send_due(timezone.now())
