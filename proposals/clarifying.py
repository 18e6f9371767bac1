"""Questions of the offices and the authors' answers: on the page of the proposal, on "my page", in the life record, as news.

And which office had the proposal when, in the life record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.hooks import Section, sections
from cocreation.models import Office
from cocreation.news import News, Said, news
from groundwork.html import say
from proposals import memory, rules
from proposals.models import Assignment, Authorship, Clarification, Proposal
from proposals.panels import Panel, proposal_panels
from proposals.record import Entry, record_sources
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person

_ASKED = (
    "id", "office_id", "question", "language", "asked_at", "due", "answer", "answer_language", "answered_at", "revision",
)  # fmt: skip


def _questions() -> Any:
    asked = Clarification.objects.filter(proposal=OuterRef("pk")).order_by("asked_at", "id")
    row = {name: name for name in _ASKED}
    return ArraySubquery(asked.values(row=JSONObject(**row)))


stories.add("questions", _questions)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as readers see it."""

    key: int
    office: Office | None
    question: str
    lang: str
    asked_at: datetime
    due: datetime
    answer: str
    answer_lang: str
    answered_at: datetime | None
    revision: int | None
    late: bool
    url: str


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _question(row: Mapping[str, Any], receipt: str, at: datetime) -> Question:
    language, answered = get_language(), _moment(row["answered_at"])
    due = datetime.fromisoformat(row["due"])
    return Question(
        row["id"], memory.offices.get(row["office_id"]), row["question"],
        row["language"] if row["language"] != language else "",
        datetime.fromisoformat(row["asked_at"]), due, row["answer"],
        row["answer_language"] if row["answer_language"] not in ("", language) else "",
        answered, row["revision"], answered is None and due < at,
        reverse("proposals:answer_office", args=[receipt, row["id"]]),
    )  # fmt: skip


def panel(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """What the offices asked in the open; the authors are led to the answer. No query: the page brings the rows."""
    rows = getattr(proposal, "story_questions", None)
    if not rows:
        return None
    return {
        "questions": [_question(row, proposal.receipt, at) for row in rows],
        "may_answer": rules.writes(person, proposal) and proposal.stage in rules.OPEN_TO_CHANGE,
    }


proposal_panels.add(
    "questions", Panel("questions", "proposals/questions_panel.html", panel, where="main", order=5)
)


# --- "my page" ---


def asked_of_me(person: Person, at: datetime) -> dict[str, Any] | None:
    """What offices ask a person about what they wrote. One query."""
    hands = Authorship.objects.writing().filter(person=person).values("proposal")
    waiting = (
        Clarification.objects.open()
        .filter(proposal__in=hands, proposal__is_public=True, proposal__stage__in=rules.OPEN_TO_CHANGE)
        .select_related("proposal", "office")
        .defer("proposal__search")
        .order_by("due", "pk")
    )
    rows = [
        (each, reverse("proposals:answer_office", args=[each.proposal.receipt, each.pk]))
        for each in waiting[:12]
    ]
    return {"asked": rows, "at": at} if rows else None


sections.add("questions", Section("questions", "proposals/my_questions.html", asked_of_me, order=5))


# --- the life record ---

_HELD = ("office_id", "at", "ended_at", "note", "by_id")


def life_of(proposal: Proposal) -> Iterable[Entry]:
    """Which office had it, and what was asked and answered. One query."""
    held = Assignment.objects.filter(proposal=OuterRef("pk")).order_by("at", "id")
    row = {name: name for name in _HELD} | {"done_at": "done_at", "to": F("handed_to")}
    found = (
        Proposal.objects.filter(pk=proposal.pk)
        .values_list(ArraySubquery(held.values(row=JSONObject(**row))), _questions())
        .first()
    )
    for each in found[0] if found else ():
        office = memory.offices.get(each["office_id"])
        # An office that published without having been asked to shows in what it published.
        if office is None or (each["done_at"] and each["done_at"] == each["at"]):
            continue
        words = _("With %(office)s to be assessed") % {"office": office.name}
        yield Entry(datetime.fromisoformat(each["at"]), words, "", each["note"] or "", icon="inbox")
    for each in found[1] if found else ():
        office = memory.offices.get(each["office_id"])
        name = office.name if office else ""
        asked = datetime.fromisoformat(each["asked_at"])
        yield Entry(
            asked, _("Question to the authors"), name, each["question"], icon="message-circle-question-mark"
        )
        if answered := _moment(each["answered_at"]):
            why = each["answer"]
            if each["revision"]:
                why = _("%(answer)s (with version %(number)s of the text)") % {
                    "answer": why,
                    "number": each["revision"],
                }
            yield Entry(answered, _("Answer of the authors"), "", why, icon="message-square-reply")


record_sources.add("assessing", life_of)


# --- news ---


def _rows(keys: set[int]) -> Mapping[int, Clarification]:
    return Clarification.objects.select_related("office").in_bulk(keys)


def _asked(data: Mapping[str, Any], row: Clarification | None) -> Said:
    if row is None:
        return Said(_("An office asks you something about your proposal"))
    text = _("Please answer by %(day)s. Question and answer are public.") % {"day": say.day(row.due)}
    quoted = f"{row.office.name}, {say.day(row.asked_at)}"
    return Said(_("%(office)s asks you something") % {"office": row.office.name}, text, row.question, quoted)


def _reminded(data: Mapping[str, Any], row: Clarification | None) -> Said:
    if row is None:
        return Said(_("A question of an office waits for your answer"))
    short = _("Still three days: %(office)s waits for your answer") % {"office": row.office.name}
    text = _("Without an answer by %(day)s the office goes on without it.") % {"day": say.day(row.due)}
    return Said(short, text, row.question, row.office.name)


def _answered(data: Mapping[str, Any], row: Clarification | None) -> Said:
    text = _("The authors have changed the text.") if row is not None and row.revision else ""
    return Said(_("The authors answered your question"), text, row.answer if row is not None else "")


def _answer_url(data: Mapping[str, Any]) -> str:
    return reverse("proposals:answer_office", args=[data["receipt"], data["row"]])


def _desk_url(data: Mapping[str, Any]) -> str:
    return reverse("proposals:assess", args=[data["receipt"]])


news.add("clarification.asked", News("author", _asked, rows=_rows, url=_answer_url))
news.add("clarification.reminded", News("author", _reminded, rows=_rows, url=_answer_url))
news.add("clarification.answered", News("named", _answered, rows=_rows, url=_desk_url))
