"""Commitments for feed readers and calendars: every promise of the city, when it moved last and when it is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Count
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from cocreation.calendar import Dated
from feedback.models import Commitment
from feedback.words import badge_of
from groundwork import clock

NEWEST = 30
# What was delivered longer ago is in nobody's calendar any more.
KEPT = timedelta(days=365)


class CommitmentFeed(Feed):
    """The thirty that moved last."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Commitments of {city}").format(city=settings.CITY_NAME)

    def subtitle(self) -> str:
        return _("What the city has promised, what takes longer and why, what is finished.")

    def link(self) -> str:
        return reverse("feedback:commitments")

    def feed_guid(self) -> str:
        return f"{settings.SITE_URL}/commitments"

    def items(self) -> list[Commitment]:
        return list(Commitment.objects.public().for_board().newest_movement_first()[:NEWEST])

    def item_title(self, item: Any) -> str:
        return f"{item.title}: {badge_of(item, clock.now()).words}"

    def item_description(self, item: Any) -> str:
        return escape(item.text)

    def item_guid(self, item: Commitment) -> str:
        return f"{settings.SITE_URL}/commitments/{item.pk}"

    def item_author_name(self, item: Any) -> str:
        return item.office.name

    def item_pubdate(self, item: Commitment) -> datetime:
        return item.promised_at

    def item_updateddate(self, item: Commitment) -> datetime:
        return item.moved_at


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
