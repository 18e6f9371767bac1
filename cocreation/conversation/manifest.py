"""The method "debate", the verbs of conversations, and what the room leaves in the registries of the hall."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from cocreation.conversation.text import paragraphs
from cocreation.erasing import Keep, keeps
from cocreation.kinds import Kind, kinds
from cocreation.methods import Act, Gap, Invitation, Method, methods, option
from cocreation.news import Crowd, crowds
from groundwork.answer import Words
from groundwork.html import say
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase

declare(
    Verb("comment.published", _("Comment published"), adds=True),
    Verb("comment.edited", _("Comment changed by its author")),
    Verb("comment.found_helpful", _("Found helpful"), public=False, adds=True),
    Verb("comment.helpful_taken_back", _("No longer found helpful"), public=False, adds=True),
    Verb("comment.pinned", _("Put on top by the city")),
    Verb("comment.unpinned", _("No longer on top")),
    Verb("conversation.summarised", _("Conversation summarised")),
    Verb("conversation.concluded", _("Conversation closed with a conclusion")),
)

kinds.add(
    "comment",
    Kind(
        pgettext_lazy("kind of contribution", "Comment"),
        url=lambda contribution: reverse("conversation:comment", args=[contribution.receipt]),
    ),
)


@dataclass(frozen=True)
class DebateOptions:
    """A question to guide the debate, and a text that is discussed paragraph by paragraph; each in both languages."""

    question_de: str = option("", _("What do you want to talk about? (German)"), help=_("One open question."))
    question_en: str = option("", _("What do you want to talk about? (English)"))
    text_de: str = option(
        "",
        _("Text under discussion (German)"),
        help=_("An empty line starts a new paragraph. Each gets a number that comments can refer to."),
        long=True,
    )
    text_en: str = option(
        "",
        _("Text under discussion (English)"),
        help=_("The same paragraphs in the same order, so that the numbers agree."),
        long=True,
    )

    @property
    def question(self) -> str:
        return self._here(self.question_de, self.question_en)

    @property
    def paragraphs(self) -> list[str]:
        """Of the text in the reader's language."""
        return paragraphs(self._here(self.text_de, self.text_en))

    @staticmethod
    def _here(german: str, english: str) -> str:
        return (english or german) if get_language() == "en" else (german or english)


@methods.register
class Debate(Method):
    """People talk with each other and with the city, about a question or about a text."""

    slug = "debate"
    name = _("Debate")
    about = _("Everyone can say what they think, ask and reply, also paragraph by paragraph of a text.")
    icon = "message-circle"
    picture = "m-rank"
    acts = (Act("comment", _("comment"), "confirmed"), Act("rate", _("find helpful"), "confirmed"))
    options = DebateOptions

    def gaps(self, phase: Phase) -> list[Gap]:
        opts: DebateOptions = phase.opts
        found = []
        if not opts.question_de and not opts.text_de:
            found.append(Gap(_("A debate needs a question or a text."), "question_de"))
        if bool(opts.question_de) != bool(opts.question_en):
            missing = "question_en" if opts.question_de else "question_de"
            found.append(Gap(_("The question is missing in one language."), missing))
        if bool(opts.text_de) != bool(opts.text_en):
            found.append(
                Gap(_("The text is missing in one language."), "text_en" if opts.text_de else "text_de")
            )
        elif len(paragraphs(opts.text_de)) != len(paragraphs(opts.text_en)):
            found.append(Gap(_("The text must have the same paragraphs in both languages."), "text_en"))
        return found

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        if "comment" not in phase.acts:
            return None
        from cocreation.conversation.models import Summary
        from cocreation.models import Contribution, Phase

        mine = Contribution.objects.filter(
            phase=OuterRef("pk"), kind="comment", author=person, is_public=True
        )
        closed = Summary.objects.filter(phase=OuterRef("pk"), closes=True)
        found = (
            Phase.objects.filter(pk=phase.pk)
            .annotate(
                n=Count("comments", filter=Q(comments__is_public=True)),
                said=Exists(mine if person else mine.none()),
                closed=Exists(closed),
            )
            .values_list("n", "said", "closed")
            .first()
        )
        if found is None or found[2]:
            return None
        n = found[0]
        words: Words = _("Say what you think")
        if n:
            words = ngettext(
                "Say what you think: %(n)s comment so far", "Say what you think: %(n)s comments so far", n
            ) % {"n": say.number(n)}
        return Invitation(
            words,
            _("To the debate"),
            reverse("conversation:debate", args=[phase.process.slug, phase.key]),
            icon="message-circle",
            done=found[1],
            done_words=_("You have said something. Read what others say."),
        )

    def total(self, phase: Phase) -> Words:
        n = phase.comments.filter(is_public=True).count()  # type: ignore[attr-defined]
        return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": say.number(n)} if n else ""


# What the room leaves in the registries of the houses below; each module registers itself.
from cocreation.conversation import actions, counts, pending_acts, record, rehearsal, sections  # noqa: E402, F401

hooks.closing.add("conversation", actions.leave)


def _for_the_city(keys: Collection[int]) -> Collection[int]:
    from cocreation.conversation.models import Comment

    return set(Comment.objects.filter(pk__in=keys, office__isnull=False).values_list("pk", flat=True))


keeps.add("city", Keep(_("said for the city"), _for_the_city))

# Whoever spoke about a thing hears what becomes of it.
crowds.add(
    "commenters",
    Crowd(
        "commenters",
        frozenset({"contribution"}),
        "select distinct i.author_id from conversation_comment k"
        " join cocreation_contribution i on i.id = k.contribution_id"
        " where k.on_id = %(contribution)s and k.is_public and i.author_id > %(last)s"
        " order by i.author_id limit %(chunk)s",
    ),
)
