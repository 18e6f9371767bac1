"""The only place where official answers are made."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from cocreation.audit import on_data_of
from cocreation.models import Contribution, Office
from feedback import rules
from feedback.actions.stages import by_language, lock_proposal, move_on
from feedback.models import OfficialAnswer
from groundwork.answer import require
from groundwork.journal import api as journal
from proposals.models import Stage

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def answer_contribution(
    *,
    contribution: Contribution,
    office: Office,
    status: str,
    reason: dict[str, str],
    by: Person,
    at: datetime,
    link: str = "",
    next_date: date | None = None,
) -> OfficialAnswer:
    """The city answers: public at once, beside every older answer. Author and supporters are told. `reason` by language."""
    proposal = lock_proposal(contribution.pk)
    contribution = Contribution.objects.select_related("process").get(pk=contribution.pk)
    require(rules.may_answer(by, contribution, office, at))
    answer = OfficialAnswer(
        contribution=contribution,
        process=contribution.process,
        office=office,
        status=status,
        link=link,
        next_date=next_date,
        published_at=at,
        by=by,
        **by_language("reason", reason),
    )
    answer.full_clean(exclude=["reason"])
    answer.save()
    move_on(proposal, Stage.ANSWERED, at=at, by=by, office=office, data={"status": status})
    journal.record(
        "contribution.answered",
        by=by,
        on=contribution,
        process=contribution.process,
        at=at,
        data=on_data_of(contribution.author_id, status=status, office=office.slug, answer=answer.pk),
    )
    return answer
