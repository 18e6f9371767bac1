"""From a count to a public result: two people who set up the process look at it and confirm, one after the other.

Until then no page, file, notice or stage of a project tells what came out. The first confirmation is the question of
four eyes, the second its answer (cocreation/four_eyes.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cocreation import four_eyes, roles
from cocreation.desk import Urgent
from cocreation.models import Approval
from groundwork.answer import No, Refused, require
from proposals.ballots import late
from proposals.ballots.actions import publish_tally
from proposals.ballots.manifest import RESULT
from proposals.ballots.models import Tally, Vote

if TYPE_CHECKING:
    from accounts.models import Person

# People wait for a result: a count nobody confirmed for so long is overdue.
PATIENCE = timedelta(hours=24)


@transaction.atomic
def confirm_result(*, vote: Vote, by: Person, at: datetime) -> Tally:
    """Confirm that the count may be published. The first confirmation waits for the second, of another person."""
    tally = (
        Tally.objects.select_for_update(of=("self",)).select_related("vote__phase__process").get(pk=vote.pk)
    )
    process = tally.vote.phase.process
    require(roles.may_configure(by, process))
    if tally.published_at:
        raise Refused(No(gettext_lazy("This result is public already.")))
    require(late.may_publish(tally))
    first = Approval.objects.open().on(RESULT, tally.vote).first()
    if first is None:
        four_eyes.ask(
            what=RESULT,
            on=tally.vote,
            process=process,
            reason=_("Count looked at and confirmed"),
            by=by,
            at=at,
        )
    else:
        if first.asked_by_id == by.pk:
            raise Refused(
                No(gettext_lazy("You have confirmed already. The second one has to be somebody else."))
            )
        four_eyes.approve(approval=first, by=by, at=at)
    tally.refresh_from_db(fields=["published_at"])
    return tally


def publish(approval: Approval, by: Person, at: datetime) -> None:
    """What happens when the second person agrees."""
    publish_tally(Tally.objects.get(pk=int(approval.subject_key)), at=at, by=by)


# --- the queue ---


def to_publish(person: Person) -> QuerySet[Tally]:
    """Counts that wait and that this person may confirm, the oldest first."""
    scope = roles.roles_of(person).configures
    if not scope:
        return Tally.objects.none()
    return (
        Tally.objects.waiting()
        .filter(scope.narrow("vote__phase__process__"))
        .select_related("vote__phase__process")
        .order_by("at", "pk")
    )


def first_confirmations(tallies: list[Tally]) -> dict[int, Approval]:
    """By vote: who was the first of the two. One query."""
    keys = [str(tally.pk) for tally in tallies]
    found = Approval.objects.open().filter(what=RESULT, subject_label=Vote._meta.label, subject_key__in=keys)
    return {int(each.subject_key): each for each in found.select_related("asked_by")}


def count_waiting(person: Person, at: datetime) -> int:
    return to_publish(person).count()


def is_due(person: Person, at: datetime) -> bool:
    return to_publish(person).filter(at__lt=at - PATIENCE).exists()


def urgent(person: Person, at: datetime) -> list[Urgent]:
    return [
        Urgent(
            gettext_lazy("Confirm the result of the vote"),
            reverse("ballots:to_publish"),
            tally.vote.phase.process.title,
            tally.at + PATIENCE,
        )
        for tally in to_publish(person)[:3]
    ]
