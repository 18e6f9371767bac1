"""Feeds of the hall: new processes, and the life of one contribution. Atom, with ids that never change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from cocreation import record
from cocreation.kinds import kinds
from cocreation.models import Contribution, Process
from groundwork import clock
from groundwork.journal.models import Entry

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 30


class ProcessFeed(Feed):
    """The newest thirty processes. `updated` is the last thing the journal tells of one: it never goes back."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Processes in {city}").format(city=settings.CITY_NAME)

    def subtitle(self) -> str:
        return _("What the city asks, and where each question stands.")

    def link(self) -> str:
        return reverse("cocreation:processes")

    def feed_guid(self) -> str:
        return f"{settings.SITE_URL}/processes"

    def items(self) -> list[Process]:
        found = list(Process.objects.published().order_by("-published_at", "-pk")[:NEWEST])
        moved = dict(
            Entry.objects.filter(process_id__in=[process.pk for process in found])
            .values_list("process_id")
            .annotate(Max("at"))
        )
        for process in found:
            process.moved_at = max(filter(None, [moved.get(process.pk), process.published_at]))  # type: ignore[attr-defined]
        return found

    def item_title(self, item: Any) -> str:
        return item.title

    def item_description(self, item: Any) -> str:
        return escape(f"{item.question} {item.lead}".strip())

    def item_guid(self, item: Process) -> str:
        return f"{settings.SITE_URL}/processes/{item.slug}"

    def item_pubdate(self, item: Process) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Any) -> datetime:
        return item.moved_at


class LifeFeed(Feed):
    """The life record of one contribution, the newest line first. An entry's id is its place in the record."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, receipt: str) -> Contribution:  # type: ignore[override]
        found = get_object_or_404(
            Contribution.objects.public().select_related("process__office", "author", "organisation"),
            receipt=receipt,
        )
        if found.kind not in kinds or not record.may_be_known(found):
            raise Http404
        found.life = record.life_of(found, None, clock.now())  # type: ignore[attr-defined]
        return found

    def title(self, item: Any) -> str:
        return _("{title}: what becomes of it").format(title=item.life.title)

    def link(self, item: Contribution) -> str:
        return reverse("cocreation:record", args=[item.receipt])

    def feed_guid(self, item: Contribution) -> str:
        return f"{settings.SITE_URL}/r/{item.receipt}/feed"

    def items(self, item: Any) -> list[tuple[str, record.Entry]]:
        entries: list[tuple[str, record.Entry]] = []
        seen: dict[str, int] = {}
        for entry in item.life.entries:
            # What happened at one moment stands in the order of the record, which nothing comes before later.
            moment = entry.at.isoformat()
            seen[moment] = seen.get(moment, 0) + 1
            entries.append((f"{settings.SITE_URL}/r/{item.receipt}#{moment}-{seen[moment]}", entry))
        return entries[::-1]

    def item_title(self, item: Any) -> str:
        return str(item[1].words)

    def item_description(self, item: Any) -> str:
        return escape(str(item[1].why or ""))

    def item_link(self, item: Any) -> str:
        return item[1].url or item[0].removeprefix(settings.SITE_URL).partition("#")[0] + "/"

    def item_guid(self, item: Any) -> str:
        return item[0]

    def item_author_name(self, item: Any) -> str:
        return item[1].by

    def item_pubdate(self, item: Any) -> datetime:
        return item[1].at

    def item_updateddate(self, item: Any) -> datetime:
        return item[1].at
