"""What conversations add to pages of the hall: the process page and its numbers, any contribution, "my page"."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.hooks import Section, sections
from cocreation.conversation.drawing import Frame, all_of, over
from cocreation.conversation.forms import blank_form, send_button
from cocreation.conversation.models import Comment, Helpful, Summary
from cocreation.conversation.queries import (
    SMALL,
    Counts,
    Reader,
    Threads,
    Writing,
    counts_of,
    gone_words,
    said,
    small_talk,
    threads_of,
    writing_of,
)
from cocreation.conversation.talks import Talk
from cocreation.kept import keep_on_page
from cocreation.models import Contribution
from cocreation.own_pages import with_own
from cocreation.panels import (
    ContributionPanel,
    Number,
    Panel,
    contribution_panels,
    process_numbers,
    process_panels,
    told,
)
from cocreation.roles import roles_of
from groundwork.answer import No
from groundwork.capped import Capped
from groundwork.html import say
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

NEWEST = 3
ON_A_PAGE = 6
MINE = 6


def process_panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The newest comments of each debate that has begun, and the way to it. Two queries a debate."""
    debates = [phase for phase in process.line if phase.method == "debate" and not phase.is_ahead(at)]
    shown = []
    for phase in debates:
        phase.process = process
        talk = Talk(phase=phase)
        public = talk.comments.filter(is_public=True)
        newest = list(public.with_people().order_by("-pk")[:NEWEST])
        # Drawn once for everybody: no person is asked for.
        reader = Reader(None, at, talk)
        shown.append(
            {
                "phase": phase,
                "question": phase.opts.question,
                "url": talk.url,
                "newest": [said(comment, reader) for comment in newest],
                "total": public.count() if len(newest) == NEWEST else len(newest),
                "open": phase.is_open(at),
            }
        )
    return {"debates": shown} if shown else None


def numbers(process: Process, at: datetime) -> list[Number]:
    """One query, and none where nobody can comment."""
    if not any("comment" in phase.acts for phase in process.line):
        return []
    total = Comment.objects.filter(
        Q(on__isnull=True) | Q(on_is_public=True), process=process, is_public=True
    ).count()
    definition = _(
        "Public comments and replies, in debates and on proposals. Withdrawn and hidden ones do not count."
    )
    return [Number(say.number(total), _("comments"), definition)] if total else []


