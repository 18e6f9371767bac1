"""What the room shows on other pages: the money of a process, and the studio's form for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from proposals.budgets import actions, rules
from proposals.budgets.dividing import candidates
from proposals.budgets.division_form import HEADS, DivisionForm
from proposals.budgets.forms import EnvelopeForm
from proposals.budgets.models import Division, Envelope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process


def of_process(process: Process) -> dict[str, Any] | None:
    """The envelopes of a process, the largest first, and how it is divided. Two queries."""
    envelopes = list(Envelope.objects.filter(process=process).select_related("place"))
    if not envelopes:
        return None
    division = (
        Division.objects.filter(process=process).annotate(places=Count("shares")).order_by("-number").first()
    )
    return {"envelopes": envelopes, "division": division, "process": process}


def _reserves(process: Process) -> list[dict[str, Any]]:
    """The shares reserved for themes as they are set now: those of the first vote."""
    return list(rules.ballots_of(process)[0].opts.reserves)


def studio(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    """The form of the studio, for a process with a vote in it."""
    envelope = Envelope.objects.filter(process=process, place=None).first()
    return {
        "form": EnvelopeForm(instance=envelope, reserves=_reserves(process)),
        "envelope": envelope,
        "by_place": bool(rules.ballots_of(process)[0].opts.by_place),
        "answer": rules.may_set_envelope(person, process, at),
    }


def _division_form(
    process: Process, data: Mapping[str, Any] | None = None, *, preview: bool = False
) -> DivisionForm:
    envelope = Envelope.objects.filter(process=process, place=None).first()
    versions = Division.objects.filter(process=process).prefetch_related("shares__place")
    before = versions.order_by("-number").first()
    return DivisionForm(
        data,
        places=candidates(process),
        before=before,
        total=envelope.amount if envelope else None,
        says_why=process.is_published and before is not None,
        preview=preview,
    )


def shares_studio(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    """How the money is divided over places, for a process with a vote in it."""
    form, answer = _division_form(process), rules.may_divide(person, process, at)
    if not answer:
        form.ask_no_reason()
    return {
        "form": form,
        "places": form.places,
        "heads": list(HEADS.values()),
        "division": form.before,
        "answer": answer,
        "process": process,
    }


def handle_shares(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    """A preview comes back as it was typed; otherwise a new version is published."""
    preview = data.get("do") == "preview"
    form = _division_form(process, data, preview=preview)
    if not form.is_valid() or not form.places or preview:
        return form
    actions.publish_division(process=process, plan=form.plan(), by=person, at=at)
    return None


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
