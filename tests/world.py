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
from cocreation import packages, pending, sharing
from cocreation.actions import follow, hide_contribution
from cocreation.four_eyes import ask_who_wrote
from cocreation.lifecycle import make_preview
from cocreation.methods import methods
from cocreation.models import (
    Approval,
    ConfigChange,
    Contribution,
    Group,
    GroupInvitation,
    GroupMembership,
    IncomingPackage,
    Office,
    PendingAct,
    Place,
    PreviewLink,
    Process,
    RemovedPhase,
    RoleGrant,
    SavedRecipe,
)
from cocreation.preparing import answer_item
from groundwork.answer import No
from groundwork.jobs.models import Job
from proposals.actions import ProposalText, insert_proposal, support_proposal, withdraw_proposal
from proposals.models import ListExport, Proposal
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
from tests.worlds.amendments import build_amendments, grow_amendments
from tests.worlds.cowriting import build_shared_drafts
from tests.worlds.data import build_data
from tests.worlds.defects import build_defects
from tests.worlds.files import build_files
from tests.worlds.hands import build_hands
from tests.worlds.merging import build_merging
from tests.worlds.moderation import build_moderation
from tests.worlds.privacy import build_privacy
from tests.worlds.variants import build_variants

DAY = timedelta(days=1)

TEXTS = {
    "question": both("Was soll entstehen?", "What should be built?"),
    "lead": both("Wir sammeln, prüfen, wählen und bauen.", "We collect, check, choose and build."),
    "what_open": both("Welche Projekte Geld bekommen.", "Which projects get money."),
    "what_fixed": both("Die Summe.", "The sum."),
    "how_decided": both("Die meisten Stimmen zuerst.", "Most votes first."),
    "decides": both("Der Stadtrat", "The city council"),
    "offline": both(
        "Am Markt 1, 8 bis 16 Uhr\nAm Telefon: 115", "At Am Markt 1, 8 am to 4 pm\nBy phone: 115"
    ),
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
    tasks: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, Any] = field(default_factory=dict)
    amendments: dict[str, Any] = field(default_factory=dict)
    waiting: PendingAct | None = None
    recipes: dict[str, SavedRecipe] = field(default_factory=dict)
    package: IncomingPackage | None = None
    preview: PreviewLink | None = None
    step: ConfigChange | None = None
    asked: Approval | None = None
    visit: Any = None  # somebody a process has found, who has not signed in yet
    uploads: dict[str, Any] = field(default_factory=dict)
    group: Group | None = None
    invitation: GroupInvitation | None = None
    removed: RemovedPhase | None = None
    merges: dict[str, int] = field(default_factory=dict)
    clusters: dict[str, int] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    stored: dict[str, bytes] = field(
        default_factory=dict
    )  # open data: bytes by the name they are stored under
    hands: dict[str, Any] = field(default_factory=dict)
    offer: Any = None
    clarification: Any = None  # a question of the parks office to Amina
    search: Any = None  # what Amina looks for
    newsletter: Any = None  # planned
    job: Any = None  # one that failed
    list_file: Any = None  # of Olga; making it failed
    moderation: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, Any] = field(default_factory=dict)
    breach: Any = None  # somebody read over a shoulder
    assessment: Any = None  # of the draft, to be signed
    request: Any = None  # what Amina asks the city about her data
    token: Any = None  # of Amina's calendar
    council: Any = None  # a server whose papers are read
    webhooks: dict[str, Any] = field(default_factory=dict)  # tests/worlds/webhooks.py
    deliveries: dict[str, Any] = field(default_factory=dict)
    replies: dict[str, Any] = field(default_factory=dict)  # tests/worlds/answering.py
    defects: dict[str, Any] = field(default_factory=dict)  # tests/worlds/defects.py

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
    tally = ballots.close_and_count(vote=counted, at=world.now - 10 * DAY)
    assert tally is not None
    ballots.publish_tally(tally, at=world.now - 10 * DAY)
    from tests.worlds.asking import build_asking

    build_asking(world)


def build_paper(world: World) -> None:
    from tests.worlds.paper import build_paper

    build_paper(world)


