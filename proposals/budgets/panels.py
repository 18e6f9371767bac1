"""What the room shows on other pages: the money of a process, and the studio's form for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from proposals.budgets import actions, rules
from proposals.budgets.forms import EnvelopeForm
from proposals.budgets.models import Envelope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process


def of_process(process: Process) -> dict[str, Any] | None:
    """The envelopes of a process, the largest first. One query."""
    envelopes = list(Envelope.objects.filter(process=process).select_related("place"))
    return {"envelopes": envelopes} if envelopes else None


def _reserves(process: Process) -> list[dict[str, Any]]:
    """The reserved shares as they are set now: those of the first vote."""
    return list(rules.ballots_of(process)[0].opts.reserves)


def studio(process: Process, person: Person, at: datetime) -> dict[str, Any] | None:
    """The form of the studio: only for a process with a vote in it."""
    if not rules.ballots_of(process):
        return None
    envelope = Envelope.objects.filter(process=process, place=None).first()
    return {
        "form": EnvelopeForm(instance=envelope, reserves=_reserves(process)),
        "envelope": envelope,
        "answer": rules.may_set_envelope(person, process, at),
    }


def handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    envelope = Envelope.objects.filter(process=process, place=None).first()
    form = EnvelopeForm(data, instance=envelope, reserves=_reserves(process))
    if not form.is_valid():
        return form
    actions.set_envelope(
        process=process,
        amount=form.cleaned_data["amount"],
        by=person,
        at=at,
        reserves=form.reserves(),
        title={"de": form.cleaned_data["title_de"], "en": form.cleaned_data["title_en"]},
    )
    return None
