"""Build Auental from its texts: every event at its own moment, in order, through the actions of the houses."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Person
from cocreation.methods import methods
from cocreation.models import Office, Place, Process, RoleGrant
from cocreation.preparing import take_over_suggestions
from feedback import actions as feedback
from feedback.models import Commitment
from proposals.ballots import actions as ballots
from proposals.ballots.models import Vote
from proposals.budgets.actions import set_envelope
from proposals.models import Proposal
from proposals.rules import needs_signature
from quartier.builders import (
    give_role,
    make_assessment,
    make_office,
    make_organisation,
    make_person,
    make_phase,
    make_place,
    make_process,
    make_proposal,
    make_supports,
)
from quartier.demo.answering import answer_in_the_open
from quartier.demo.assessing import second_of, work_in_the_offices
from quartier.demo.clock import moment
from quartier.demo.cowriting import start_a_shared_draft
from quartier.demo.finding import build_finding
from quartier.demo.hands import plan_hands
from quartier.demo.keeping import build_keeping
from quartier.demo.logins import PASSWORD
from quartier.demo.money import divide_money
from quartier.demo.paper import plan_paper
from quartier.demo.pictures import DRAWN, add_pictures
from quartier.demo.voting import invent_ballots, invent_in_envelopes

TEXTS = Path(__file__).parent / "auental"
END_OF_DAY = time(18)


@dataclass
class Town:
    """What has been built so far, by the keys of the texts."""

    today: datetime
    say: Callable[[str], None]
    dice: random.Random = field(default_factory=lambda: random.Random(2027))  # noqa: S311 - a demo, the same every time
    places: dict[str, Place] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    officials: dict[str, Person] = field(default_factory=dict)
    events: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def at(self, words: str, default: time = time(12)) -> datetime:
        return moment(words, self.today, default=default)

    def on(self, at: datetime, do: Callable[[], object]) -> None:
        """Something that happens at this moment; future things have not happened yet and are left out."""
        if at <= self.today:
            self.events.append((at, len(self.events), do))

    def live(self) -> None:
        """Let everything happen, oldest first."""
        for _at, _number, do in sorted(self.events, key=lambda event: event[:2]):
            do()
        self.events.clear()


def read(name: str) -> dict[str, Any]:
    with (TEXTS / name).open("rb") as file:
        return tomllib.load(file)


@transaction.atomic
def build(say: Callable[[str], None] = lambda words: None) -> Town:
    """Fill an empty database. All or nothing: an interrupted seed leaves no half of a town."""
    town = Town(today=timezone.now(), say=say)
    say("places and people")
    build_town(town)
    for file in sorted((TEXTS / "processes").glob("*.toml")):
        plan_process(town, read(f"processes/{file.name}"))
    if apps.is_installed("feedback.defects"):
        from quartier.demo.defects import plan_defects

        plan_defects(town, read("defects.toml"))
    if apps.is_installed("cocreation.moderation") and "debate" in methods:
        from quartier.demo.moderation import plan_moderation

        plan_moderation(town)
    say(f"{len(town.events)} events of the last two years")
    town.live()
    start_a_shared_draft(town)
    work_in_the_offices(town)
    build_finding(town)
    if apps.is_installed("feedback.notices"):
        from quartier.demo import newsletter

        newsletter.write(town)
    answer_in_the_open(town)
    build_keeping(town)
    if apps.is_installed("feedback.webhooks"):
        from quartier.demo import programs

        programs.build(town)
    if apps.is_installed("feedback.reach"):
        from quartier.demo import reach

        reach.build(town)
    return town


def build_town(town: Town) -> None:
    for plan in read("places.toml")["places"]:
        town.places[plan["slug"]] = make_place(
            plan["slug"],
            plan["name"],
            kind=plan["kind"],
            character=plan["class"],
            population=plan["population"],
            parent=town.places.get(plan.get("parent", "")),
            map_x=plan["x"],
            map_y=plan["y"],
        )
    long_ago = town.today - timedelta(days=1200)
    hashed = make_password(PASSWORD)
    for plan in read("people.toml")["people"]:
        town.people[plan["key"]] = make_person(
            plan["key"],
            plan["public_name"],
            lives_in=plan["place"],
            verified=plan["verified"],
            at=long_ago,
            language=plan["language"],
            about=plan.get("about", ""),
            password=hashed,
        )
    groups = read("organisations.toml")
    for plan in groups["organisations"]:
        town.organisations[plan["key"]] = make_organisation(
            plan["key"],
            plan["name"],
            plan["kind"],
            members=[town.people[key] for key in plan["members"]],
            about=plan["about"]["de"],
            at=long_ago,
        )
    for plan in groups["offices"]:
        office = town.offices[plan["key"]] = make_office(
            plan["key"], plan["name"], short=plan["short"], email=plan["email"]
        )
        town.officials[plan["key"]] = town.people[plan["head"]]
        for key in dict.fromkeys([plan["head"], *plan["members"]]):
            give_role(
                town.people[key],
                RoleGrant.Role.OFFICIAL,
                office=office,
                head=key == plan["head"],
                since=long_ago,
            )
        # Who leads an office also sets up its processes and confirms their results.
        give_role(town.people[plan["head"]], RoleGrant.Role.OWNER, office=office, since=long_ago)
    give_role(town.people["tarek-bilgin"], RoleGrant.Role.MODERATOR, since=long_ago)
    give_role(town.people["sofia-lindqvist"], RoleGrant.Role.ADMIN, since=long_ago)
    give_role(town.people["sofia-lindqvist"], RoleGrant.Role.CLERK, since=long_ago)


def plan_process(town: Town, plan: dict[str, Any]) -> None:
    if "dice" in plan:
        town = replace(town, dice=random.Random(plan["dice"]))  # noqa: S311 - a demo, the same every time
    process = make_process(
        plan["slug"],
        plan["title"],
        office=town.offices[plan["office"]],
        places=[town.places[key] for key in plan["places"]],
        published_at=town.at(plan["published"]),
        recipe=plan["recipe"],
        promise=plan["promise"],
        hue=plan["hue"],
        pattern=plan["pattern"],
        minutes=plan["minutes"],
        answer_by=town.at(plan["answer_by"], END_OF_DAY),
        texts={
            "question": plan["question"],
            "lead": plan["lead"],
            "what_open": plan["open"],
            "what_fixed": plan["fixed"],
            "how_decided": plan["how_decided"],
            "decides": plan["decides"],
            "offline": plan["offline"],
        },
    )
    process.contacts.set([town.people[key] for key in plan.get("contacts", [])])
    for phase in plan["phases"]:
        if phase["method"] not in methods:  # its room is not installed
            continue
        options = {"budget": plan["budget"]} if phase["method"] == "ballot" else {}
        options |= {
            name: value.strip() if isinstance(value, str) else value
            for name, value in phase.get("options", {}).items()
        }
        make_phase(
            process,
            phase["key"],
            phase["method"],
            phase["name"],
            text=phase["text"],
            lane=phase["lane"],
            starts=town.at(phase["starts"]),
            ends=town.at(phase["ends"]),
            **options,
        )
    if "budget" in plan:
        set_envelope(
            process=process,
            amount=Decimal(plan["budget"]),
            title=plan["title"],
            by=town.people["sofia-lindqvist"],
            at=town.at(plan["published"]),
        )
        divide_money(town, process, Decimal(plan["budget"]), read("money.toml"))
    take_over_suggestions(process, None, town.at(plan["published"]))
    drafts = [plan_proposal(town, process, proposal) for proposal in plan.get("proposals", [])]
    plan_votes(town, process, plan, drafts)
    written = [each for each in read("hands.toml")["proposals"] if each["process"] == plan["slug"]]
    plan_hands(town, written, drafts)
    if "debate" in methods:
        plan_talk(town, process, plan, drafts)
    if apps.is_installed("proposals.amendments"):
        from quartier.demo.suggestions import plan_amendments

        plan_amendments(town, plan, drafts)
    if apps.is_installed("proposals.merging"):
        from quartier.demo.merging import plan_merging

        plan_merging(town, process, read("merging.toml"), drafts)


@dataclass
class Draft:
    """A proposal of the texts and, once its moment has come, the real one."""

    plan: dict[str, Any]
    proposal: Proposal | None = None

    @property
    def real(self) -> Proposal:
        assert self.proposal is not None, f"{self.plan['title']['de']} was used before it was proposed"
        self.proposal.refresh_from_db()
        return self.proposal


def plan_proposal(town: Town, process: Process, plan: dict[str, Any]) -> Draft:
    draft = Draft(plan)
    at = town.at(plan["at"])

    def propose() -> None:
        draft.proposal = make_proposal(
            process,
            by=town.people[plan["author"]],
            place=town.places[plan["place"]],
            at=at,
            title=plan["title"],
            summary=plan["summary"],
            body=plan["body"],
            language=plan["language"],
            channel=plan.get("channel", "web"),
            organisation=town.organisations.get(plan.get("organisation", "")),
            theme=plan["theme"],
            hue=plan["hue"],
            pattern=plan["pattern"],
            map_x=float(plan["x"]),
            map_y=float(plan["y"]),
        )

    town.on(at, propose)
    if drawn := DRAWN.get((process.slug, plan["number"])):
        town.on(at + timedelta(minutes=1), lambda: add_pictures(draft.real, drawn, at))
    plan_supports(town, process, draft, at)
    if assessment := plan.get("assessment"):
        assessed_at = town.at(assessment["at"])
        town.on(
            assessed_at,
            lambda: make_assessment(
                draft.real,
                by=town.officials[assessment["office"]],
                office=town.offices[assessment["office"]],
                at=assessed_at,
                verdict=assessment["verdict"],
                cost=assessment.get("cost"),
                yearly=assessment.get("yearly"),
                reason=assessment["reason"],
                way_on=assessment.get("way_on"),
                signed_by=second_of(town, assessment["office"])
                if needs_signature(process, assessed_at)
                else None,
                **{name: assessment[name] for name in ("reason_code", "cost_from") if name in assessment},
            ),
        )
    plan_feedback(town, process, draft)
    return draft


def plan_supports(town: Town, process: Process, draft: Draft, at: datetime) -> None:
    ideas = next(phase for phase in process.line if phase.method == "ideas")
    until = min(ideas.ends or town.today, town.today)
    people = [person for key, person in town.people.items() if key != draft.plan["author"]]
    chosen = town.dice.sample(people, min(int(draft.plan["supports"]), len(people)))
    span = (until - at).total_seconds()
    if span > 120:
        moments = sorted(at + timedelta(seconds=town.dice.uniform(60, span - 1)) for _person in chosen)
        town.on(
            until - timedelta(seconds=1),
            lambda: make_supports(draft.real, list(zip(chosen, moments, strict=True))),
        )


def plan_talk(town: Town, process: Process, plan: dict[str, Any], drafts: list[Draft]) -> None:
    """What people say in a debate (`phase`) or about a proposal (`on`, its number), and who found it helpful."""
    from cocreation.conversation import actions as conversation
    from cocreation.conversation.models import Comment
    from cocreation.conversation.talks import Talk

    said: dict[int, Comment] = {}
    dice = random.Random(process.slug)  # noqa: S311 - its own, so that more talk changes no votes

    def where(words: dict[str, Any]) -> Talk:
        if "on" in words:
            return Talk(
                on=next(each for each in drafts if each.plan["number"] == words["on"]).real.contribution
            )
        return Talk(phase=next(phase for phase in process.line if phase.key == words["phase"]))

    def say(number: int, words: dict[str, Any], at: datetime) -> None:
        text = conversation.CommentText(
            words["text"].strip(),
            words.get("language", "de"),
            words.get("stance", ""),
            words.get("paragraph"),
        )
        said[number] = conversation.publish_comment(
            talk=where(words),
            text=text,
            by=town.people[words["author"]],
            at=at,
            parent=said[words["reply_to"]] if "reply_to" in words else None,
            organisation=town.organisations.get(words.get("organisation", "")),
            office=town.offices.get(words.get("office", "")),
        )

    def rate(number: int, words: dict[str, Any], at: datetime) -> None:
        comment = said[number]
        others = [each for key, each in town.people.items() if key != words["author"]]
        for person in dice.sample(others, words.get("helpful", 0)):
            conversation.find_helpful(comment=comment, by=person, at=at)
        if words.get("pinned"):
            conversation.pin_comment(comment=comment, by=town.people[words["author"]], at=at)

    def sum_up(words: dict[str, Any], at: datetime) -> None:
        conversation.summarise(talk=where(words), text=words["text"], by=town.people[words["author"]], at=at)

    for number, words in enumerate(plan.get("talk", []), start=1):
        at = town.at(words["at"])
        town.on(at, partial(say, number, words, at))
        town.on(at + timedelta(hours=3), partial(rate, number, words, at + timedelta(hours=3)))
    for words in plan.get("summaries", []):
        town.on(town.at(words["at"]), partial(sum_up, words, town.at(words["at"])))


def plan_votes(town: Town, process: Process, plan: dict[str, Any], drafts: list[Draft]) -> None:
    """The ballot: opened at its moment, ballots of invented people entered, counted once it is over."""
    phase = next((phase for phase in process.line if phase.method == "ballot"), None)
    if phase is None or phase.starts is None or phase.ends is None or "votes" not in plan:
        return
    starts, ends = phase.starts, phase.ends
    options = [draft for draft in drafts if draft.plan.get("on_ballot")]

    def open_it() -> None:
        phase.refresh_from_db()
        picked = phase.opts
        phase.set_opts(replace(picked, on_ballot=[draft.real.receipt for draft in options]))
        phase.save()
        vote = ballots.open_vote(phase=phase, at=starts)
        weights = {
            option.pk: int(plan["votes"]["popularity"][str(draft.plan["number"])])
            for option in vote.options.all()
            for draft in options
            if draft.real.pk == option.proposal_id
        }
        costs = {option.pk: option.cost for option in vote.options.all()}
        cast = int(plan["votes"]["cast"])
        if vote.envelopes:
            papers = invent_in_envelopes(vote, weights, costs, cast, town.dice)
        else:
            papers = invent_ballots(weights, costs, Decimal(plan["budget"]), cast, town.dice)
        ballots.enter_ballots(vote=vote, ballots=papers, channel="web")
        ballots.mix_and_publish(vote=vote, at=min(town.today, ends))

    def count_it() -> None:
        moment = ends + timedelta(minutes=5)
        tally = ballots.close_and_count(vote=Vote.objects.get(pk=phase.pk), at=moment)
        assert tally is not None
        ballots.publish_tally(tally, at=moment)

    town.on(starts, open_it)
    if "paper" in plan["votes"] and apps.is_installed("proposals.ballots.paperwork"):
        plan_paper(town, phase, plan["votes"]["paper"])
    town.on(ends + timedelta(minutes=5), count_it)


def plan_feedback(town: Town, process: Process, draft: Draft) -> None:
    """What the city said and promised, and how it went."""
    if answer := draft.plan.get("answer"):
        office, by, at = (
            town.offices[answer["office"]],
            town.officials[answer["office"]],
            town.at(answer["at"]),
        )
        next_date = (
            town.at(answer.get("next_date", "+45d")).date()
            if "next_date" in answer or answer["status"] == "under_study"
            else None
        )
        town.on(
            at,
            lambda: feedback.answer_contribution(
                contribution=draft.real.contribution,
                office=office,
                status=answer["status"],
                reason=answer["reason"],
                by=by,
                at=at,
                next_date=next_date,
            ),
        )
        if plan := draft.plan.get("commitment"):
            plan_commitment(town, process, draft, plan, at + timedelta(hours=1))


def plan_commitment(town: Town, process: Process, draft: Draft, plan: dict[str, Any], at: datetime) -> None:
    office, by = town.offices[plan["office"]], town.officials[plan["office"]]
    made: list[Commitment] = []

    def real() -> Commitment:
        made[0].refresh_from_db()
        return made[0]

    def promise() -> None:
        steps = [
            feedback.Step(name=step["name"], due=town.at(step["due"]).date()) for step in plan["milestones"]
        ]
        made.append(
            feedback.promise(
                process=process,
                contribution=draft.real.contribution,
                office=office,
                title=plan["title"],
                text=plan["text"],
                budget=Decimal(plan["budget"]),
                due=town.at(plan["due"]).date(),
                milestones=steps,
                by=by,
                at=at,
            )
        )

    town.on(at, promise)
    delivered = town.at(plan["delivered_at"], time(11)) if "delivered_at" in plan else None
    for number, step in enumerate(plan["milestones"], start=1):
        if "done" in step:
            done = town.at(step["done"], time(10))
            town.on(done, partial(_complete, real, number, by, done, plan, delivered))
    if "delayed_to" in plan:
        delayed = town.at(plan["delayed_at"], time(10))
        town.on(
            delayed,
            lambda: feedback.delay_commitment(
                commitment=real(),
                new_due=town.at(plan["delayed_to"]).date(),
                reason=plan["delay_reason"],
                by=by,
                at=delayed,
            ),
        )
    if delivered:
        spent = Decimal(plan["spent"])
        town.on(delivered, lambda: feedback.deliver(commitment=real(), by=by, at=delivered, spent=spent))
        if plan["state"] == "evaluated":
            last = max(town.at(step["done"], time(10)) for step in plan["milestones"] if "done" in step)
            evaluated = max(last, delivered) + timedelta(hours=2)
            town.on(evaluated, lambda: feedback.evaluate(commitment=real(), by=by, at=evaluated))


def _complete(
    real: Callable[[], Commitment],
    number: int,
    by: Person,
    at: datetime,
    plan: dict[str, Any],
    delivered: datetime | None,
) -> None:
    step = real().milestones.get(order=number)
    last_done = number == max(n for n, step in enumerate(plan["milestones"], start=1) if "done" in step)
    spent = Decimal(plan["spent"]) if last_done and delivered is None else None
    feedback.complete_milestone(milestone=step, by=by, at=at, spent=spent)