def discussion(contribution: Contribution, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The newest threads on a contribution with the form; nothing where nobody could or can comment. One query where the page
    knows that little was said, none where nothing was; else two, and two for what everybody sees alike, the first time."""
    if contribution.kind == "comment":
        return None
    talk = Talk(on=contribution)
    known: Story | None = told(contribution, "discussion", unknown=None)
    story = known or UNKNOWN
    possible = any("comment" in phase.acts for phase in talk.process.line)
    if not possible:
        return None
    now = talk.process.allows("comment", person, at)
    closed = isinstance(now, No) and not now.identify
    if closed and not (story["said"] and (known or talk.comments.filter(is_public=True).exists())):
        return None
    threads = _threads(talk, contribution.pk, person, at, story)
    writing = writing_of(talk, person, at)
    if not threads.counts.total and not writing.may:
        return None
    moderates = roles_of(person).moderates.covers(talk.process)
    return {
        "talk": talk,
        "threads": threads,
        "over": over(threads, talk.url),
        "comments": all_of(threads, Frame(talk.url, writing.may, moderates)),
        "writing": writing,
        "form": blank_form(talk, person, writing),
        "for_visitors": person is None,
    }


def own_discussion(contribution: Contribution, person: Person, at: datetime, page: str) -> str | None:
    """The same section in the page of somebody who has said nothing here. The form says what happens to what they write;
    whoever may do less than a visitor who could still identify is drawn theirs."""
    talk = Talk(on=contribution)
    visitors, theirs = (talk.process.allows("comment", who, at) for who in (None, person))
    writes = "<!--own comment-->" in page
    if writes != (bool(theirs) or (isinstance(theirs, No) and theirs.identify)):
        # Where a conclusion closed it, nobody writes.
        closed = not writes and (bool(visitors) or (isinstance(visitors, No) and visitors.identify))
        if not closed:
            return None
    elif not writes and visitors != theirs:
        return None
    if TALK in page:
        may_rate = bool(visitors) or (isinstance(visitors, No) and visitors.identify)
        if may_rate != bool(theirs) or _took_part(on=contribution.pk, person=person.pk):
            return None
        page = page.replace(TALK, "", 1)
    if not writes:
        return page
    writing = Writing(theirs, waits=not theirs)
    form = blank_form(talk, person, writing)
    page = with_own(page, "fields", lambda: form.drawn if form else "")
    return with_own(page, "comment", lambda: send_button(writing))


# Stands on a visitors' page where comments do.
TALK = "<!--own talk-->"
# Asked from the person's side: what one person wrote and marked is little, a conversation may have thousands of comments.
_took_part: Prepared[int] = Prepared(
    lambda on, person: (
        Contribution.objects.filter(pk=on)
        .filter(
            Exists(Contribution.objects.filter(author=person, kind="comment", comment__on=OuterRef("pk")))
            | Exists(Helpful.objects.filter(person=person, comment__on=OuterRef("pk")))
        )
        .values_list("pk", flat=True)
    ),
    on=-1,
    person=-2,
)


class Story(TypedDict):
    """What the page's own query found: how many comments are public, counted no further than one above `SMALL`, and whether
    somebody summarised them."""

    said: int
    summarised: bool


# Where the owner of the page did not ask.
UNKNOWN = Story(said=SMALL + 1, summarised=True)


def _story() -> JSONObject:
    public = Comment.objects.filter(on=OuterRef("pk"), is_public=True).values("pk")
    return JSONObject(
        said=Capped(public[: SMALL + 1]), summarised=Exists(Summary.objects.filter(on=OuterRef("pk")))
    )


def _threads(talk: Talk, on: int, person: Person | None, at: datetime, story: Story) -> Threads:
    if not story["said"]:
        talk.summaries = []
        return threads_of(talk, person, at, size=ON_A_PAGE, counts=Counts())
    if story["said"] <= SMALL:
        talk.summaries = (
            keep_on_page(talk.process, at, f"summaries-{on}", lambda: talk.summaries)
            if story["summarised"]
            else []
        )
        return small_talk(talk, person, at, ON_A_PAGE)
    counts, talk.summaries = keep_on_page(talk.process, at, f"talk-{on}", lambda: _said_so_far(talk))
    return threads_of(talk, person, at, size=ON_A_PAGE, counts=counts)


def _said_so_far(talk: Talk) -> tuple[Counts, list[Summary]]:
    """Where nothing was said, nothing was summarised: no need to ask."""
    counts = counts_of(talk)
    return counts, talk.summaries if counts.total else []


def mine(person: Person, at: datetime) -> dict[str, Any]:
    """What I said, hidden and withdrawn ones too. One query."""
    rows = Comment.objects.filter(contribution__author=person, contribution__erased_at__isnull=True)
    rows = rows.select_related("contribution", "process")
    found = []
    for comment in rows.order_by("-pk")[:MINE]:
        note = "" if comment.is_public else gone_words(comment.contribution)
        found.append({"comment": comment, "note": note, "lang": comment.contribution.language})
    return {"comments": found}


process_panels.add(
    "conversation",
    Panel("conversation", "cocreation/conversation/process_panel.html", process_panel, order=45),
)
process_numbers.add("conversation", numbers)
contribution_panels.add(
    "discussion",
    ContributionPanel(
        "discussion",
        "cocreation/conversation/panel.html",
        discussion,
        own=own_discussion,
        story=_story,
    ),
)
sections.add("comments", Section("comments", "cocreation/conversation/my_section.html", mine, order=25))