def build_replies(world: World) -> None:
    if world.commitments:
        from tests.worlds.answering import build_answering

        build_answering(world)


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
    from tests.worlds.keeping import build_keeping

    build_keeping(world)
    hide_contribution(
        contribution=world.proposals["answering2"].contribution,
        by=world.mo,
        at=at + DAY,
        rule="Respekt",
        reason="Werbung.",
    )


DEBATE: dict[str, Any] = {
    "question_de": "Wie soll der Platz aussehen?",
    "question_en": "What should the square look like?",
    "text_de": "Der Platz bekommt Bäume.\n\nAutos fahren dort nicht mehr.",
    "text_en": "The square gets trees.\n\nCars no longer drive there.",
}


def build_conversation(world: World) -> None:
    """A debate beside the ideas of the process that collects; one is over, one is not published. A few comments, one of
    them hidden, and one on a proposal."""
    if "debate" not in methods:
        return
    from cocreation.conversation.actions import CommentText, publish_comment
    from cocreation.conversation.talks import Talk

    now = world.now
    phases = {
        key: make_phase(
            world.processes[key],
            "talk",
            "debate",
            both("Debatte", "Debate"),
            lane=2,
            starts=now + starts * DAY,
            ends=now + ends * DAY,
            **DEBATE,
        )
        for key, starts, ends in [("collecting", -5, 20), ("answering", -110, -60), ("draft", 12, 34)]
    }
    square, fountain = Talk(phase=phases["collecting"]), Talk(on=world.fountain.contribution)
    said: list[tuple[str, Talk, str, str, str, Any, dict[str, Any]]] = [
        ("public", square, "amina", "Mehr Schatten, bitte.", "for", -2 * DAY, {}),
        ("hidden", square, "jonas", "Geheimnis Kommentar", "against", -2 * DAY, {}),
        ("question", square, "ines", "Wer gießt die Bäume?", "question", -DAY, {}),
        ("fresh", square, "jonas", "Das geht mir zu schnell.", "against", -timedelta(minutes=1), {}),
        ("on_fountain", fountain, "ines", "Bitte auch für Hunde.", "for", -DAY, {}),
    ]
    for key, talk, by, words, stance, moment, more in said:
        paragraph = 1 if key == "public" else None
        world.comments[key] = publish_comment(
            talk=talk,
            text=CommentText(words, "de", stance, paragraph),
            by=world.people[by],
            at=now + moment,
            **more,
        )
    world.comments["official"] = publish_comment(
        talk=square,
        text=CommentText("> Wer gießt die Bäume?\n\nDas machen wir, jeden Morgen."),
        by=world.olga,
        office=world.parks,
        parent=world.comments["question"],
        at=now - DAY / 2,
    )
    hide_contribution(
        contribution=world.comments["hidden"].contribution,
        by=world.mo,
        at=now - DAY,
        rule="Respekt",
        reason="Beleidigt einen Menschen.",
    )


def build_checks(world: World) -> None:
    """The announced process checks by itself, by every way: one entry is found by a visitor just now, the register was read
    once and waits to be read again, invitations were made, slips were given out."""
    from cocreation.checks.attributes import Attributes
    from cocreation.checks.base import adapters
    from cocreation.checks.desk import add
    from cocreation.eligibility import remember
    from cocreation.models import CheckSource, LetterBatch, RegisterImport

    process, at = world.announced, world.now - DAY
    process.identity = Process.Identity.REGISTER
    process.save(update_fields=["identity"])
    CheckSource.objects.bulk_create(
        CheckSource(process=process, adapter=way, active=True) for way in adapters.slugs()
    )
    entry = add(process, number="4711", attributes=Attributes("lindach", "16-17"))
    assert not isinstance(entry, No)
    world.visit = remember(process=process, entry=entry, by_way_of="letter", at=world.now)
    done = {"process": process, "made_at": at, "made_by": world.ada, "state": "done", "finished_at": at}
    shape = {
        "encoding": "utf-8-sig",
        "separator": ";",
        "header": True,
        "names": ["OM", "PLZ"],
        "rows": [["0000", "00000"]],
    }
    world.uploads = {
        "read": RegisterImport.objects.create(**done, rows=3, added=1, bad=1, problems=[[3, "bad_date"]]),
        "uploaded": RegisterImport.objects.create(**done | {"state": "uploaded", "layout": shape}),
        "running": RegisterImport.objects.create(
            **done | {"state": "running", "size": 100, "bytes_done": 40}
        ),
        "letters": LetterBatch.objects.create(**done, kind="blank", wanted=1, made=1),
    }


