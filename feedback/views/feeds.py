"""Promises of the city as an Atom feed, what moved last first, with the choice of the board; and the evaluations of processes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from feedback.board import Choice
from feedback.models import Commitment, EvaluationReport
from feedback.words import badge_of
from groundwork import clock
from groundwork.html import say

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 30


class CommitmentFeed(Feed):
    """`updated` of an entry is its last movement: a step, news, a new date, the delivery."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Choice:  # type: ignore[override]
        return Choice.read(request.GET)

    def title(self, choice: Choice) -> str:
        return _("Promises of the city: %(city)s") % {"city": settings.CITY_NAME}

    def subtitle(self, choice: Choice) -> str:
        return _("Every promise of the city with its date, its office and how it stands.")

    def link(self, choice: Choice) -> str:
        return reverse("feedback:commitments") + choice.address()

    def feed_guid(self, choice: Choice) -> str:
        return f"{settings.SITE_URL}/commitments{choice.address()}"

    def items(self, choice: Choice) -> list[Commitment]:
        found = choice.narrow(Commitment.objects.public().for_board(), clock.now())
        return list(found.newest_movement_first()[:NEWEST])

    def item_title(self, item: Any) -> str:
        return f"{item.title}: {badge_of(item, clock.now()).words}"

    def item_description(self, item: Any) -> str:
        """Feeds carry it as HTML: text is text there too."""
        words = _("%(office)s, promised by %(day)s.") % {"office": item.office.name, "day": say.day(item.due)}
        return escape(f"{words} {item.text}".strip())

    def item_guid(self, item: Commitment) -> str:
        return f"{settings.SITE_URL}/commitments/{item.pk}"

    def item_author_name(self, item: Any) -> str:
        return item.office.name

    def item_pubdate(self, item: Commitment) -> datetime:
        return item.promised_at

    def item_updateddate(self, item: Commitment) -> datetime:
        return item.moved_at


class ReportFeed(Feed):
    """The newest evaluations: what was learned. Once published, one never changes."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Evaluations of processes: %(city)s") % {"city": settings.CITY_NAME}

    def link(self) -> str:
        return reverse("feedback:reports")

    def feed_guid(self) -> str:
        return f"{settings.SITE_URL}/evaluations"

    def items(self) -> list[EvaluationReport]:
        found = EvaluationReport.objects.filter(process__published_at__isnull=False)
        return list(found.select_related("process__office").order_by("-published_at", "-pk")[:NEWEST])

    def item_title(self, item: Any) -> str:
        return item.process.title

    def item_description(self, item: Any) -> str:
        return escape(item.learned)

    def item_guid(self, item: EvaluationReport) -> str:
        return f"{settings.SITE_URL}/processes/{item.process.slug}/report"

    def item_author_name(self, item: Any) -> str:
        return item.process.office.name

    def item_pubdate(self, item: EvaluationReport) -> datetime:
        return item.published_at

    def item_updateddate(self, item: EvaluationReport) -> datetime:
        return item.published_at
