"""What readers of an answer say back: whether it helped, and the author's one question with the office's reply."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from feedback import clocks, rules
from feedback.actions.stages import by_language
from feedback.models import FollowUp, Helpful, OfficialAnswer
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def say_helpful(*, answer: OfficialAnswer, yes: bool, by: Person, at: datetime) -> Helpful:
    """Saying it again replaces what was said. No journal entry: an opinion is nobody else's business."""
    require(rules.may_say_helpful(by, answer))
    row, _made = Helpful.objects.update_or_create(answer=answer, person=by, defaults={"yes": yes, "at": at})
    return row


@transaction.atomic
def ask_about(
    *, answer: OfficialAnswer, question: str, by: Person, at: datetime, language: str = "de"
) -> FollowUp:
    """The author asks once, in the open; the office is told."""
    require(rules.may_ask(by, answer))
    asked = FollowUp(
        answer=answer, process=answer.process, question=question.strip(), language=language, asked_by=by, asked_at=at
    )  # fmt: skip
    asked.full_clean(exclude=["answer", "process", "asked_by", "reply"])
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        raise Refused(No(_("The one question about this answer has been asked."))) from None
    _record("answer.questioned", asked, by, at, tell=clocks.people_of(answer.office_id, at))
    return asked


@transaction.atomic
def reply_to(*, follow_up: FollowUp, reply: dict[str, str], by: Person, at: datetime) -> FollowUp:
    """The office replies, once and in the open. `reply` by language."""
    found = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("answer__office", "answer__contribution")
        .get(pk=follow_up.pk)
    )
    require(rules.may_reply(by, found))
    if not reply.get("de", "").strip():
        raise Refused(No(_("Please write the reply in German too.")))
    for name, value in by_language("reply", reply).items():
        setattr(found, name, value.strip())
    found.replied_at, found.replied_by = at, by
    found.save()
    _record("answer.explained", found, by, at)
    return found


def _record(verb: str, row: FollowUp, by: Person, at: datetime, **more: Any) -> None:
    answer = row.answer
    journal.record(
        verb, by=by, on=answer.contribution, process=answer.process_id, at=at,
        data={"row": row.pk, "answer": answer.pk, "office": answer.office.slug, **more},
    )  # fmt: skip
