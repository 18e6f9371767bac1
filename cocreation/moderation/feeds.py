"""What moderation decided, as an Atom feed: no names, no texts, as the public log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import DateTimeField, Max
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from cocreation.moderation import queries
from cocreation.moderation.models import Decision

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - a feed is a view

    from cocreation.models import Process

NEWEST = 30


class LogFeed(Feed):
    """The newest thirty, of the city or of one process. `updated` moves when one is appealed against or taken back."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str = "") -> Process | None:  # type: ignore[override]
        from cocreation.moderation.views.public import public_process

        return public_process(slug, None) if slug else None

    def title(self, process: Process | None) -> str:
        return _("What moderation decided: %(where)s") % {
            "where": process.title if process else settings.CITY_NAME
        }

    def link(self, process: Process | None) -> str:
        return (
            reverse("moderation:process_log", args=[process.slug]) if process else reverse("moderation:log")
        )

    def feed_guid(self, process: Process | None) -> str:
        return f"{settings.SITE_URL}/{f'processes/{process.slug}/' if process else ''}moderation"

    def items(self, process: Process | None) -> list[Decision]:
        moved = Greatest(
            "at", "undone_at", Max("appeals__at"), Max("appeals__decided_at"), output_field=DateTimeField()
        )
        return list(queries.log_of(process).annotate(moved=moved).order_by("-at", "-pk")[:NEWEST])

    def item_title(self, item: Any) -> str:
        line = queries.line_of(item)
        return f"{line.kind}: {line.outcome}"

    def item_description(self, item: Any) -> str:
        line = queries.line_of(item)
        return escape(". ".join(str(each) for each in (line.rule, line.process, line.appeal) if each))

    def item_link(self, item: Any) -> str:
        return reverse("moderation:process_log", args=[item.process.slug])

    def item_guid(self, item: Decision) -> str:
        return f"{settings.SITE_URL}/moderation#{item.pk}"

    def item_pubdate(self, item: Decision) -> datetime:
        return item.at

    def item_updateddate(self, item: Any) -> datetime:
        return item.moved or item.at
