"""How Auental answers: dates that are fixed, a draft with its second reader, what was said back, and an adopted text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cocreation.models import Phase
from feedback import actions, clocks
from feedback.actions import Wording
from feedback.models import INTERIM, OfficialAnswer
from proposals.models import Proposal, Stage, Support
from quartier.builders import both
from quartier.demo.assessing import second_of

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Office
    from quartier.demo.seed import Town

LAST_YEAR, THIS_YEAR, OPEN, LANGUAGE = (
    "buergerhaushalt-2026",
    "buergerhaushalt-2027",
    "schatten-und-wasser",
    "gut-ankommen",
)
# So many supporters give a proposal a date of its own.
ENOUGH, DAYS = 25, 20

NOT_CHOSEN = Wording(
    "not_accepted",
    both(
        "Vielen Dank für Ihren Vorschlag. Bei der Abstimmung haben andere Projekte mehr Stimmen bekommen, und das Geld war aufgebraucht. Im nächsten Jahr können Sie ihn wieder einreichen.",
        "Thank you for your proposal. Other projects got more votes, and the money was used up. You are welcome to hand it in again next year.",
    ),
    "not_chosen",
)
BRIEF = Wording(
    "not_accepted",
    both(
        "Wir haben es geprüft und können es in diesem Verfahren nicht umsetzen. Was genau dagegen spricht, steht in der Prüfung.",
        "We looked into it and cannot do it in this process. The assessment says what stands against it.",
    ),
    "other",
)


def answer_in_the_open(town: Town) -> None:
    """After the two years of the demo have been lived through."""
    rules: dict[str, dict[str, Any]] = {
        THIS_YEAR: {"alone": "heads"},
        LANGUAGE: {"alone": "nobody"},
        OPEN: {"threshold": ENOUGH, "days": DAYS},
    }
    for slug, options in rules.items():
        phase = Phase.objects.select_related("process").get(process__slug=slug, method="answer")
        phase.set_opts(phase.kind.options(**options))
        phase.save()
    clocks.fix_missing(town.today)
    clocks.start_clocks(town.today)
    for slug, at in [(LAST_YEAR, town.at("-318d 10:00")), ("jugendbudget-2025", town.at("-588d 10:00"))]:
        _answer_the_rest(town, slug, at)
    _adopt(town)
    _talk_back(town)
    _hand_in(town)


def _office(town: Town, office: Office) -> tuple[Office, Person]:
    key = next(key for key, each in town.offices.items() if each.pk == office.pk)
    return office, town.officials[key]


def _answer_the_rest(town: Town, slug: str, at: datetime) -> None:
    """What nobody had answered: those that lost the vote, then all others, each in one go. One comes late."""
    process = Phase.objects.select_related("process__office").filter(process__slug=slug)[0].process
    office, by = _office(town, process.office)
    waiting = Proposal.objects.filter(pk__in=clocks.without_outcome(process)).exclude(stage=Stage.ON_BALLOT)
    lost = [each.pk for each in waiting if each.stage == Stage.NOT_CHOSEN]
    rest = [each.pk for each in waiting if each.stage != Stage.NOT_CHOSEN]
    for targets, wording in [(lost, NOT_CHOSEN), (rest, BRIEF)]:
        late = targets[:1] if wording is BRIEF else []
        for keys, moment in [(targets[len(late) :], at), (late, at + timedelta(days=24))]:
            if keys:
                actions.answer_many(
                    process=process, targets=keys, office=office, wording=wording, by=by, at=moment
                )


def _adopt(town: Town) -> None:
    yes = OfficialAnswer.objects.filter(process__slug=LAST_YEAR, status__in=["accepted", "partly_accepted"])
    answers = list(yes.select_related("process__office", "contribution").order_by("pk")[:5])
    if not answers:
        return
    process, (office, by) = answers[0].process, _office(town, answers[0].process.office)
    receipts = [each.contribution.receipt for each in answers]
    plan = actions.make_plan(
        process=process, office=office, by=by, at=town.at("-325d 15:00"),
        title=both("Beschluss des Stadtrats zum Bürgerhaushalt 2026", "Council decision on the participatory budget 2026"),
        paragraphs=[
            both(
                "Der Stadtrat folgt der Abstimmung der Bürgerinnen und Bürger. Die gewählten Projekte werden in der Reihenfolge der Stimmen umgesetzt.",
                "The council follows the vote of the residents. The chosen projects are carried out in the order of votes.",
            ),
            both(
                "Schatten und Grün an den Straßen haben Vorrang. Gepflanzt wird, bevor der Sommer kommt.",
                "Shade and green along the streets come first. Planting is done before summer.",
            ),
            both(
                "Über Kosten, Termine und Verzögerungen berichten die Ämter öffentlich.",
                "The offices report in public on costs, dates and delays.",
            ),
        ],
        link="https://ratsinfo.auental.example/beschluss-2026-41",
    )  # fmt: skip
    actions.tie(plan=plan, sources={1: receipts, 2: [*receipts[2:3], *receipts[4:5]]}, by=by)
    actions.publish_plan(plan=plan, by=by, at=town.at("-324d 09:00"))


def _talk_back(town: Town) -> None:
    """Supporters say whether answers helped; an author asked and got a reply, another one waits for it."""
    answers = OfficialAnswer.objects.filter(process__slug=LAST_YEAR).exclude(status__in=INTERIM)
    found = list(answers.select_related("office", "contribution__author").order_by("pk")[:4])
    for answer in found:
        for number, support in enumerate(
            Support.objects.filter(proposal=answer.contribution_id).order_by("pk")[:14]
        ):
            actions.say_helpful(
                answer=answer,
                yes=number % 4 != 3,
                by=support.person,
                at=answer.published_at + timedelta(days=2),
            )
    asked = [
        (
            both("Wann geht es los?", "When does it begin?"),
            both(
                "Sobald der Boden nicht mehr gefroren ist. Wir sagen vorher Bescheid.",
                "As soon as the ground is no longer frozen. We will let you know.",
            ),
        ),
        (
            both("Wer kümmert sich darum, wenn es fertig ist?", "Who looks after it once it is finished?"),
            None,
        ),
    ]
    with_author = [each for each in found if each.contribution.author is not None]
    for answer, (question, reply) in zip(with_author, asked, strict=False):
        at = answer.published_at + timedelta(days=3)
        author = answer.contribution.author
        assert author is not None
        row = actions.ask_about(answer=answer, question=question["de"], by=author, at=at, language="de")
        if reply:
            actions.reply_to(
                follow_up=row, reply=reply, by=_office(town, answer.office)[1], at=at + timedelta(days=1)
            )


def _hand_in(town: Town) -> None:
    """An answer that waits for its second reader today."""
    refused = Proposal.objects.filter(process__slug=LANGUAGE, stage=Stage.NOT_FEASIBLE, is_public=True)
    proposal = refused.select_related("process__office", "contribution").order_by("pk").first()
    if proposal is None:
        return
    office, _head = _office(town, proposal.process.office)
    key = next(key for key, each in town.offices.items() if each.pk == office.pk)
    content = {
        "status": "not_accepted", "reason_code": "law", "office": str(office.pk),
        "reason_de": "Dafür braucht es eine Genehmigung des Landes, die wir nicht bekommen haben. Den Antrag stellen wir im Herbst noch einmal.",
        "reason_en": "This needs a permit of the state that we did not get. We will apply again in autumn.",
    }  # fmt: skip
    by, at = second_of(town, key), town.today - timedelta(hours=2)
    draft = actions.save_draft(
        process=proposal.process,
        contribution=proposal.contribution,
        office=office,
        content=content,
        by=by,
        at=at,
    )
    actions.hand_in(draft=draft, by=by, at=at)
