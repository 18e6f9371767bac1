"""What the house publishes as data: answers, promises, their steps and delays."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from cocreation.datasets import address_of, in_both, office_column, process_column
from cocreation.models import Process
from feedback import clocks, queries, reports
from feedback.models import Commitment, Delay, Milestone, OfficialAnswer
from feedback.models.answers import ReasonCode
from groundwork import metrics
from groundwork.datasets import ADDRESS, DATE, INTEGER, MOMENT, NUMBER, Column, Dataset, add
from groundwork.journal.models import Entry
from groundwork.metrics import Metric

KEPT_WORD = (_("commitments"), _("accountability"))
ABOUT = Column(
    "contribution", "contribution__receipt", _("Contribution"), _("The number of what it is about.")
)
PROMISE = Column("commitment", "commitment__pk", _("Commitment"), _("The number of the promise."), INTEGER, required=True, refers=("commitments", "id"))  # fmt: skip


def _promises() -> QuerySet[Any]:
    return Commitment.objects.visible_to(None)


add(
    Dataset(
        "answers",
        _("Answers of the city"),
        _("What the offices said to contributions, why, and by when it was due."),
        rows=lambda: OfficialAnswer.objects.visible_to(None),
        order=("published_at", "pk"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the answer."), INTEGER, key=True, required=True),
            process_column(),
            ABOUT,
            office_column(),
            Column("status", "status", _("Answer"), _("What the city says."), choices=tuple(OfficialAnswer.Status.choices), required=True),
            Column("reason_code", "reason_code", _("Reason in short"), _("The reason in a few words that can be counted."), choices=tuple(ReasonCode.choices)),
            Column("reason_de", "reason_de", _("Reason"), _("The reason of the office, in German."), required=True),
            Column("reason_en", "reason_en", _("Reason (en)"), _("The reason of the office, in English.")),
            Column("next_date", "next_date", _("Next date"), _("When people hear more."), DATE),
            Column("due", "due", _("Due"), _("Until when the answer was owed."), MOMENT),
            Column("published", "published_at", _("Published"), _("When it became public."), MOMENT, required=True),
        ),
        chart="status",
        keywords=KEPT_WORD,
    )
)  # fmt: skip

add(
    Dataset(
        "commitments",
        _("Promises of the city"),
        _("What was promised, by when, with how much money, and when it was delivered."),
        rows=_promises,
        order=("promised_at", "pk"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the promise."), INTEGER, key=True, required=True),
            process_column(),
            ABOUT,
            office_column(),
            *in_both("title", "title", _("Title"), _("What is promised.")),
            Column("budget", "budget", _("Budget"), _("The money set aside for it."), NUMBER, unit=_("euros")),
            Column("spent", "spent", _("Spent"), _("What was spent so far."), NUMBER, unit=_("euros"), required=True),
            Column("first_due", "first_due", _("First promised for"), _("The day that was promised first."), DATE, required=True),
            Column("due", "due", _("Done by"), _("The day that counts now."), DATE, required=True),
            Column("promised", "promised_at", _("Promised"), _("When it was promised."), MOMENT, required=True),
            Column("started", "started_at", _("Started"), _("When the work began."), MOMENT),
            Column("delivered", "delivered_at", _("Delivered"), _("When it was there."), MOMENT),
            Column("given_up", "given_up_at", _("Given up"), _("When the city gave it up; the reason is on its page."), MOMENT),
            Column("address", F("pk"), _("Page"), _("The address of its page."), ADDRESS, show=address_of("commitments/"), required=True),
        ),
        chart="office",
        keywords=KEPT_WORD,
    )
)  # fmt: skip

add(
    Dataset(
        "milestones",
        _("Steps of the promises"),
        _("The steps of every promise, each with its own day."),
        rows=lambda: Milestone.objects.filter(commitment__in=_promises()),
        order=("commitment", "order"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the step."), INTEGER, key=True, required=True),
            PROMISE,
            *in_both("name", "name", _("Name"), _("What the step is called.")),
            Column("due", "due", _("Done by"), _("The day that counts now."), DATE, required=True),
            Column("done", "done_at", _("Done"), _("When the step was done."), MOMENT),
        ),
        keywords=KEPT_WORD,
    )
)  # fmt: skip

add(
    Dataset(
        "delays",
        _("Delays"),
        _("Every time a promise was moved to a later day: from when to when, and why."),
        rows=lambda: Delay.objects.filter(commitment__in=_promises()),
        order=("at", "id"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the delay."), INTEGER, key=True, required=True),
            PROMISE,
            Column("old_due", "old_due", _("From"), _("The day before."), DATE, required=True),
            Column("new_due", "new_due", _("To"), _("The day after."), DATE, required=True),
            Column("reason_de", "reason_de", _("Reason"), _("The reason of the office, in German."), required=True),
            Column("reason_en", "reason_en", _("Reason (en)"), _("The reason of the office, in English.")),
            Column("at", "at", _("When"), _("When people were told."), MOMENT, required=True),
        ),
        keywords=KEPT_WORD,
    )
)  # fmt: skip


def _share(kept: int, of: int) -> Decimal | None:
    """Of a hundred, with one place; None where nothing is to be counted."""
    return (Decimal(100 * kept) / of).quantize(Decimal("0.1")) if of else None


def _answers(at: datetime) -> Decimal | None:
    rows = clocks.rates(at)
    return _share(sum(row.kept for row in rows), sum(row.of for row in rows))


def _kept(at: datetime) -> Decimal | None:
    kept = queries.kept_on_time(at)
    return _share(kept.kept, kept.of)


def _people(at: datetime) -> int:
    found = Entry.objects.filter(
        verb__in=reports.TOOK_PART, actor_id__isnull=False, process_id__in=Process.objects.published().values("pk")
    )  # fmt: skip
    return found.aggregate(n=Count("actor_id", distinct=True))["n"] or 0


metrics.add(
    Metric(
        "people",
        _("People"),
        _("People who took part with an account."),
        _("Everybody who wrote, supported or commented in a public process, each once; ballots are secret and counted apart."),
        value=_people,
        unit=_("people"),
        people=True,
    )
)  # fmt: skip
metrics.add(
    Metric(
        "answers-on-time",
        _("Answered on time"),
        _("Answers that came by the date the city fixed."),
        _("Of a hundred contributions that have an outcome or whose date has passed: those answered by the date fixed at the publication."),
        value=_answers,
        unit="%",
    )
)  # fmt: skip
metrics.add(
    Metric(
        "promises-on-time",
        _("Kept on time"),
        _("Promises that were delivered by the day promised first."),
        _("Of a hundred promises that are delivered, given up or whose first day has passed: those delivered by that day."),
        value=_kept,
        unit="%",
    )
)  # fmt: skip
