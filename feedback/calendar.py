"""Commitments for calendars: the day by which every promise of the city is to be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from cocreation.calendar import Dated
from feedback.models import Commitment

# What was delivered longer ago is in nobody's calendar any more.
KEPT = timedelta(days=365)


def due_dates(at: datetime) -> list[Dated]:
    """The day by which each public promise is to be kept. A later date is the same event, moved. One query."""
    found = (
        Commitment.objects.public()
        .exclude(delivered_at__lt=at - KEPT)
        .annotate(moves=Count("delays"))
        .order_by("due", "pk")[:500]
    )
    return [
        Dated(
            f"commitment-{each.pk}", each.due, None, each.title, each.get_absolute_url(), each.text, each.moves,
            changed_at=each.moved_at,
        )
        for each in found
    ]  # fmt: skip
