"""What this house adds to the pages of others: the city's answer, the promise, "What came of it", and its two queues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cocreation.desk import Queue, Urgent, queues
from cocreation.duties import Duty, duties
from cocreation.panels import Panel as ProcessPanel
from cocreation.panels import process_panels
from feedback import clocks, queries, traces
from feedback.cards import card_of
from feedback.line import planned_of
from feedback.models import Commitment, OfficialAnswer
from feedback.words import answer_badge, badge_of
from proposals.line import Planned
from proposals.panels import Panel, planned_stops, proposal_panels
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process
    from proposals.models import Proposal


def answer_of(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The newest answer, and older ones folded; before it, until when it is due; and where it landed. One query, none
    while there is no answer."""
    told = clocks.reply_of(proposal)
    answers = queries.answers_to(proposal, person) if told.get("answers") else []
    due, threshold = traces.due_of(told)
    waits = (
        due is not None and not told.get("outcome") and proposal.is_public and proposal.lives_in_id is None
    )
    clock = clocks.clock_words(due, at, threshold) if due and waits else None
    landed = traces.landed_in(told)
    if not (answers or clock or landed):
        return None
    context = {"clock": clock, "landed": landed, "answer": None}
    if not answers:
        return context
    newest = answers[0]
    hands = [hand["person_id"] for hand in getattr(proposal, "story_hands", ())]
    writes = person is not None and (proposal.contribution.author_id == person.pk or person.pk in hands)
    return context | {
        "answer": newest,
        "badge": answer_badge(newest),
        "older": [(answer, answer_badge(answer)) for answer in answers[1:]],
        "asks": newest.is_outcome and (writes or bool(getattr(proposal, "is_supported", False))),
        "may_ask": writes and not hasattr(newest, "follow_up"),
    }


def own_answer(proposal: Proposal, person: Person, at: datetime, page: str) -> str | None:
    """Who supports a proposal is asked whether its answer helped. One query for them."""
    if proposal.is_supported and OfficialAnswer.objects.filter(contribution=proposal.pk).exists():
        return None
    return page


def reply_in(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """How far the city is with its answers, by its date, and the texts it adopted. Two queries."""
    if clocks.answer_phase(process) is None:
        return None
    owed, plans = clocks.owed_in(process, at), traces.plans_of(process)
    if owed is None and not plans:
        return None
    words = None
    if owed is not None and owed.done < owed.of:
        words = clocks.clock_words(owed.due, at)
    return {"owed": owed, "clock": words, "plans": plans}


def promise_of(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """What was promised, by whom and until when. Shares its query with the stops on the line."""
    commitments = queries.promises_for(proposal)
    if not commitments:
        return None
    return {"promises": [(commitment, badge_of(commitment, at)) for commitment in commitments]}


def stops_of(proposal: Proposal, at: datetime) -> Iterable[Planned]:
    return planned_of(queries.promises_for(proposal), at)


def came_of(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The commitments of a process. Not asked before its answer phase has begun."""
    if not any(phase.method == "answer" and phase.starts and phase.starts <= at for phase in process.line):
        return None
    commitments = queries.of_process(process)
    return {"cards": [card_of(commitment, at) for commitment in commitments]} if commitments else None


def urgent_answers(person: Person, at: datetime) -> list[Urgent]:
    """The three answers that are due first."""
    first = queries.due_for_answer(person, at).select_related("process", "place")[:3]
    return [
        Urgent(
            proposal.in_language("title"),
            reverse("feedback:desk_answer", args=[proposal.receipt]),
            proposal.place.name,
            proposal.due,
        )
        for proposal in first
    ]


def answers_owed(process: Process, at: datetime) -> list[Duty]:
    """For the hand-over: contributions of this process without an answer of the city, by the promised day. One query."""
    number = queries.unanswered_in(process).count()
    if not number:
        return []
    words = ngettext("{n} contribution to answer", "{n} contributions to answer", number).format(n=number)
    due = timezone.localdate(process.owed_by) if process.owed_by else None
    return [Duty(words, due, process.office.name, reverse("feedback:desk_answers"))]


def promises_owed(process: Process, at: datetime) -> list[Duty]:
    """For the hand-over: every promise that is not delivered, and every delivered one that waits for its evaluation."""
    return [
        Duty(
            commitment.title,
            commitment.evaluate_by if commitment.is_delivered else commitment.due,
            commitment.office.name,
            reverse("feedback:desk_commitment", args=[commitment.pk]),
        )
        for commitment in Commitment.objects.filter(
            process=process, evaluated_at__isnull=True, given_up_at__isnull=True
        ).select_related("office")
    ]


def join_the_houses() -> None:
    """Called once, when the manifest is read."""
    proposal_panels.add(
        "answer",
        Panel("answer", "feedback/proposal_answer.html", answer_of, where="top", order=10, own=own_answer),
    )
    proposal_panels.add(
        "promise", Panel("promise", "feedback/proposal_promise.html", promise_of, where="side", order=20)
    )
    stories.add("reply", traces.story)
    process_panels.add("reply", ProcessPanel("reply", "feedback/process_reply.html", reply_in, order=28))
    planned_stops.add("commitments", stops_of)
    duties.add("answers", answers_owed)
    duties.add("promises", promises_owed)
    process_panels.add("outcome", ProcessPanel("outcome", "feedback/process_panel.html", came_of, order=30))
    queues.add(
        "answer",
        Queue(
            "answer",
            pgettext_lazy("queue of the desk", "Answer"),
            "message-square-reply",
            "feedback:desk_answers",
            queries.answers_waiting,
            lambda roles: roles.may_read_work,
            order=30,
            due=queries.answer_overdue,
            urgent=urgent_answers,
        ),
    )
    queues.add(
        "keep",
        Queue(
            "keep",
            _("Keep promises"),
            "handshake",
            "feedback:desk_commitments",
            queries.promises_waiting,
            lambda roles: roles.may_assess,
            order=40,
            due=queries.promise_overdue,
        ),
    )
