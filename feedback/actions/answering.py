"""The only place where official answers are made: to one contribution, or the same one to many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation.audit import on_data_of
from cocreation.models import Contribution, Office, Process
from cocreation.roles import may_act_for
from feedback import clocks, rules
from feedback.actions.stages import by_language, lock_proposal, move_many, move_on
from feedback.models import INTERIM, AnswerDraft, OfficialAnswer
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

# So many contributions get one answer at once.
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Wording:
    """What an answer says. `reason` by language."""

    status: str
    reason: dict[str, str]
    reason_code: str = ""
    link: str = ""
    next_date: date | None = None

    def fields(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "reason_code": self.reason_code,
            "link": self.link,
            "next_date": self.next_date,
            **by_language("reason", self.reason),
        }


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
    reason_code: str = "",
    read_by: Person | None = None,
    draft: AnswerDraft | None = None,
    due: datetime | None = None,
) -> OfficialAnswer:
    """The city answers: public at once, beside every older answer. Author and supporters are told. `reason` by language;
    `due` where its kind has a clock of its own."""
    proposal = lock_proposal(contribution.pk)
    contribution = Contribution.objects.select_related("process").get(pk=contribution.pk)
    require(rules.may_answer(by, contribution, office, at))
    answer = OfficialAnswer(
        contribution=contribution,
        due=due or clocks.dues([contribution.pk]).get(contribution.pk),
        **_signed(contribution.process, office, by, read_by, draft, at),
        **Wording(status, reason, reason_code, link, next_date).fields(),
    )
    answer.full_clean(exclude=["reason"])
    answer.save()
    # That somebody looks into it takes nothing out of the hands of those who assess it.
    if not (proposal is not None and proposal.stage == Stage.RECEIVED and status in INTERIM):
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


@transaction.atomic
def answer_many(
    *,
    process: Process,
    targets: Sequence[int],
    office: Office,
    wording: Wording,
    by: Person,
    at: datetime,
    read_by: Person | None = None,
    draft: AnswerDraft | None = None,
) -> list[OfficialAnswer]:
    """One answer to many contributions of a process, all or none of it at once. What became unanswerable meanwhile (hidden,
    withdrawn, on a ballot) is left out. Each author and each supporter is told about their own; the number of statements
    does not depend on how many there are."""
    require(may_act_for(by, office))
    if len(targets) > MOST_AT_ONCE:
        raise Refused(No(_("That is too many for one answer. Choose fewer.")))
    proposals = list(
        Proposal.objects.select_for_update(of=("self",))
        .filter(process=process, pk__in=targets)
        .without_vector()
        .select_related("contribution")
        .order_by("pk")
    )
    fit, _not = rules.answerable(by, proposals, process, office, at)
    if not fit:
        raise Refused(No(_("None of these contributions can be answered now.")))
    signed = _signed(process, office, by, read_by, draft, at)
    first = OfficialAnswer(contribution=fit[0].contribution, **signed, **wording.fields())
    first.full_clean(exclude=["reason"])
    due = clocks.dues([each.pk for each in fit])
    made = OfficialAnswer.objects.bulk_create(
        [
            OfficialAnswer(contribution=each.contribution, due=due.get(each.pk), **signed, **wording.fields())
            for each in fit
        ]
    )
    moved = [each for each in fit if not (each.stage == Stage.RECEIVED and wording.status in INTERIM)]
    move_many(moved, Stage.ANSWERED, at=at, by=by, office=office, data={"status": wording.status})
    journal.record_many(
        {
            "verb": "contribution.answered",
            "by": by,
            "on": each.contribution,
            "process": process,
            "at": at,
            "data": on_data_of(
                each.contribution.author_id,
                status=wording.status,
                office=office.slug,
                answer=answer.pk,
                many=len(made),
                # What one person hears of them belongs together: one mail, one place in the inbox.
                **({"together": made[0].pk} if len(made) > 1 else {}),
            ),
        }
        for each, answer in zip(fit, made, strict=True)
    )
    journal.record(
        "answers.published", by=by, on=process, process=process, at=at,
        data={
            "n": len(made), "office": office.slug, "status": wording.status,
            "places": sorted({each.place_id for each in fit}), "themes": sorted({each.theme for each in fit}),
        },
    )  # fmt: skip
    return made


def _signed(
    process: Process,
    office: Office,
    by: Person,
    read_by: Person | None,
    draft: AnswerDraft | None,
    at: datetime,
) -> dict[str, Any]:
    """Who answers for it: the office, the role it is signed with, and the second reader where one is asked for."""
    needs = rules.needs_reader(by, process, office, at)
    if needs and read_by is None:
        raise Refused(No(_("A second person has to read this before it is published.")))
    return {
        "process": process,
        "office": office,
        "by": by,
        "published_at": at,
        "signed_as": rules.role_at(read_by or by, office, at),
        "read_by": read_by,
        "read_at": at if read_by else None,
        "needs_reader": needs,
        "draft": draft,
    }
