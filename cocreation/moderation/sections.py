"""What moderation adds to "my page": what waits or was restricted of mine, with the way to the statement. No shadow bans."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.hooks import Section, sections
from cocreation.models import Contribution
from cocreation.moderation.models import Decision, Report

if TYPE_CHECKING:
    from accounts.models import Person

MINE = 10


def mine(person: Person, at: datetime) -> dict[str, Any] | None:
    """Three queries."""
    restricted = list(
        Decision.objects.standing()
        .restricting()
        .filter(contribution__author=person, contribution__erased_at__isnull=True, settled_at__isnull=True)
        .filter(Q(contribution__hidden_at__isnull=False) | Q(contribution__held_at__isnull=False))
        .select_related("contribution", "process")
        .order_by("-at")[:MINE]
    )
    waiting = list(
        Contribution.objects.filter(
            author=person, held_at__isnull=False, hidden_at__isnull=True, withdrawn_at__isnull=True, erased_at__isnull=True
        )
        .exclude(pk__in=[each.contribution_id for each in restricted])
        .select_related("process")
        .order_by("-pk")[:MINE]
    )  # fmt: skip
    reports = Report.objects.filter(by=person).exists()
    if not restricted and not waiting and not reports:
        return None
    return {"restricted": restricted, "waiting": waiting, "reports": reports}


sections.add("moderation", Section("moderation", "cocreation/moderation/my_section.html", mine, order=12))
