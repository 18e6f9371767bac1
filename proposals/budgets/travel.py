"""The money of a process travels with it, in a package to another city or as a proposal of what it could be."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cocreation import reading
from proposals.budgets.actions import bring_envelope
from proposals.budgets.models import Envelope

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

_read = reading.record({"amount": reading.money, "title": reading.both(120)}, ("amount",))


def dump(process: Process) -> dict[str, Any] | None:
    envelope = Envelope.objects.filter(process=process, place=None).first()
    if envelope is None:
        return None
    title = {language: getattr(envelope, f"title_{language}") or "" for language in reading.LANGUAGES}
    return {"amount": str(envelope.amount), "title": title}


def check(data: Any, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {"title": {}} | _read(data, where)
    if Decimal(found["amount"]) <= 0:
        reading.refuse(f"{where}.amount", Envelope._meta.constraints[0].violation_error_message or "")  # type: ignore[attr-defined]
    return found


def load(process: Process, data: dict[str, Any], by: Person, at: datetime) -> None:
    bring_envelope(process=process, amount=Decimal(data["amount"]), title=data["title"])
