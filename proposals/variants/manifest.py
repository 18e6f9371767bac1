"""Verbs, kinds and the panel of designs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.kinds import About, Kind, kinds
from groundwork.journal.api import Verb, declare
from proposals import rules as hall
from proposals.panels import Panel, proposal_panels
from proposals.stories import stories

if TYPE_CHECKING:
    from django.db.models import Expression

    from accounts.models import Person
    from cocreation.models import Contribution
    from proposals.models import Proposal

declare(
    Verb("variant.added", _("Design added")),
    Verb("variant.removed", _("Design removed")),
    Verb("annotation.published", _("Note about a design"), adds=True),
    Verb("preference.given", _("Said what they think of a design"), public=False, adds=True),
)


def _about(contribution: Contribution) -> About:
    from proposals.variants.models import Annotation

    note = Annotation.objects.select_related("variant__proposal").get(pk=contribution.pk)
    return About(note.text[:120], note.variant.get_absolute_url())


kinds.add("annotation", Kind(_("Note"), url=lambda contribution: _about(contribution).url, about=_about))


def _standing() -> Expression:
    from proposals.variants.models import Variant

    rows = (
        Variant.objects.filter(proposal=OuterRef("pk"), removed_at__isnull=True).order_by().values("proposal")
    )
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _panel(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """How many designs there are; to its writers also that there could be some. No query."""
    n = getattr(proposal, "story_variants", 0)
    may_add = bool(person is not None and hall.may_revise(person, proposal, at))
    if not n and not may_add:
        return None
    return {"n": n, "may_add": may_add, "url": reverse("variants:variants", args=[proposal.receipt])}


stories.add("variants", _standing)
proposal_panels.add(
    "variants", Panel("variants", "proposals/variants/panel.html", _panel, where="main", order=15)
)

from proposals.variants import claiming, pending_acts  # noqa: E402, F401 - these register themselves
