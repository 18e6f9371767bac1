"""What is said in a debate, or about one contribution, as an Atom feed: public comments only, each with an id that never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cocreation.conversation.models import Comment
from cocreation.conversation.queries import gone_texts, who
from cocreation.conversation.talks import Talk
from cocreation.conversation.text import drawn

NEWEST = 30


class DebateFeed(Feed):
    """The newest thirty, replies too."""

    feed_type = Atom1Feed

    def get_object(self, request: Any, slug: str, key: str) -> Talk:
        from cocreation.conversation.views import find_debate

        return find_debate(slug, key, None)

    def title(self, talk: Talk) -> str:
        return _("Comments: %(debate)s") % {"debate": talk.about.title}

    def subtitle(self, talk: Talk) -> str:
        return str(talk.phase.opts.question) if talk.phase else ""

    def link(self, talk: Talk) -> str:
        return talk.url

    def feed_guid(self, talk: Talk) -> str:
        key = talk.phase.key if talk.phase else ""
        return f"{settings.SITE_URL}/processes/{talk.process.slug}/debate/{key}"

    def items(self, talk: Talk) -> list[Comment]:
        found = list(talk.comments.filter(is_public=True).with_people().order_by("-pk")[:NEWEST])
        gone = gone_texts((Comment(pk=each.parent_id), [each]) for each in found if each.parent_id)
        for each in found:
            each.unsaid = gone.get(each.parent_id or 0, ())  # type: ignore[attr-defined]
        return found

    def item_title(self, item: Any) -> str:
        stance = f" ({item.get_stance_display()})" if item.stance else ""
        return f"{who(item)[0]}{stance}"

    def item_description(self, item: Any) -> str:
        return drawn(item.text, gone=item.unsaid)

    def item_guid(self, item: Comment) -> str:
        return f"{settings.SITE_URL}/r/{item.receipt}"

    def item_author_name(self, item: Any) -> str:
        return who(item)[0]

    def item_pubdate(self, item: Comment) -> datetime | None:
        return item.contribution.published_at

    def item_updateddate(self, item: Comment) -> datetime | None:
        return item.edited_at or item.contribution.published_at


class ThingFeed(DebateFeed):
    """What is said about one contribution."""

    def get_object(self, request: Any, receipt: str) -> Talk:  # type: ignore[override]
        from cocreation.conversation.views import find_thing

        return find_thing(receipt, None)

    def feed_guid(self, talk: Talk) -> str:
        assert talk.on is not None
        return f"{settings.SITE_URL}/contributions/{talk.on.receipt}/comments"
