"""The only place where the money changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cocreation import history
from cocreation.models import Phase, Place, Process
from groundwork.answer import require
from groundwork.journal import api as journal
from proposals.budgets import rules
from proposals.budgets.models import Envelope

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def set_envelope(
    *,
    process: Process,
    amount: Decimal,
    title: Mapping[str, str],
    by: Person,
    at: datetime,
    place: Place | None = None,
    reserves: Sequence[Mapping[str, Any]] | None = None,
) -> Envelope:
    """So much money is there. The budget of the whole process is also the budget of its coming votes.

    `reserves` are shares of it that go first to projects of a theme, `{"theme": slug, "percent": int}`; None leaves
    them as they are.
    """
    process = Process.objects.select_for_update().get(pk=process.pk)
    phases = list(Phase.objects.select_for_update().filter(process=process, method=rules.BALLOT))
    require(rules.may_set_envelope(by, process, at))
    require(rules.are_shares(reserves or ()))
    envelope = Envelope.objects.filter(process=process, place=place).first() or Envelope(
        process=process, place=place
    )
    before = {"amount": str(envelope.amount) if envelope.pk else ""}
    envelope.amount = amount
    for language in ("de", "en"):
        setattr(envelope, f"title_{language}", title.get(language, ""))
    envelope.full_clean()
    envelope.save()
    if place is None:
        for phase in phases:
            kept = phase.opts.reserves if reserves is None else [dict(reserve) for reserve in reserves]
            phase.set_opts(replace(phase.opts, budget=amount, reserves=kept))
            phase.save(update_fields=["options"])
    history.note(
        process=process, what="budget", by=by, at=at, before=before, after={"amount": str(envelope.amount)}
    )
    journal.record("budget.set", by=by, on=envelope, process=process, at=at, data={"amount": str(amount)})
    return envelope


def bring_envelope(*, process: Process, amount: Decimal, title: Mapping[str, str]) -> Envelope:
    """The money a draft comes with when it is taken over: its phases bring their budget themselves."""
    envelope = Envelope(process=process, amount=amount)
    for language in ("de", "en"):
        setattr(envelope, f"title_{language}", title.get(language, ""))
    envelope.full_clean()
    envelope.save()
    return envelope
