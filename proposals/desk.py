"""The queue "to assess": public proposals without a verdict in processes whose assessment is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation.desk import Queue, Urgent, queues
from cocreation.duties import Duty, duties
from cocreation.models import Phase
from cocreation.roles import roles_of
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process


def assessing(at: datetime) -> list[Phase]:
    """Open phases in which offices assess, the one that ends first in front."""
    open_now = Phase.objects.open(at).published().filter(acts__contains=["assess"])
    return list(open_now.select_related("process").order_by(F("ends").asc(nulls_last=True)))


def waiting(person: Person, at: datetime) -> QuerySet[Proposal]:
    """What waits, by due date; then by the number of people who wait for it. Below a process' threshold nothing waits.
    Who only observes sees the processes they observe."""
    phases, roles = assessing(at), roles_of(person)
    if not roles.may_assess:
        phases = [phase for phase in phases if roles.observes.covers(phase.process)]
    wanted = Q(pk__in=[])
    for phase in phases:
        wanted |= Q(process=phase.process_id, supports__gte=threshold(phase))
    return (
        Proposal.objects.filter(wanted, is_public=True, stage=Stage.RECEIVED)
        .select_related("contribution__author", "process")
        .annotate(due=_due(phases))
        .order_by("due", "-supports", "pk")
    )


def threshold(phase: Phase) -> int:
    """How many supports the collecting phase of the same process asks for."""
    collecting = Phase.objects.filter(process=phase.process_id, method="ideas").first()
    return getattr(collecting.opts, "threshold", 0) if collecting else 0


def _due(phases: Sequence[Phase]) -> object:
    from django.db.models import Case, IntegerField, Value, When

    cases = [When(process=phase.process_id, then=Value(number)) for number, phase in enumerate(phases)]
    return Case(*cases, default=Value(len(cases)), output_field=IntegerField())


def deadline(proposal: Proposal, phases: Sequence[Phase]) -> datetime | None:
    return next((phase.ends for phase in phases if phase.process_id == proposal.process_id), None)


def count(person: Person, at: datetime) -> int:
    return waiting(person, at).count()


def is_due(person: Person, at: datetime) -> bool:
    return any(phase.ends and (phase.ends - at).days < 2 for phase in assessing(at))


def urgent(person: Person, at: datetime) -> list[Urgent]:
    phases = assessing(at)
    return [
        Urgent(
            row.in_language("title"),
            reverse("proposals:assess", args=[row.receipt]),
            row.process.title,
            deadline(row, phases),
        )
        for row in waiting(person, at)[:3]
    ]


def owed(process: Process, at: datetime) -> list[Duty]:
    """For the hand-over: the proposals of this process without a verdict, by the end of its assessment. One query."""
    phase = next((phase for phase in process.line if "assess" in phase.acts and not phase.is_over(at)), None)
    if phase is None or process.is_stopped(at):
        return []
    least = next((getattr(p.opts, "threshold", 0) for p in process.line if p.method == "ideas"), 0)
    number = Proposal.objects.filter(
        process=process, is_public=True, stage=Stage.RECEIVED, supports__gte=least
    ).count()
    if not number:
        return []
    words = ngettext("{n} proposal to assess", "{n} proposals to assess", number).format(n=number)
    due = timezone.localdate(phase.ends) if phase.ends else None
    return [Duty(words, due, process.office.name, reverse("proposals:desk"))]


duties.add("assess", owed)

queues.add(
    "assess",
    Queue(
        "assess", _("Assess"), "clipboard-check", "proposals:desk", count, lambda roles: roles.may_read_work,
        order=20, due=is_due, urgent=urgent,
    ),
)  # fmt: skip
