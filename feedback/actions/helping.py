"""Doing it together: tasks are offered, taken on, taken back, done; hours are counted as those who gave them say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from accounts.privacy import consents
from accounts.privacy.models import Consent
from feedback import keeping_rules as rules
from feedback.actions.promising import locked, record
from feedback.actions.stages import by_language
from feedback.models import Commitment, Pledge, Task, day_of
from groundwork.answer import No, Refused, require
from groundwork.shared_pages import marks

if TYPE_CHECKING:
    from accounts.models import Person

# To be thanked by name is a consent; what people read is what the ledger keeps.
NAMED = "named"
NAMED_WORDS = _(
    "Thank me by my public name, or in the name of the organisation. Without this only the hours are counted."
)


@transaction.atomic
def offer_task(
    *, commitment: Commitment, title: dict[str, str], people: int, hours: Decimal, until: date, by: Person,
    at: datetime,
) -> Task:  # fmt: skip
    """Something to do together, for everybody to see and take on."""
    commitment = locked(commitment)
    require(rules.may_offer_task(by, commitment))
    if until < day_of(at):
        raise Refused(No(_("The day lies in the past.")))
    task = Task(
        commitment=commitment, people=people, hours=hours, until=until, at=at, by=by, **by_language("title", title)
    )  # fmt: skip
    task.full_clean(exclude=["title"])
    task.save()
    record("task.offered", commitment, by=by, at=at, task=task.pk)
    return task


@transaction.atomic
def close_task(*, task: Task, by: Person, at: datetime) -> Task:
    """Nobody more is wanted; who has taken it on may still say how many hours it were."""
    task = _locked(task)
    require(rules.may_manage(by, task.commitment))
    if task.closed_at is None:
        task.closed_at = at
        task.save(update_fields=["closed_at"])
    return task


@transaction.atomic
def take_on(
    *, task: Task, by: Person, at: datetime, organisation: Organisation | None = None, is_named: bool = False
) -> Pledge:
    """One more hand, as long as some are wanted. `is_named` is their consent to be thanked by name."""
    task = _locked(task)
    standing = Pledge.objects.standing().filter(task=task)
    require(rules.may_take_on(by, task, at, standing.count()))
    if standing.filter(person=by).exists():
        raise Refused(No(_("You have taken this on already.")))
    member = Membership.objects.confirmed().filter(organisation=organisation, person=by)
    if organisation is not None and not member.exists():
        raise Refused(No(_("You can only speak for an organisation you are a confirmed member of.")))
    pledge = Pledge.objects.create(task=task, person=by, organisation=organisation, is_named=is_named, at=at)
    if is_named:
        consents.give(person=by, purpose=NAMED, thing=str(pledge.pk), channel=Consent.Channel.PAGE, at=at)
    # Who it is stands in the row alone: it must be possible to forget them.
    record("task.taken_on", task.commitment, by=None, at=at, task=task.pk)
    return pledge


@transaction.atomic
def take_back(*, pledge: Pledge, by: Person, at: datetime) -> Pledge:
    pledge = Pledge.objects.select_for_update().get(pk=pledge.pk)
    require(rules.may_change_pledge(by, pledge))
    pledge.withdrawn_at = at
    pledge.save(update_fields=["withdrawn_at"])
    consents.take_back(person=by, purpose=NAMED, thing=str(pledge.pk), channel=Consent.Channel.PAGE, at=at)
    return pledge


@transaction.atomic
def stop_naming(person: Person, thing: str, at: datetime) -> None:
    """They do not want to be thanked by name any more; the hours stay counted."""
    mine = Pledge.objects.filter(person=person, pk=int(thing) if thing.isdigit() else 0, is_named=True)
    if mine.update(is_named=False):
        marks.replace_after_commit(None)  # the name stands on pages kept for visitors
    consents.take_back(person=person, purpose=NAMED, thing=thing, channel=Consent.Channel.PAGE, at=at)


@transaction.atomic
def report_done(*, pledge: Pledge, hours: Decimal, by: Person, at: datetime) -> Pledge:
    """It is done: so many hours. Saying it again corrects the number."""
    pledge = (
        Pledge.objects.select_for_update(of=("self",)).select_related("task__commitment").get(pk=pledge.pk)
    )
    require(rules.may_change_pledge(by, pledge))
    pledge.hours_done, pledge.done_at = hours, pledge.done_at or at
    pledge.full_clean(exclude=["task", "organisation"])
    pledge.save(update_fields=["hours_done", "done_at"])
    record("task.done", pledge.task.commitment, by=None, at=at, task=pledge.task_id)
    return pledge


def _locked(task: Task) -> Task:
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related("commitment__office", "commitment__process")
        .get(pk=task.pk)
    )