def build_group(world: World) -> None:
    """The youth council, to which Jonas belongs; a link lets others in."""
    world.group = Group.objects.create(slug="jugendrat", name_de="Jugendrat", name_en="Youth council")
    GroupMembership.objects.create(
        group=world.group, person=world.jonas, since=world.now - 9 * DAY, added_by=world.ada
    )
    world.invitation = GroupInvitation.objects.create(
        group=world.group,
        code="Y291bmNpbC1mb3ItdGVzdHM",
        created_at=world.now - DAY,
        created_by=world.ada,
        expires_at=world.now + 20 * DAY,
    )


def build_money(world: World) -> None:
    if apps.is_installed("proposals.budgets"):
        from tests.worlds.money import divide_money

        divide_money(world)


def build_council(world: World) -> None:
    """The council deals with the benches: a paper, and a meeting that decides."""
    if not apps.is_installed("feedback.council"):
        return
    from feedback.council.models import Consultation, InCouncil, Meeting, Paper, Source

    base = "https://ris.example.org/oparl"
    world.council = Source.objects.create(
        url=f"{base}/system", name="Rat von Auental", made_at=world.now, made_by=world.ada, asked_at=world.now, since=world.now
    )  # fmt: skip
    known = {"source": world.council}
    meeting = Meeting.objects.create(
        oparl=f"{base}/m/1", name="Bauausschuss", starts=world.now + 9 * DAY, **known
    )
    paper = Paper.objects.create(
        oparl=f"{base}/p/17", name="Bänke an der Aue", reference="V/17", day=world.now.date(), **known
    )
    Consultation.objects.create(paper=paper, meeting=meeting.oparl, role="Entscheidung")
    InCouncil.objects.create(paper=paper, contribution=world.answering0.contribution)


def build_assessing(world: World) -> None:
    from tests.worlds.assessing import build_assessing

    build_assessing(world)


