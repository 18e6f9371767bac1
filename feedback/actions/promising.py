"""The only place where commitments change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office, Process
from feedback import rules
from feedback.actions.stages import by_language, lock_proposal, move_on
from feedback.models import ASK_FOR, Commitment, Delay, Milestone, Spending, day_of
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.models import Stage

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Step:
    """A milestone to come: its name by language and its day."""

    name: dict[str, str]
    due: date


@transaction.atomic
def promise(
    *,
    process: Process,
    office: Office,
    title: dict[str, str],
    due: date,
    by: Person,
    at: datetime,
    contribution: Contribution | None = None,
    text: dict[str, str] | None = None,
    budget: Decimal | None = None,
    milestones: Sequence[Step] = (),
) -> Commitment:
    """Make a commitment: an office, a date, money, and the steps on the way. Texts by language."""
    proposal = lock_proposal(contribution.pk) if contribution else None
    if contribution is not None:
        contribution = Contribution.objects.select_related("process").get(pk=contribution.pk)
        process = contribution.process
    require(rules.may_promise(by, office, contribution, at))
    if process.is_dry_run:
        raise Refused(No(_("In a dry run nothing is promised.")))
    if due < day_of(at):
        raise Refused(No(_("The date of a promise lies in the future.")))
    commitment = Commitment(
        contribution=contribution,
        process=process,
        office=office,
        budget=budget,
        due=due,
        first_due=due,
        promised_at=at,
        moved_at=at,
        **by_language("title", title),
        **by_language("text", text or {}),
    )
    commitment.full_clean(exclude=["title", "text"])
    commitment.save()
    for order, step in enumerate(milestones, 1):
        milestone = Milestone(
            commitment=commitment, due=step.due, order=order, **by_language("name", step.name)
        )
        milestone.full_clean(exclude=["name"])
        milestone.save()
    move_on(proposal, Stage.PROMISED, at=at, by=by, office=office, data={"due": due.isoformat()})
    record("commitment.promised", commitment, by=by, at=at, due=due.isoformat())
    return commitment


@transaction.atomic
def start(*, commitment: Commitment, by: Person, at: datetime) -> Commitment:
    """Work has begun."""
    commitment = locked(commitment)
    require(rules.may_start(by, commitment))
    _begin(commitment, by=by, at=at)
    commitment.save(update_fields=["started_at", "moved_at"])
    return commitment


@transaction.atomic
def complete_milestone(
    *, milestone: Milestone, by: Person, at: datetime, spent: Decimal | None = None
) -> Milestone:
    """A step is done. The first one starts the work; `spent` brings the money up to date."""
    commitment = locked(milestone.commitment)
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    milestone.commitment = commitment
    require(rules.may_complete(by, milestone))
    if not commitment.started_at:
        _begin(commitment, by=by, at=at)
    milestone.done_at = at
    milestone.save(update_fields=["done_at"])
    _pay(
        commitment,
        spent,
        lambda: gettext("Up to the step “%(step)s”") % {"step": milestone.name},
        by=by,
        at=at,
    )
    commitment.moved_at = at
    commitment.full_clean(exclude=["title", "text"])
    commitment.save(update_fields=["started_at", "moved_at", "spent"])
    record("milestone.done", commitment, by=by, at=at, milestone=milestone.pk)
    return milestone


@transaction.atomic
def delay_commitment(
    *, commitment: Commitment, new_due: date, reason: dict[str, str], by: Person, at: datetime
) -> Delay:
    """It takes longer: a new date and the reason, shown beside the old date for ever."""
    commitment = locked(commitment)
    require(rules.may_delay(by, commitment))
    if new_due < day_of(at):
        raise Refused(No(_("The date of a promise lies in the future.")))
    delay = Delay(
        commitment=commitment,
        old_due=commitment.due,
        new_due=new_due,
        at=at,
        by=by,
        **by_language("reason", reason),
    )
    delay.full_clean(exclude=["reason"])
    delay.save()
    commitment.due, commitment.moved_at = new_due, at
    commitment.save(update_fields=["due", "moved_at"])
    record(
        "commitment.delayed",
        commitment,
        by=by,
        at=at,
        old_due=delay.old_due.isoformat(),
        due=new_due.isoformat(),
        delay=delay.pk,
    )
    return delay


@transaction.atomic
def deliver(
    *,
    commitment: Commitment,
    by: Person,
    at: datetime,
    spent: Decimal | None = None,
    text: dict[str, str] | None = None,
) -> Commitment:
    """It is there. From now on people are asked whether it works."""
    commitment = locked(commitment)
    require(rules.may_deliver(by, commitment))
    commitment.started_at = commitment.started_at or at
    commitment.delivered_at, commitment.moved_at = at, at
    commitment.evaluate_by = day_of(at + ASK_FOR)
    _pay(commitment, spent, lambda: gettext("Final account"), by=by, at=at)
    for name, value in by_language("text", text or {}).items():
        setattr(commitment, name, value)
    commitment.full_clean(exclude=["title", "text"])
    commitment.save()
    move_on(
        lock_proposal(commitment.contribution_id), Stage.DELIVERED, at=at, by=by, office=commitment.office,
        data={"spent": str(commitment.spent)},
    )  # fmt: skip
    record("commitment.delivered", commitment, by=by, at=at, on_time=commitment.was_on_time)
    return commitment


@transaction.atomic
def evaluate(
    *, commitment: Commitment, by: Person, at: datetime, text: dict[str, str] | None = None
) -> Commitment:
    """The office says what was learned; the question to the people closes. `text` by language replaces how it stands."""
    commitment = locked(commitment)
    require(rules.may_evaluate(by, commitment))
    commitment.evaluated_at, commitment.moved_at = at, at
    for name, value in by_language("text", text or {}).items():
        setattr(commitment, name, value)
    commitment.full_clean(exclude=["title", "text"])
    commitment.save()
    move_on(
        lock_proposal(commitment.contribution_id), Stage.EVALUATED, at=at, by=by, office=commitment.office
    )
    record("commitment.evaluated", commitment, by=by, at=at, answers=commitment.opinions_count)
    return commitment


# --- what the actions share ---


def locked(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("office", "process", "contribution")
        .get(pk=commitment.pk)
    )


def _begin(commitment: Commitment, *, by: Person, at: datetime) -> None:
    commitment.started_at, commitment.moved_at = at, at
    move_on(
        lock_proposal(commitment.contribution_id), Stage.UNDER_WAY, at=at, by=by, office=commitment.office
    )
    record("commitment.started", commitment, by=by, at=at)


def _pay(
    commitment: Commitment, spent: Decimal | None, what_for: Callable[[], str], *, by: Person, at: datetime
) -> None:
    """Bring the sum to `spent`: what is missing becomes an entry of the list, in both languages."""
    if spent is None or spent == commitment.spent:
        return
    words = {}
    for language in ("de", "en"):
        with translation.override(language):
            words[language] = what_for()[:140]
    Spending.objects.create(
        commitment=commitment, day=day_of(at), amount=spent - commitment.spent, at=at, by=by,
        **by_language("what_for", words),
    )  # fmt: skip
    set_spent(commitment)


def set_spent(commitment: Commitment) -> None:
    """The sum of its entries, on the object; whoever calls saves it."""
    found = Spending.objects.filter(commitment=commitment).aggregate(sum=Sum("amount"))
    commitment.spent = found["sum"] or Decimal(0)


def record(verb: str, commitment: Commitment, *, by: Person | None, at: datetime, **facts: Any) -> None:
    journal.record(
        verb,
        by=by,
        on=commitment,
        process=commitment.process_id,
        at=at,
        data={"contribution": commitment.contribution_id, "office": commitment.office.slug, **facts},
    )
