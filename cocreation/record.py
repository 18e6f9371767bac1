"""The life record: one public page for every contribution, found by its receipt number, whatever its kind.

    records.add("proposal", Record(life_of))

The hall knows when something was received, taken off the pages and put back, withdrawn or erased, and what comes next in
its process. The room that owns a kind adds the rest: `life(contribution, person, at)`. A kind whose room says nothing has
its page all the same. Nothing of the text of a contribution that is gone ever stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cocreation.kinds import kinds
from groundwork.answer import Words
from groundwork.html import say
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Process


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. `by` is a public name or an office, never more of a person than that."""

    at: datetime
    words: Words
    by: str
    why: Words = ""
    cost: Decimal | None = None
    icon: str = "circle-dot"
    url: str = ""
    # The cost in words, where it is a range.
    price: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next: `due` in words, `state` "next", "now" or "late"."""

    name: Words
    text: Words = ""
    due: Words = ""
    state: str = "next"


@dataclass(frozen=True, slots=True)
class Gone:
    """What a record still says about a contribution that is not shown any more."""

    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Where a contribution lives on after it became a part of another one, or why that one is not shown; and how it goes
    on there."""

    number: str
    title: str = ""
    lang: str = ""
    url: str = ""
    gone: Gone | None = None
    goes_on: Sequence[Entry] = ()


@dataclass(frozen=True)
class Life:
    """What the page of a contribution says that is public, or lives on in another one. `lang` where the title is not in the reader's language; `link` leads to
    the thing itself; `thanks` greets who has just handed it in."""

    title: str
    url: str
    link: Words
    entries: Sequence[Entry]
    coming: Sequence[Coming]
    lang: str = ""
    hue: str = ""
    thanks: Words = ""
    office: str = ""  # who is responsible, where no date names anybody
    like: Sequence[object] = field(
        default=()
    )  # titles, addresses and languages of what says something similar
    joined: Joined | None = None
    comments: int = 0  # on a contribution that lives on: they stay readable


@dataclass(frozen=True, slots=True)
class Record:
    """How a kind is told. `may_be_known`: False while what it belongs to is gone, so that it cannot be learned from here."""

    life: Callable[[Contribution, Person | None, datetime], Life]
    may_be_known: Callable[[Contribution], bool] = lambda contribution: True


records: Registry[Record] = Registry("life record of a kind")

# What rooms know of any contribution's life beside its own kind: (contribution) -> entries; one query each.
record_sources: Registry[Callable[[Contribution], Iterable[Entry]]] = Registry("source of all life records")


def life_of(contribution: Contribution, person: Person | None, at: datetime) -> Life:
    """The whole life of a public contribution, oldest first."""
    own = records.find(contribution.kind)
    life = own.life(contribution, person, at) if own else _plain(contribution, at)
    more = [entry for source in record_sources for entry in source(contribution)]
    entries = sorted([*life.entries, *_moderated(contribution), *more], key=lambda entry: entry.at)
    return Life(**{name: getattr(life, name) for name in _FIELDS} | {"entries": entries})


_FIELDS = tuple(Life.__dataclass_fields__)


def may_be_known(contribution: Contribution) -> bool:
    own = records.find(contribution.kind)
    return own is None or own.may_be_known(contribution)


def _plain(contribution: Contribution, at: datetime) -> Life:
    kind = kinds.get(contribution.kind)
    received = Entry(contribution.created_at, _("Received"), author_of(contribution), icon="inbox")
    return Life(
        title=f"{kind.words} {contribution.receipt}",
        url=kind.url(contribution),
        link=_("To its page"),
        entries=[received],
        coming=coming_in(contribution.process, at),
    )


def _moderated(contribution: Contribution) -> Iterable[Entry]:
    """Taken off the pages and put back: of what is public again."""
    for hiding in contribution.hidings.filter(lifted_at__isnull=False):
        yield Entry(hiding.at, _("Taken off the pages"), _("Moderation"), icon="eye-off")
        if hiding.lifted_at:
            yield Entry(hiding.lifted_at, _("Put back on the pages"), _("Moderation"), icon="eye")


def author_of(contribution: Contribution) -> str:
    """The public name of who wrote it, or the organisation with its kind."""
    if contribution.organisation:
        return f"{contribution.organisation.name} · {contribution.organisation.get_kind_display()}"
    return contribution.author.public_name if contribution.author else _("Someone from here")


def coming_in(process: Process, at: datetime) -> list[Coming]:
    """What comes next in a process, by its phases and its promise to answer. One query where its line is not known."""
    if process.is_stopped(at):
        return []
    found = []
    for phase in process.lived:
        if phase.is_open(at):
            until = _("until %(day)s") % {"day": say.day(phase.ends)} if phase.ends else ""
            found.append(Coming(phase.name, due=until, state="now"))
        elif phase.is_ahead(at):
            begins = _("from %(day)s") % {"day": say.day(phase.starts)} if phase.starts else ""
            found.append(Coming(phase.name, due=begins))
    if process.owed_by and process.owed_by > at:
        by = _("by %(day)s") % {"day": say.day(process.owed_by)}
        found.append(Coming(_("The city answers"), text=process.office.name, due=by))
    return found


def gone(contribution: Contribution) -> Gone | None:
    if contribution.erased_at:
        return Gone(_("This contribution was erased at the wish of its author."), contribution.erased_at)
    if contribution.withdrawn_at:
        return Gone(_("This contribution was withdrawn by its author."), contribution.withdrawn_at)
    if contribution.hidden_at:
        return Gone(
            _("Moderation took this contribution off the pages. The author was told which rule and why."),
            contribution.hidden_at,
        )
    if contribution.held_at:
        return Gone(_("This contribution waits for approval by moderation."), contribution.held_at)
    return None


_NUMBER = re.compile(r"\D*(\d{4})[\s\-–—/.,_]*(\d{1,8})\D*", re.ASCII)


def receipt_from(typed: str) -> str:
    """The number somebody meant: spaces, dots, missing zeros and "Nr." before it do not matter. "" where it is none."""
    found = _NUMBER.fullmatch(typed.strip()[:60])
    return f"{found[1]}-{int(found[2]):04}" if found else ""
