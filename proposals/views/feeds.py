"""New proposals of the city or of a process as an Atom feed: public ones only, each with an id that never changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.request import person_of
from cocreation.models import Process
from proposals.cards import authors_of
from proposals.models import Proposal, ProposalQuerySet

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 30


class ProposalFeed(Feed):
    """The newest thirty. `updated` of an entry is its last step on the line, so readers see when something happened."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str) -> Process:  # type: ignore[override]
        return get_object_or_404(Process.objects.visible_to(person_of(request)).published(), slug=slug)

    def title(self, process: Process) -> str:
        return _("Proposals: %(process)s") % {"process": process.title}

    def subtitle(self, process: Process) -> str:
        return process.question

    def link(self, process: Process) -> str:
        return reverse("proposals:list", args=[process.slug])

    def feed_guid(self, process: Process) -> str:
        return f"{settings.SITE_URL}/processes/{process.slug}/proposals"

    def items(self, process: Process) -> list[Proposal]:
        return self.newest(Proposal.objects.public(process))

    def newest(self, public: ProposalQuerySet) -> list[Proposal]:
        found = list(public.select_related("contribution").prefetch_related("moves").order_by("-pk")[:NEWEST])
        authors = authors_of([proposal.pk for proposal in found])
        for proposal in found:
            proposal.written_by = authors[proposal.pk]  # type: ignore[attr-defined]
        return found

    def item_title(self, item: Any) -> str:
        return item.in_language("title")

    def item_description(self, item: Any) -> str:
        """Feeds carry it as HTML: what somebody typed is text there too."""
        return escape(item.in_language("summary"))

    def item_guid(self, item: Proposal) -> str:
        return f"{settings.SITE_URL}/r/{item.receipt}"

    def item_author_name(self, item: Any) -> str:
        return item.written_by.name

    def item_pubdate(self, item: Proposal) -> datetime | None:
        return item.contribution.published_at

    def item_updateddate(self, item: Proposal) -> datetime | None:
        moves = [move.at for move in item.moves.all()]
        return max(moves) if moves else item.contribution.published_at

    def item_categories(self, item: Any) -> list[str]:
        return [str(item.get_theme_display())]


class AllProposalsFeed(ProposalFeed):
    """The same of all processes."""

    def get_object(self, request: HttpRequest) -> None:  # type: ignore[override]
        return None

    def title(self, process: None) -> str:  # type: ignore[override]
        return _("Proposals in %(city)s") % {"city": settings.CITY_NAME}

    def subtitle(self, process: None) -> str:  # type: ignore[override]
        return ""

    def link(self, process: None) -> str:  # type: ignore[override]
        return reverse("proposals:list_all")

    def feed_guid(self, process: None) -> str:  # type: ignore[override]
        return f"{settings.SITE_URL}/proposals"

    def items(self, process: None) -> list[Proposal]:  # type: ignore[override]
        return self.newest(Proposal.objects.public())
