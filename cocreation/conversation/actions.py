"""The only place where conversations change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, Person
from cocreation import admission
from cocreation.actions import withdraw_contribution
from cocreation.conversation import rules
from cocreation.conversation.models import LONGEST, Comment, CommentRevision, Helpful, Summary
from cocreation.conversation.talks import Talk
from cocreation.conversation.text import called_in
from cocreation.models import Contribution, Office
from cocreation.wordings import Piece, Wordings, wordings
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from cocreation.models import Phase

MOST_CALLED = 10


@dataclass(frozen=True)
class CommentText:
    """What a person writes. A reply has neither a stance nor a paragraph."""

    text: str
    language: str = "de"
    stance: str = ""
    paragraph: int | None = None


@transaction.atomic
def publish_comment(
    *,
    talk: Talk,
    text: CommentText,
    by: Person,
    at: datetime,
    parent: Comment | None = None,
    organisation: Organisation | None = None,
    office: Office | None = None,
    channel: str = Contribution.Channel.WEB,
) -> Comment:
    """Say something, or reply to `parent`. A reply to a reply joins the same thread. Gets its receipt number."""
    if talk.on:
        talk.on.refresh_from_db(fields=["is_public"])  # it may have been hidden while the person wrote
    require(rules.may_speak_for(by, organisation))
    thread = parent
    if parent is None:
        require(rules.may_comment(by, talk, at, office))
        if text.paragraph is not None and not 1 <= text.paragraph <= len(talk.paragraphs):
            raise Refused(No(_("The text has no such paragraph.")))
    else:
        require(rules.may_reply(by, talk, parent, at, office))
        thread = parent.parent or parent
    contribution = Contribution(
        kind="comment",
        process=talk.process,
        phase=talk.phase or _phase_of(talk, at),
        author=by,
        organisation=None if office else organisation,
        channel=channel,
        language=text.language,
        created_at=at,
    )
    admission.publish(contribution, text.text, by=by, at=at)
    comment = insert_comment(contribution, talk, text, by=by, thread=thread, office=office)
    journal.record(
        "comment.published",
        by=by,
        organisation=contribution.organisation,
        on=comment,
        process=talk.process,
        at=at,
        data=_facts(talk, parent, thread, text.text, office),
    )
    return comment


def insert_comment(
    contribution: Contribution,
    talk: Talk,
    text: CommentText,
    *,
    by: Person | None,
    thread: Comment | None = None,
    office: Office | None = None,
) -> Comment:
    """The rows of a comment under its contribution: also for imports. No rule is asked here."""
    comment = Comment(
        contribution=contribution,
        process_id=contribution.process_id,
        is_public=contribution.is_public,
        receipt=contribution.receipt,
        on=talk.on,
        on_is_public=talk.on.is_public if talk.on else None,
        phase=talk.phase,
        parent=thread,
        stance="" if thread else text.stance,
        paragraph=None if thread else text.paragraph,
        text=text.text.replace("\r\n", "\n").strip(),
        office=office,
    )
    comment.full_clean(exclude=["contribution", "on", "phase", "parent", "process", "office"])
    comment.save(force_insert=True)
    CommentRevision.objects.create(comment=comment, text=comment.text, by=by, at=contribution.created_at)
    return comment


def _phase_of(talk: Talk, at: datetime) -> Phase | None:
    return talk.process.phase_with("comment", at)


def _facts(
    talk: Talk, parent: Comment | None, thread: Comment | None, text: str, office: Office | None
) -> dict[str, Any]:
    """Whom it concerns, as keys: readers of the journal tell people from these."""
    facts: dict[str, Any] = {"on": talk.on.pk} if talk.on else {"phase": talk.phase.pk}  # type: ignore[union-attr]
    if parent is not None and thread is not None:
        facts |= {"reply_to": parent.pk, "thread": thread.pk}
    if office is not None:
        facts["office"] = office.slug
    if mentions := _called(talk, thread, text):
        facts["mentions"] = mentions
    return facts


def _called(talk: Talk, thread: Comment | None, text: str) -> list[int]:
    """Keys of the people who are named with "@" and took part in the thread, or wrote what is spoken about."""
    if "@" not in text:
        return []
    people: dict[str, int] = {}
    if talk.on and talk.on.author:
        people[talk.on.author.public_name] = talk.on.author.pk
    if thread is not None:
        said = Comment.objects.filter(is_public=True)
        keys = (said.filter(pk=thread.pk) | said.filter(parent=thread)).values("contribution__author")
        people |= dict(Person.objects.filter(pk__in=keys).values_list("public_name", "pk"))
    return sorted(people[name] for name in called_in(text, people))[:MOST_CALLED]


@transaction.atomic
def edit_comment(*, comment: Comment, text: str, by: Person, at: datetime) -> Comment:
    """New words for one's own comment within the window. The old ones stay readable."""
    comment = _locked(comment)
    require(rules.may_edit(by, comment, Talk.of(comment), at))
    return _put_words(comment, text, by, at)


