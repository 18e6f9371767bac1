"""A note and a preference wait until a visitor has identified."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import pending
from groundwork.answer import No, Refused
from proposals.models import Proposal
from proposals.variants.actions import note_at, prefer
from proposals.variants.models import Variant

if TYPE_CHECKING:
    from accounts.models import Person


def _variant(person: Person, payload: dict[str, Any]) -> Variant:
    seen = Proposal.objects.visible_to(person).filter(receipt=payload["receipt"])
    found = (
        Variant.objects.select_related("proposal__process")
        .filter(proposal__in=seen, number=payload["number"], removed_at__isnull=True)
        .first()
    )
    if found is None:
        raise Refused(No(_("This design is not public any more.")))
    return found


def complete_note(person: Person, payload: dict[str, Any], at: datetime) -> str:
    variant = _variant(person, payload)
    note_at(
        variant=variant, x=payload["x"], y=payload["y"], text=payload["text"], language=payload["language"],
        by=person, at=at,
    )  # fmt: skip
    return variant.get_absolute_url()


def complete_preference(person: Person, payload: dict[str, Any], at: datetime) -> str:
    variant = _variant(person, payload)
    prefer(variant=variant, choice=payload["choice"], by=person, at=at)
    return variant.get_absolute_url()


def _title(payload: dict[str, Any]) -> str:
    return str(payload.get("text") or payload.get("title", ""))[:120]


pending.acts.add(
    "annotate", pending.PendingKind("annotate", _("Your note"), complete_note, _title, act="comment")
)
pending.acts.add(
    "prefer", pending.PendingKind("prefer", _("Your preference"), complete_preference, _title, act="support")
)