def build_world(now: datetime | None = None) -> World:
    """Everything at once. About thirty statements a process; use the `world` fixture, which undoes it after the test."""
    world = World(now=now or timezone.now())
    build_people(world)
    secret = both("Geheimnis Prozess", "Secret process")
    build_process(
        world, "draft", ideas=10, assessment=31, ballot=50, answer=60, published_at=None, title=secret,
        recipe="idea_box",
    )  # fmt: skip
    build_process(world, "announced", ideas=5, assessment=30, ballot=50, answer=60)
    build_process(world, "collecting", ideas=-5, assessment=20, ballot=50, answer=60)
    build_process(world, "assessing", ideas=-35, assessment=-5, ballot=20, answer=30)
    build_process(world, "voting", ideas=-60, assessment=-30, ballot=-5, answer=5)
    build_process(world, "answering", ideas=-120, assessment=-90, ballot=-40, answer=-10)
    build_money(world)
    build_proposals(world)
    build_files(world)
    build_variants(world)
    build_votes(world)
    build_paper(world)
    build_feedback(world)
    build_conversation(world)
    build_merging(world, DAY)
    build_amendments(world)
    build_replies(world)
    build_checks(world)
    build_group(world)
    build_hands(world)
    build_shared_drafts(world)
    build_assessing(world)
    if apps.is_installed("proposals.searches"):
        from tests.worlds.finding import build_searches

        build_searches(world)
    build_moderation(world)
    build_defects(world)
    world.job = Job.objects.create(
        kind="letters", key="0", title="Gärten", state="failed", reason="file_gone", made_at=world.now,
        beat_at=world.now, finished_at=world.now,
    )  # fmt: skip
    world.list_file = ListExport.objects.create(
        process=world.collecting, person=world.olga, form="csv", language="de", asked_at=world.now
    )
    Job.objects.create(
        kind="list_file", key=str(world.list_file.pk), title=world.collecting.title, state="failed", reason="full",
        made_at=world.now, beat_at=world.now, finished_at=world.now,
    )  # fmt: skip
    if apps.is_installed("feedback.notices"):
        from tests.worlds.notices import build_newsletter

        build_newsletter(world)
    if apps.is_installed("feedback.webhooks"):
        from tests.worlds.webhooks import build_webhooks

        build_webhooks(world)
    if apps.is_installed("accounts.tokens"):
        from accounts.tokens.actions import make_token

        world.token, _secret = make_token(
            by=world.amina, name="Kalender des Vereins", scopes=[], days=30, at=world.now
        )
    draft = world.processes["draft"]
    stored = {
        "key": "debatte",
        "method": "ideas",
        "lane": 0,
        "order": 9,
        "acts": ["propose"],
        "audience": {},
        "options": {},
    }
    stored |= {
        "name_de": "Debatte",
        "name_en": "Debate",
        "text_de": "",
        "text_en": "",
        "starts": None,
        "ends": None,
    }
    world.removed = RemovedPhase.objects.create(
        process=draft, name="Debatte", stored=stored, removed_at=world.now - DAY, removed_by=world.ada
    )
    kept = {"process": world.collecting.pk, "title": "Budget"}
    fountain = world.proposals["fountain"].contribution
    reason = "Jemand droht, den Brunnen zu zerstören."
    world.asked = ask_who_wrote(contribution=fountain, reason=reason, by=world.mo, at=world.now)
    world.waiting = pending.keep("follow", kept, process=world.collecting, at=world.now)
    build_recipes(world)
    build_council(world)
    build_data(world)
    build_privacy(world)
    world.preview = make_preview(process=draft, by=world.ada, at=world.now)
    said = both("Alle, die hier leben.", "Everyone who lives here.")
    answer_item(process=draft, item=9, text=said, by=world.ada, at=world.now)
    world.step = ConfigChange.objects.get(process=draft, what="gate")
    return world


def build_recipes(world: World) -> None:
    """A recipe of the city's own, one that was removed, and a package that waits for Ada to decide."""
    for name in ("offered", "removed"):
        world.recipes[name] = sharing.save_as_recipe(
            process=world.collecting,
            name=both(f"Unser Rezept {name}", f"Our recipe {name}"),
            about=both("Bewährt in Auental.", "Proven in Auental."),
            by=world.ada,
            at=world.now,
        )
    sharing.remove_recipe(recipe=world.recipes["removed"], by=world.ada, at=world.now)
    content = packages.write(packages.export(world.collecting))
    world.package = sharing.receive(file="nachbarstadt.json", content=content, by=world.ada, at=world.now)


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
                    channel="event",
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
        if world.comments:
            chat(world, person)
        grow_amendments(world, person)
        build_process(world, f"collecting-{number}", ideas=-5, assessment=20, ballot=50, answer=60)
        build_process(world, f"announced-{number}", ideas=5, assessment=30, ballot=50, answer=60)


def chat(world: World, person: Person) -> None:
    """Two more comments in the debate and on the proposal, each with a reply."""
    from cocreation.conversation.actions import CommentText, publish_comment
    from cocreation.conversation.talks import Talk

    for key in ("public", "on_fountain"):
        talk = Talk.of(world.comments[key])
        for _copy in range(2):
            said = publish_comment(
                talk=talk, text=CommentText("Das meine ich auch.", "de", "for"), by=person, at=world.now
            )
            publish_comment(talk=talk, text=CommentText("Danke!"), by=world.amina, parent=said, at=world.now)


def tell_everybody(world: World) -> None:
    """Let the journal's readers catch up and the notices go out, as the workers do. Needs committed rows."""
    from groundwork.journal.follow import follow_all

    follow_all()
    if apps.is_installed("feedback.notices"):
        from feedback.notices.fanout import spread
        from feedback.notices.sending import send_due

        spread(timezone.now())
        send_due(timezone.now())
