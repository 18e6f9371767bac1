"""Acts that wait until a visitor has identified: a proposal, a support. The hall keeps them and calls these."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation import files, pending
from cocreation.models import Process
from groundwork.answer import No, Refused
from proposals import rules
from proposals.actions import publish_proposal, support_proposal
from proposals.forms import organisation_from, text_from
from proposals.living import living_page_of, set_aside
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person


def complete_proposal(person: Person, payload: dict[str, Any], at: datetime) -> str:
    process = Process.objects.filter(slug=payload["process"]).first()
    if process is None:
        raise Refused(No(_("This process is gone.")))
    draft, listed = files.from_payload(payload.get("files"))
    proposal = publish_proposal(
        process=process, text=text_from(payload), by=person, at=at, organisation=organisation_from(payload),
        draft=draft, listed=listed,
    )  # fmt: skip
    return reverse("proposals:receipt", args=[proposal.receipt]) + "?new=1"


def complete_support(person: Person, payload: dict[str, Any], at: datetime) -> str:
    """Somebody who supports it already (and had not logged in) gets what they wanted: it stands."""
    proposal = (
        Proposal.objects.visible_to(person)
        .select_related("process")
        .filter(receipt=payload["receipt"])
        .first()
    )
    if proposal is None and (part := set_aside(payload["receipt"])) is not None:
        # It became a part of another one while the support waited: that is where it counts.
        proposal = Proposal.objects.visible_to(person).filter(pk=living_page_of(part).pk).first()
    if proposal is None:
        raise Refused(No(_("This proposal is not public any more.")))
    if not rules.is_supported_by(person, proposal):
        support_proposal(proposal=proposal, by=person, at=at)
    return proposal.get_absolute_url() + "#support"


def title_of(payload: dict[str, Any]) -> str:
    return str(payload.get("title", ""))


pending.acts.add(
    "propose",
    pending.PendingKind("propose", _("Your proposal"), complete_proposal, title_of, act="propose"),
)
pending.acts.add(
    "support",
    pending.PendingKind("support", _("Your support"), complete_support, title_of, act="support"),
)
