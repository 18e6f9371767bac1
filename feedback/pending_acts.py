"""The answer to "does it work?" of somebody who is not known yet: kept until they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import pending
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import PendingAct
    from feedback.models import Commitment
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
