"""The door a contribution goes through when it is published, and what is written down when moderation closes it.

    admission.publish(contribution, words, by=by, at=at)

is what every action calls that publishes something. Rooms add gates: each looks at what comes in and says whether it may
(a clear No), whether it waits for somebody's eyes first, and what to do once it is there.

    gates.add("moderation", look)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from groundwork.answer import Answer, Words, Yes, require
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Hiding


@dataclass(frozen=True, slots=True)
class Entering:
    """What somebody wants to publish; the contribution is not saved yet. `words` is all that readers would read of it."""

    contribution: Contribution
    words: str
    by: Person | None
    at: datetime


_YES = Yes()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a gate says. `waits`: nobody but its author and moderators sees it until it is released; `then` is called with
    the saved contribution, in the same transaction."""

    answer: Answer = _YES
    waits: bool = False
    then: Callable[[Contribution], None] | None = None


gates: Registry[Callable[[Entering], Seen]] = Registry("gate of publishing")


def publish(contribution: Contribution, words: str, *, by: Person | None, at: datetime) -> Contribution:
    """Save a new contribution as published: at once for everybody, or waiting where a gate says so. A dry run has no gates."""
    entering = Entering(contribution, words, by, at)
    seen = [gate(entering) for gate in gates] if contribution.process_id > 0 else []
    for each in seen:
        require(each.answer)
    contribution.publish(at)
    if any(each.waits for each in seen):
        contribution.hold(at)
    contribution.save()
    for each in seen:
        if each.then:
            each.then(contribution)
    return contribution


def said_after(contribution: Contribution, published: Words) -> Words:
    """What the author reads right after: that it is there, or that it waits."""
    return (
        _("Thank you. It waits for approval, usually within 24 hours. You are told.")
        if contribution.held_at
        else published
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """What a room writes down when moderation takes something off the pages or brings it back.

    `hidden` returns facts for the journal entry, which messages to the author can use.
    """

    hidden: Callable[[Hiding], dict[str, Any]]
    restored: Callable[[Hiding, Person | None, datetime], None]


keepers: Registry[Keeper] = Registry("keeper of moderation's decisions")
