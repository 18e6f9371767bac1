"""The queue "to assess": what offices have to assess in processes whose assessment is open, by due date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation.desk import Queue, Urgent, queues
from cocreation.duties import Duty, duties
from cocreation.models import Phase
from cocreation.roles import Roles, roles_of
from proposals.assessing import assessing, thresholds
from proposals.models import Assignment, Proposal, Revision, Stage

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

# Sorts behind every date.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def may_enter(roles: Roles) -> bool:
    return roles.may_read_work


def may_distribute(roles: Roles) -> bool:
    """Whoever may distribute the proposals of some process, or looks on."""
    return roles.may_assess or bool(roles.where("admin", "owner", "facilitator"))


def mine(person: Person) -> Q:
    """Whose assignments a person sees: those of their offices; who only observes, those of the processes they observe."""
    roles = roles_of(person)
    if roles.is_admin:
        return Q()
    return Q(office__in=roles.offices) | (
        roles.observes.narrow("proposal__process__") if roles.observes else Q(pk__in=[])
    )


def in_work(person: Person, at: datetime, phases: Sequence[Phase] | None = None) -> QuerySet[Assignment]:
    """The assignments this person sees, done or not, in processes that are assessed now. One query, and two for the phases."""
    phases = assessing(at) if phases is None else phases
    least = thresholds([phase.process_id for phase in phases])
    here = Q(pk__in=[])
    for phase in phases:
        enough = Q(proposal__supports__gte=least.get(phase.process_id, 0)) | Q(by__isnull=False)
        here |= Q(proposal__process=phase.process_id) & enough
    return Assignment.objects.held().filter(
        here, mine(person), proposal__is_public=True, proposal__stage__in=_ASSESSABLE
    )


_ASSESSABLE = (Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE)


def ordered(found: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """By due date, then by the order in which they came; with what a row shows."""
    newest = Revision.objects.filter(proposal=OuterRef("proposal")).order_by().values("proposal")
    return (
        found.select_related("proposal__process", "person")
        .defer("proposal__search")
        .annotate(
            by_when=Coalesce("due", Value(NEVER), output_field=DateTimeField()),
            newest=Subquery(newest.annotate(n=Max("number")).values("n")),
        )
    )


ORDER = ("by_when", "pk")


def views(person: Person, at: datetime) -> dict[str, tuple[Any, Q]]:
    """The views of the queue: name and condition. The first is what is to be done."""
    todo = Q(done_at__isnull=True)
    return {
        "open": (_("To do"), todo),
        "mine": (_("Mine"), todo & Q(person=person.pk)),
        "unassigned": (_("Nobody's yet"), todo & Q(person__isnull=True)),
        "waiting": (_("Waiting for the authors"), todo & Q(paused_until__gt=at)),
        "sign": (_("To countersign"), Q(submitted_at__isnull=False)),
        "changed": (
            _("Changed since"),
            Q(done_at__isnull=False, seen_revision__isnull=False, newest__gt=F("seen_revision")),
        ),
        "done": (_("Done"), Q(done_at__isnull=False)),
    }


def numbers(found: QuerySet[Assignment], person: Person, at: datetime) -> dict[str, int]:
    """How many each view holds. One query."""
    counted = {name: Count("pk", filter=condition) for name, (_words, condition) in views(person, at).items()}
    return ordered(found).order_by().aggregate(**counted)


def waiting(person: Person, at: datetime, phases: Sequence[Phase] | None = None) -> QuerySet[Assignment]:
    """What is to be done, by due date."""
    return ordered(in_work(person, at, phases).filter(done_at__isnull=True)).order_by(*ORDER)


def count(person: Person, at: datetime) -> int:
    return in_work(person, at).filter(done_at__isnull=True).count()


def is_due(person: Person, at: datetime) -> bool:
    return any(phase.ends and (phase.ends - at).days < 2 for phase in assessing(at))


def urgent(person: Person, at: datetime) -> list[Urgent]:
    return [
        Urgent(
            row.proposal.in_language("title"),
            reverse("proposals:assess", args=[row.proposal.receipt]),
            row.proposal.process.title,
            row.due,
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
        "assess", _("Assess"), "clipboard-check", "proposals:desk", count, may_enter,
        order=20, due=is_due, urgent=urgent,
    ),
)  # fmt: skip
