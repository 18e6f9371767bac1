"""Comments as markup.

Two comments differ in their words and in a dozen things that are so or not so: on top, for the city, may be rated. For each
such shape the template is drawn once, with places where the words stand; a comment is the filled-in shape. A page of a
conversation has up to eighty of them, and drawing each cost more than all else on it.
"""

# ruff: noqa: S308 - a shape comes from a template that escapes; every text put into it passes conditional_escape()

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.template.loader import get_template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cocreation.conversation.queries import PLURAL, Choice
from groundwork.html.tags import ago, initials

if TYPE_CHECKING:
    from cocreation.conversation.queries import Said, Threads

# Places in a shape: characters nobody can type, which escaping leaves as they are. Addresses take letters only, so a
# receipt has a place of its own.
_PLACE = "\ue000{}\ue001"
_RECEIPT = "Q-u-A-r-T-i-E-r"
_PLACES = re.compile(f"\ue000([a-z]+)\ue001|{_RECEIPT}")
MOST_SHAPES = 2048


@dataclass(frozen=True, slots=True)
class Frame:
    """The page comments stand on, for its reader."""

    talk_url: str
    may_write: bool = False
    may_moderate: bool = False
    # On its own page: without a link to reply, which stands below.
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything about a comment that changes its markup, but the words put in. What a template sees as `said`."""

    language: str
    may_write: bool
    may_moderate: bool
    whole: bool
    gone: str
    of_city: bool
    has_organisation: bool
    kind: str
    lang: str
    stance: str
    stance_slug: str
    icon: str
    paragraph: int | None
    pinned: bool
    edited: bool
    helpful: int
    found_helpful: bool
    mine: bool
    may_edit: bool
    may_rate: bool
    may_pin: bool
    # How many replies there are in all, where not all of them are shown.
    reply_count: int

    talk_url = _PLACE.format("talk")
    receipt = _RECEIPT
    name = _PLACE.format("name")
    face = _PLACE.format("face")
    organisation = _PLACE.format("organisation")
    when = _PLACE.format("when")
    body = _PLACE.format("body")
    replies = _PLACE.format("replies")


def all_of(threads: Threads, frame: Frame) -> SafeString:
    """What stands on top and the threads of a page, one after the other."""
    return format_html_join("", "{}", ((markup(said, frame),) for said in (*threads.pinned, *threads.items)))


_BASE = _PLACE.format("base")


def over(threads: Threads, base: str) -> SafeString | str:
    """What stands over the threads: how many of which kind, and their order; `base` is where its links lead."""
    if not threads.counts.total:
        return ""
    counts = threads.counts.by_stance
    numbers = tuple(counts.get(stance, 0) for stance in PLURAL)
    return mark_safe(
        _over(get_language() or "de", threads.choice, numbers).replace(_BASE, conditional_escape(base))
    )


@lru_cache(maxsize=MOST_SHAPES)
def _over(language: str, choice: Choice, numbers: tuple[int, ...]) -> str:
    return get_template("cocreation/conversation/over.html").render(
        {
            "stances": choice.stances(dict(zip(PLURAL, numbers, strict=True))),
            "orders": choice.orders,
            "base": _BASE,
        }
    )


def markup(said: Said, frame: Frame) -> SafeString:
    """One comment and the replies it came with."""
    comment = said.comment
    shape = Shape(
        language=get_language() or "de",
        may_write=frame.may_write,
        may_moderate=frame.may_moderate,
        whole=frame.whole,
        gone=said.gone,
        of_city=bool(comment.office_id),
        has_organisation=bool(said.organisation),
        kind=said.kind,
        lang=said.lang,
        stance=said.stance,
        stance_slug=comment.stance,
        icon=said.icon,
        paragraph=comment.paragraph,
        pinned=bool(comment.pinned_at),
        edited=bool(comment.edited_at),
        helpful=comment.helpful,
        found_helpful=said.found_helpful,
        mine=said.mine,
        may_edit=said.may_edit,
        may_rate=said.may_rate,
        may_pin=said.may_pin,
        reply_count=said.reply_count if said.more > 0 and not frame.whole else 0,
    )
    words = {
        None: comment.receipt,
        "talk": conditional_escape(frame.talk_url),
        "name": conditional_escape(said.name),
        "face": conditional_escape(said.face or initials(said.name)),
        "organisation": conditional_escape(said.organisation),
        "when": "" if said.gone else ago(comment.contribution.created_at),
        "body": conditional_escape(said.body),
        "replies": "".join([markup(reply, frame) for reply in said.replies]),
    }
    pieces, names = _drawn(shape)
    filled = [piece for pair in zip(pieces, [words[name] for name in names], strict=False) for piece in pair]
    return mark_safe("".join([*filled, pieces[-1]]))


@lru_cache(maxsize=MOST_SHAPES)
def _drawn(shape: Shape) -> tuple[list[str], list[str | None]]:
    """The template's text between the places, and their names in order; None is the receipt's."""
    text = get_template("cocreation/conversation/comment.html").render({"said": shape})
    found = _PLACES.split(text)
    return found[::2], found[1::2]
