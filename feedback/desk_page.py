"""What the desk shows beside the steps of a promise, and which lists of winners wait to be promised."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from cocreation.models import Phase, Process
from feedback import keeping_rules as rules
from feedback.forms import offices_of
from feedback.keeping_forms import GiveUpForm, HandOverForm, ReopenForm, SpendForm, TaskForm
from feedback.life import again_possible
from feedback.models import Commitment, OfficialAnswer, Spending, day_of
from feedback.page import tasks_of
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.roles import Roles


def officials(roles: Roles) -> bool:
    """The door of the desk's pages about answers and promises."""
    return roles.may_assess


def keeping_context(found: Commitment, at: datetime) -> dict[str, Any]:
    """The forms of the desk beside the steps of a promise; templates/feedback/desk_keeping.html draws them."""
    again = again_possible(found) if found.delivered_at else False
    return {
        "spendings": list(Spending.objects.filter(commitment=found)),
        "offered": [] if found.given_up_at else tasks_of(found, None, at)[0],
        "spend_form": SpendForm(initial={"day": day_of(at)}),
        "give_up_form": GiveUpForm(),
        "hand_form": HandOverForm(found),
        "task_form": TaskForm(),
        "again_form": ReopenForm(open_for_ideas(at)) if again else None,
        "too_few": rules.TOO_FEW,
    }


def open_for_ideas(at: datetime) -> list[Phase]:
    """Phases that collect ideas now, of processes everybody sees."""
    found = Phase.objects.filter(
        starts__lte=at, ends__gt=at, process__published_at__isnull=False, process__stopped_at__isnull=True
    ).select_related("process")
    return [phase for phase in found if "propose" in phase.acts]


def to_promise() -> QuerySet[Proposal]:
    """Chosen in a vote, or answered with a yes, and not promised yet."""
    newest = OfficialAnswer.objects.filter(contribution=OuterRef("pk")).order_by("-published_at", "-pk")
    promised = Commitment.objects.filter(contribution=OuterRef("pk"))
    yes = [OfficialAnswer.Status.ACCEPTED, OfficialAnswer.Status.PARTLY_ACCEPTED]
    return (
        Proposal.objects.public()
        .annotate(said=Subquery(newest.values("status")[:1]))
        .filter(Q(stage=Stage.CHOSEN) | Q(stage=Stage.ANSWERED, said__in=yes), ~Exists(promised))
    )


def waiting_lists(person: Person) -> list[Process]:
    """Processes with something to promise for this person's offices, with `waiting`. One query."""
    offices = [office.pk for office in offices_of(person)]
    found = to_promise().filter(Q(process__office__in=offices) | Q(assessments__office__in=offices))
    return list(
        Process.objects.filter(proposals__in=found.values("pk"))
        .annotate(waiting=Count("proposals", filter=Q(proposals__in=found.values("pk")), distinct=True))
        .order_by("pk")
    )
