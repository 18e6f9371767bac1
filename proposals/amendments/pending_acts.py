"""A suggested change that waits until a visitor has identified. The hall keeps it and calls this."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import pending
from groundwork.answer import No, Refused
from proposals.amendments.actions import publish_amendment
from proposals.amendments.forms import suggestion_from
from proposals.amendments.models import Amendment
from proposals.amendments.passages import FIELDS, read_key
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person


def complete_amendment(person: Person, payload: dict[str, Any], at: datetime) -> str:
    """On the version it was written for: where the text was changed meanwhile, its page says so."""
    seen = Proposal.objects.visible_to(person).select_related("process")
    proposal = seen.filter(receipt=payload["receipt"]).first()
    if proposal is None:
        raise Refused(No(_("This proposal is not public any more.")))
    revision = proposal.revisions.filter(number=payload["revision"]).first()
    texts = {name: str(getattr(revision, name, "")) for name in FIELDS}
    passage = read_key(payload["passage"], texts)
    if revision is None or passage is None:
        raise Refused(No(_("The text has no such passage.")))
    mine = Amendment.objects.visible_to(person).filter(contribution__author=person)
    amendment = publish_amendment(
        proposal=proposal,
        revision=revision,
        suggestion=suggestion_from(payload, passage),
        by=person,
        at=at,
        instead_of=mine.filter(receipt=payload["instead"]).first() if payload.get("instead") else None,
    )
    return amendment.get_absolute_url()


pending.acts.add(
    "amend",
    pending.PendingKind(
        "amend",
        _("Your suggested change"),
        complete_amendment,
        lambda payload: str(payload.get("title", "")),
        act="amend",
    ),
)