@transaction.atomic
def reword(contribution: Contribution, texts: Mapping[str, str], by: Person, at: datetime) -> None:
    """The new words of a comment that waits for a change; whoever calls has asked whether that may be."""
    _put_words(_locked(contribution.comment), texts["text"], by, at)


def _put_words(comment: Comment, text: str, by: Person, at: datetime) -> Comment:
    text = text.replace("\r\n", "\n").strip()
    if text == comment.text:
        return comment
    comment.text, comment.edited_at = text, at
    comment.full_clean(exclude=["contribution", "on", "phase", "parent", "process", "office"])
    comment.save(update_fields=["text", "edited_at"])
    number = comment.revisions.count() + 1
    CommentRevision.objects.create(comment=comment, number=number, text=text, by=by, at=at)
    journal.record("comment.edited", by=by, on=comment, process=comment.process_id, at=at)
    return comment


def pieces(keys: Collection[int]) -> dict[int, list[Piece]]:
    """The words of comments, for whoever looks at many kinds. One query."""
    rows = Comment.objects.filter(pk__in=keys).values_list("pk", "text")
    return {
        pk: [Piece("text", pgettext_lazy("kind of contribution", "Comment"), text, LONGEST, long=True)]
        for pk, text in rows
    }


wordings.add("comment", Wordings(pieces, reword))


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: Person, at: datetime) -> None:
    """The author takes it back. Replies stay, under the note that it was withdrawn."""
    comment = _locked(comment)
    require(rules.may_withdraw(by, comment))
    withdraw_contribution(contribution=comment.contribution, by=by, at=at)


@transaction.atomic
def find_helpful(*, comment: Comment, by: Person, at: datetime) -> int:
    """Say that it helps; returns the new number. Twice is refused in words: the constraint decides who came first."""
    require(rules.may_find_helpful(by, comment, Talk.of(comment), at))
    try:
        with transaction.atomic():
            Helpful.objects.create(comment=comment, person=by, at=at)
    except IntegrityError:
        raise Refused(No(_("You find this helpful already."))) from None
    return _counted(comment, 1, by, at)


@transaction.atomic
def take_back_helpful(*, comment: Comment, by: Person, at: datetime) -> int:
    require(rules.may_find_helpful(by, comment, Talk.of(comment), at))
    if not Helpful.objects.filter(comment=comment, person=by).delete()[0]:
        raise Refused(No(_("You have not said that this is helpful.")))
    return _counted(comment, -1, by, at)


def _counted(comment: Comment, more: int, by: Person, at: datetime) -> int:
    Comment.objects.filter(pk=comment.pk).update(helpful=F("helpful") + more)
    verb = "comment.found_helpful" if more > 0 else "comment.helpful_taken_back"
    journal.record(verb, by=by, on=comment, process=comment.process_id, at=at)
    comment.refresh_from_db(fields=["helpful"])
    return comment.helpful


@transaction.atomic
def pin_comment(*, comment: Comment, by: Person, at: datetime, pinned: bool = True) -> Comment:
    """The office puts its reply on top, or lets it go back to its place."""
    comment = _locked(comment)
    require(rules.may_pin(by, comment))
    if bool(comment.pinned_at) == pinned:
        return comment
    comment.pinned_at = at if pinned else None
    comment.save(update_fields=["pinned_at"])
    verb = "comment.pinned" if pinned else "comment.unpinned"
    journal.record(verb, by=by, on=comment, process=comment.process_id, at=at)
    return comment


@transaction.atomic
def summarise(
    *,
    talk: Talk,
    text: dict[str, str],
    by: Person,
    at: datetime,
    closes: bool = False,
    office: Office | None = None,
) -> Summary:
    """Put a summary on top, by language. One that `closes` is the conclusion: after it nobody can write any more."""
    require(rules.may_summarise(by, talk))
    if closes:
        require(rules.is_going_on(talk))
    summary = Summary(
        process=talk.process, on=talk.on, phase=talk.phase, by=by, at=at, closes=closes, office=office
    )
    for language, words in text.items():
        setattr(summary, f"text_{language}", words.replace("\r\n", "\n").strip())
    try:
        with transaction.atomic():
            summary.save()
    except IntegrityError:
        raise Refused(No(_("This conversation has its conclusion already."))) from None
    talk.__dict__.pop("summaries", None)
    facts: dict[str, Any] = {"contribution": talk.on.pk} if talk.on else {"phase": talk.phase.pk}  # type: ignore[union-attr]
    verb = "conversation.concluded" if closes else "conversation.summarised"
    journal.record(verb, by=by, on=summary, process=talk.process, at=at, data=facts)
    return summary


def leave(person: Person, at: datetime) -> None:
    """When an account closes: words stay without their author (the hall's part), votes go, and counters agree."""
    rows = Helpful.objects.filter(person=person)
    Comment.objects.filter(pk__in=list(rows.values_list("comment", flat=True))).update(
        helpful=F("helpful") - 1
    )
    rows.delete()
    CommentRevision.objects.filter(by=person).update(by=None)


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",))
    return rows.select_related("contribution", "process", "phase", "on").get(pk=comment.pk)
