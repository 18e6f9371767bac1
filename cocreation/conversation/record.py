"""A comment on the life record: written, changed, put on top, answered by the city; its link goes to the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.conversation.text import excerpt
from cocreation.record import Entry, Life, Record, author_of, coming_in, records

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution

ANSWERS = 10


def life_of(contribution: Contribution, person: Person | None, at: datetime) -> Life:
    """At most five queries, however long the conversation."""
    comment = _comment(contribution)
    talk = Talk.of(comment)
    lang = contribution.language if contribution.language != get_language() else ""
    return Life(
        title=excerpt(comment.text),
        lang=lang,
        url=comment.get_absolute_url(),
        link=_("To the conversation"),
        entries=list(_entries(comment, talk)),
        coming=coming_in(contribution.process, at) if not talk.conclusion else [],
        thanks=_("Thank you. Your comment is published."),
    )


def _comment(contribution: Contribution) -> Comment:
    comment = Comment.objects.select_related("phase", "on", "office", "parent").get(pk=contribution.pk)
    comment.contribution, comment.process = contribution, contribution.process
    return comment


def _entries(comment: Comment, talk: Talk) -> Iterator[Entry]:
    by = comment.office.name if comment.office else author_of(comment.contribution)
    about = _("On: %(title)s") % {"title": talk.about.title}
    yield Entry(
        comment.contribution.created_at, _("Written"), by, why=about, icon="pencil-line", url=talk.about.url
    )
    for revision in comment.revisions.filter(number__gt=1).order_by("number"):
        yield Entry(revision.at, _("Changed by the author"), by, icon="history")
    if comment.pinned_at and comment.office:
        yield Entry(comment.pinned_at, _("Put on top by the city"), comment.office.name, icon="arrow-up")
    thread = comment.parent_id or comment.pk
    answers = (
        Comment.objects.public()
        .filter(
            parent=thread, office__isnull=False, contribution__created_at__gt=comment.contribution.created_at
        )
        .select_related("contribution", "office")
        .order_by("pk")
    )
    for answer in answers[:ANSWERS]:
        assert answer.office is not None
        yield Entry(
            answer.contribution.created_at, _("The city replied"), answer.office.name,
            why=excerpt(answer.text), icon="message-square-reply", url=answer.get_absolute_url(),
        )  # fmt: skip
    if summary := talk.conclusion:
        yield Entry(
            summary.at, _("The conversation was closed with a conclusion"), "", why=summary.text, icon="flag"
        )


def may_be_known(contribution: Contribution) -> bool:
    """What is said about a hidden thing is hidden with it, and that it was said as well."""
    return not Comment.objects.filter(pk=contribution.pk, on_is_public=False).exists()


records.add("comment", Record(life_of, may_be_known))
