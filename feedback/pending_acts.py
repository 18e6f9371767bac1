"""What somebody who is not known yet says or takes on: kept until they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import pending
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import PendingAct
    from feedback.models import Commitment, Task
    from groundwork.answer import Answer


def keep(
    commitment: Commitment, value: str, *, person: Person | None, answer: Answer, at: datetime
) -> PendingAct:
    return pending.keep(
        "works",
        {"commitment": commitment.pk, "value": value, "title": commitment.title},
        process=commitment.process,
        at=at,
        person=person,
        answer=answer,
        instead_of={"commitment": commitment.pk},
    )


def complete(person: Person, payload: dict[str, Any], at: datetime) -> str:
    from feedback.actions import say_whether_it_works
    from feedback.models import Commitment

    commitment = Commitment.objects.visible_to(person).filter(pk=payload["commitment"]).first()
    if commitment is None:
        raise Refused(No(_("This is not public any more.")))
    say_whether_it_works(commitment=commitment, value=payload["value"], by=person, at=at)
    return commitment.get_absolute_url()


pending.acts.add(
    "works",
    pending.PendingKind(
        "works", _("Your answer whether it works"), complete, lambda payload: str(payload.get("title", ""))
    ),
)


def keep_taking_on(
    task: Task, *, is_named: bool, person: Person | None, answer: Answer, at: datetime
) -> PendingAct:
    """For whom else they may take it on is not known before they are: it is for themselves."""
    return pending.keep(
        "take_on",
        {"task": task.pk, "is_named": is_named, "title": task.title},
        process=task.commitment.process,
        at=at,
        person=person,
        answer=answer,
        instead_of={"task": task.pk},
    )


def complete_taking_on(person: Person, payload: dict[str, Any], at: datetime) -> str:
    from feedback.actions import take_on
    from feedback.models import Commitment, Task

    visible = Commitment.objects.visible_to(person)
    task = Task.objects.filter(pk=payload["task"], commitment__in=visible).first()
    if task is None:
        raise Refused(No(_("This is not public any more.")))
    take_on(task=task, by=person, at=at, is_named=payload["is_named"])
    return f"{task.commitment.get_absolute_url()}#t{task.pk}"


pending.acts.add(
    "take_on",
    pending.PendingKind(
        "take_on",
        _("The task you take on"),
        complete_taking_on,
        lambda payload: str(payload.get("title", "")),
    ),
)
