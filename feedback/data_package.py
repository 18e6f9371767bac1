"""What comes back, in a data package: answers, and promises with their steps, delays, money and news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from cocreation.data_package import (
    Arrival,
    Records,
    amount,
    facts,
    in_both,
    kinds_inside,
    money,
    name,
    prose,
    prose_in_both,
    records,
    written,
)
from cocreation.models import Contribution, Process
from cocreation.packages import text_of
from cocreation.reading import day, listing, maybe, moment, number, one_of, record, slug
from feedback.models import (
    Commitment,
    Delay,
    Ending,
    EvaluationReport,
    HandOver,
    Milestone,
    OfficialAnswer,
    Spending,
    Update,
)
from feedback.models.answers import ReasonCode, SignedAs

# --- answers ---

_answer = record(
    {
        "on": name, "office": slug(60), "status": one_of(OfficialAnswer.Status.values),
        "reason_code": one_of(["", *ReasonCode.values]), "reason": prose_in_both(2000), "link": prose(300),
        "next_date": maybe(day), "published_at": moment, "signed_as": one_of(["", *SignedAs.values]), "due": maybe(moment),
    },
    ("on", "office", "status", "reason_code", "reason", "link", "next_date", "published_at", "signed_as", "due"),
)  # fmt: skip


def _answers(process: Process) -> Iterator[dict[str, Any]]:
    rows = OfficialAnswer.objects.visible_to(None).filter(
        process=process, contribution__kind__in=kinds_inside()
    )
    for each in rows.select_related("contribution", "office").order_by("published_at", "pk").iterator(chunk_size=1000):  # fmt: skip
        yield {
            "on": each.contribution.receipt,
            "office": each.office.slug,
            **{field: getattr(each, field) for field in ("status", "reason_code", "link", "signed_as")},
            "reason": text_of(each, "reason"),
            "next_date": _day(each.next_date),
            "published_at": written(each.published_at),
            "due": written(each.due),
        }


def _load_answer(line: dict[str, Any], arrival: Arrival) -> None:
    found = OfficialAnswer(
        contribution=arrival.contribution(line["on"], "on"), process=arrival.here(), office=arrival.office(line["office"]),
        next_date=_read_day(line["next_date"]),
        **{field: line[field] for field in ("status", "reason_code", "link", "signed_as", "published_at", "due")},
    )  # fmt: skip
    in_both(found, "reason", line["reason"])
    found.save(force_insert=True)


records.add("answer", Records("answer", _("Answers of the city"), 60, _answer, _answers, _load_answer))

# --- promises ---

_MOMENTS = ("promised_at", "started_at", "delivered_at", "evaluated_at", "given_up_at", "moved_at")
_WORKS = ("works_yes", "works_partly", "works_no")
_step = record({"name": prose_in_both(80, 1), "due": day, "done_at": maybe(moment), "order": number(0, 32_000)}, ("name", "due", "done_at", "order"))  # fmt: skip
_delay = record({"old_due": day, "new_due": day, "reason": prose_in_both(600, 1), "at": moment}, ("old_due", "new_due", "reason", "at"))  # fmt: skip
_spending = record({"day": day, "amount": money, "what_for": prose_in_both(140, 1), "at": moment}, ("day", "amount", "what_for", "at"))  # fmt: skip
_hand_over = record({"old_office": slug(60), "new_office": slug(60), "reason": prose_in_both(600, 1), "at": moment}, ("old_office", "new_office", "reason", "at"))  # fmt: skip
_ending = record({"reason": prose_in_both(1000, 1), "at": moment}, ("reason", "at"))
_update = record({"text": prose_in_both(1500, 1), "at": moment}, ("text", "at"))
_commitment = record(
    {
        "on": maybe(name), "office": slug(60), "title": prose_in_both(140, 1), "text": prose_in_both(1500),
        "budget": maybe(money), "spent": money, "due": day, "first_due": day, "evaluate_by": maybe(day),
        **{field: maybe(moment) if field not in ("promised_at", "moved_at") else moment for field in _MOMENTS},
        **dict.fromkeys(_WORKS, number(0, 10**9)),
        "milestones": listing(_step, 1000), "delays": listing(_delay, 1000), "spendings": listing(_spending, 10_000),
        "hand_overs": listing(_hand_over, 1000), "ending": maybe(_ending), "updates": listing(_update, 10_000),
    },
    ("on", "office", "title", "text", "budget", "spent", "due", "first_due", "evaluate_by", *_MOMENTS, *_WORKS, "milestones",
     "delays", "spendings", "hand_overs", "ending", "updates"),
)  # fmt: skip


def _commitments(process: Process) -> Iterator[dict[str, Any]]:
    rows = (
        Commitment.objects.public()
        .filter(process=process)
        .filter(Q(contribution__isnull=True) | Q(contribution__kind__in=kinds_inside()))
        .select_related("contribution", "office", "ending")
        .prefetch_related(
            Prefetch("milestones", Milestone.objects.order_by("order")),
            Prefetch("delays", Delay.objects.order_by("at", "id")),
            Prefetch("spendings", Spending.objects.order_by("day", "id")),
            Prefetch("hand_overs", HandOver.objects.select_related("old_office", "new_office").order_by("at", "id")),
            Prefetch(
                "updates",
                Update.objects.filter(contribution__in=Contribution.objects.visible_to(None).values("pk")).order_by("at", "pk"),
            ),
        )
        .order_by("promised_at", "pk")
    )  # fmt: skip
    for each in rows.iterator(chunk_size=500):
        ending = getattr(each, "ending", None)
        yield {
            "on": each.contribution.receipt if each.contribution else None,
            "office": each.office.slug,
            "title": text_of(each, "title"),
            "text": text_of(each, "text"),
            "budget": amount(each.budget),
            "spent": amount(each.spent),
            **{field: _day(getattr(each, field)) for field in ("due", "first_due", "evaluate_by")},
            **{field: written(getattr(each, field)) for field in _MOMENTS},
            **{field: getattr(each, field) for field in _WORKS},
            "milestones": [
                {"name": text_of(step, "name"), "due": _day(step.due), "done_at": written(step.done_at), "order": step.order}
                for step in each.milestones.all()
            ],
            "delays": [
                {"old_due": _day(row.old_due), "new_due": _day(row.new_due), "reason": text_of(row, "reason"), "at": written(row.at)}
                for row in each.delays.all()
            ],
            "spendings": [
                {"day": _day(row.day), "amount": amount(row.amount), "what_for": text_of(row, "what_for"), "at": written(row.at)}
                for row in each.spendings.all()
            ],
            "hand_overs": [
                {"old_office": row.old_office.slug, "new_office": row.new_office.slug, "reason": text_of(row, "reason"), "at": written(row.at)}
                for row in each.hand_overs.all()
            ],
            "ending": {"reason": text_of(ending, "reason"), "at": written(ending.at)} if ending else None,
            "updates": [{"text": text_of(row, "text"), "at": written(row.at)} for row in each.updates.all()],
        }  # fmt: skip


def _load_commitment(line: dict[str, Any], arrival: Arrival) -> None:
    found = Commitment(
        contribution=arrival.contribution(line["on"], "on"), process=arrival.here(), office=arrival.office(line["office"]),
        budget=line["budget"], spent=line["spent"],
        **{field: _read_day(line[field]) for field in ("due", "first_due", "evaluate_by")},
        **{field: line[field] for field in (*_MOMENTS, *_WORKS)},
    )  # fmt: skip
    in_both(found, "title", line["title"])
    in_both(found, "text", line["text"])
    found.save(force_insert=True)
    for step in line["milestones"]:
        _row(Milestone(commitment=found, due=date.fromisoformat(step["due"]), done_at=step["done_at"], order=step["order"]), step, "name")  # fmt: skip
    for row in line["delays"]:
        _row(Delay(commitment=found, old_due=date.fromisoformat(row["old_due"]), new_due=date.fromisoformat(row["new_due"]), at=row["at"]), row, "reason")  # fmt: skip
    for row in line["spendings"]:
        _row(Spending(commitment=found, day=date.fromisoformat(row["day"]), amount=row["amount"], at=row["at"]), row, "what_for")  # fmt: skip
    for n, row in enumerate(line["hand_overs"], start=1):
        before, after = (arrival.office(row[key], f"hand_overs[{n}].{key}") for key in ("old_office", "new_office"))  # fmt: skip
        _row(HandOver(commitment=found, old_office=before, new_office=after, at=row["at"]), row, "reason")
    if line["ending"]:
        _row(Ending(commitment=found, at=line["ending"]["at"]), line["ending"], "reason")
    for row in line["updates"]:
        under = Contribution(
            kind="update", process=arrival.here(), channel=Contribution.Channel.IMPORT, created_at=row["at"]
        )
        under.publish(row["at"])
        under.save()
        _row(Update(contribution=under, commitment=found, at=row["at"]), row, "text")


def _row(thing: Any, told: dict[str, Any], words: str) -> None:
    in_both(thing, words, told[words])
    thing.save(force_insert=True)


records.add("commitment", Records("commitment", _("Promises"), 61, _commitment, _commitments, _load_commitment))  # fmt: skip

# --- the report ---

_TEXTS = ("learned", "changes")
_report = record(
    {"numbers": facts, "learned": prose_in_both(3000, 1), "changes": prose_in_both(2000), "due": day, "published_at": moment},
    ("numbers", "learned", "changes", "due", "published_at"),
)  # fmt: skip


def _reports(process: Process) -> Iterator[dict[str, Any]]:
    for each in EvaluationReport.objects.filter(process=process):
        yield {
            "numbers": each.numbers,
            **{field: text_of(each, field) for field in _TEXTS},
            "due": _day(each.due),
            "published_at": written(each.published_at),
        }


def _load_report(line: dict[str, Any], arrival: Arrival) -> None:
    found = EvaluationReport(
        process=arrival.here(), numbers=line["numbers"], due=date.fromisoformat(line["due"]), published_at=line["published_at"]
    )  # fmt: skip
    for field in _TEXTS:
        in_both(found, field, line[field])
    found.save(force_insert=True)


records.add("report", Records("report", _("The evaluation report"), 62, _report, _reports, _load_report))


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _read_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
