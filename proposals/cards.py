"""Cards: the same small picture of a proposal on every page that lists some.

A card is drawn once per language and state and kept (nothing personal is inside); what belongs to the reader, "supported
by you", is put between its two halves on every page. On a visitor's page the place for it is marked, so that a whole page
can be kept, too, and still become somebody's own (`flagged`).
"""

# ruff: noqa: S308 - the halves come from a template that escapes; the join adds markup of our own

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import caches
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cocreation.models import Attachment, Contribution, Phase
from cocreation.pictures import COLUMNS, Shown, shown
from groundwork.html import pictures
from groundwork.html.line import mini
from groundwork.prepared import Prepared
from proposals import memory
from proposals.line import card_line
from proposals.models import Authorship, Proposal, Support

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

Mark = Callable[[str], SafeString]
CUT = "<!--flag-->"
KEEP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it, as anybody may see it: a public name, an organisation with its kind, or nobody any more."""

    name: str
    kind: str = ""
    is_organisation: bool = False
    more: int = 0  # how many others write it too, on cards
    role: str = ""  # on the page of the proposal: "lead", where there are several

    @property
    def icon(self) -> str:
        return "building-2" if self.is_organisation else "user"


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `str(card)` and `{{ card }}` are its whole markup."""

    proposal: Proposal
    halves: tuple[str, str]
    # "Supported by you", or on a visitor's page the mark of its place.
    flag: str

    def __html__(self) -> SafeString:
        return mark_safe(f"{self.halves[0]}{self.flag}{self.halves[1]}")

    __str__ = __html__


class Cards(list[Card]):
    """Cards of one list; `{{ cards }}` writes them one after the other."""

    def __html__(self) -> SafeString:
        return mark_safe("\n".join(card.__html__() for card in self))

    __str__ = __html__


def cards(
    proposals: Iterable[Proposal],
    person: Person | None,
    at: datetime,
    *,
    process: Process | None = None,
    mark: Mark | None = None,
    level: int = 3,
) -> Cards:
    """Cards for the few proposals of a page: one query for authors and own supports, one for phases of several processes.

    `process`: all are of this process, whose `.line` is known or wanted anyway. `mark` shows in titles what was searched
    for. `level` is that of the heading.
    """
    found = list(proposals)
    if not found:
        return Cards()
    keys = [proposal.pk for proposal in found]
    authors, mine, photos = _people_of(keys, person)
    lines = {process.pk: process.lived} if process else _phases({proposal.process_id for proposal in found})
    drawer = _Drawer(lines, at, mark, level)
    return Cards(
        Card(
            proposal,
            drawer.halves(proposal, authors[proposal.pk], photos.get(proposal.pk)),
            drawer.flag if proposal.pk in mine else "" if person else f"<!--own {proposal.receipt}-->",
        )
        for proposal in found
    )


_OWN = re.compile(r"<!--own ([\d-]+)-->")
_supported: Prepared[str] = Prepared(
    lambda person, receipts: Support.objects.filter(
        person=person, proposal__receipt__any_of=receipts
    ).values_list("proposal__receipt", flat=True),
    person=-1,
    receipts=["-"],
)


def flagged(person: Person, page: str) -> str:
    """A page with cards as a visitor gets it, with "supported by you" on those this person supports. One query."""
    receipts = _OWN.findall(page)
    if not receipts:
        return page
    mine, flag = set(_supported(person=person.pk, receipts=receipts)), _flag()
    return _OWN.sub(lambda found: flag if found[1] in mine else "", page)


def _flag() -> str:
    supported = conditional_escape(_("Supported by you"))
    return f'<span class="card__flag"><span class="badge badge--ok">{pictures.icon("heart")}{supported}</span></span>'


def authors_of(keys: Sequence[int]) -> dict[int, Author]:
    """The author of each contribution by key. One query; organisations come from memory."""
    return _people_of(keys, None)[0]


def _people_of(
    keys: Sequence[int], person: Person | None
) -> tuple[dict[int, Author], set[int], dict[int, Shown]]:
    """Who wrote each, which of them `person` supports, and the first picture of those that have one."""
    mine_of = {"person": person.pk} if person else {}
    authors, mine, photos = {}, set(), {}
    for key, organisation, name, hands, supported, picture in _people[person is not None](
        keys=list(keys), **mine_of
    ):
        standing = [hand for hand in hands if hand["left"] is None]
        authors[key] = first_of(standing, bool(hands), organisation, name)
        if picture:
            (photos[key],) = shown([picture])
        if supported:
            mine.add(key)
    return authors, mine, photos


def _rows_of_people(keys: list[int], person: int | None = None) -> QuerySet[Any, Any]:
    rows = Contribution.objects.filter(pk__any_of=keys)
    supports = Support.objects.filter(person=person, proposal=OuterRef("pk")) if person else None
    hands = Authorship.objects.filter(proposal=OuterRef("pk"), accepted_at__isnull=False)
    names = JSONObject(
        name="person__public_name", organisation="organisation_id", role="role", left="left_at"
    )
    first = Attachment.objects.images().filter(contribution=OuterRef("pk")).order_by("order", "id")
    rows = rows.annotate(
        mine=Exists(supports) if supports is not None else Value(False),
        hands=ArraySubquery(hands.order_by("pk").values(row=names)),
        photo=Subquery(first.values(row=JSONObject(**{name: name for name in COLUMNS}))[:1]),
    )
    return rows.values_list("pk", "organisation_id", "author__public_name", "hands", "mine", "photo")


_people: dict[bool, Prepared[tuple[Any, ...]]] = {
    False: Prepared(_rows_of_people, keys=[-1]),
    True: Prepared(_rows_of_people, keys=[-1], person=-2),
}


def first_of(
    hands: Sequence[dict[str, Any]], had: bool, organisation: int | None, name: str | None
) -> Author:
    """Who leads it, and how many more there are. Nobody is named who left."""
    if not hands:
        return author(None, None) if had else author(organisation, name)
    lead = next((hand for hand in hands if hand["role"] == Authorship.Role.LEAD), hands[0])
    return replace(author(lead["organisation"], lead["name"]), more=len(hands) - 1)


def author(organisation_id: int | None, public_name: str | None) -> Author:
    if organisation := memory.organisations.get(organisation_id):
        return Author(organisation.name, str(organisation.get_kind_display()), True)
    return Author(public_name or _("Someone from here"))


def _phases(processes: set[int]) -> dict[int, list[Phase]]:
    lines: dict[int, list[Phase]] = {key: [] for key in processes}
    for phase in _lived(processes=list(processes)):
        lines[phase.process_id].append(phase)
    return lines


_lived: Prepared[Phase] = Prepared(
    lambda processes: Phase.objects.lived().filter(process__any_of=processes, lane=0).order_by("order"),
    processes=[-1],
)


class _Drawer:
    """Draws the cards of one page: what several cards share is worked out once."""

    def __init__(
        self, lines: dict[int, list[Phase]], at: datetime, mark: Mark | None = None, level: int = 3
    ) -> None:
        self.lines, self.at, self.mark, self.level = lines, at, mark, level
        self.language = get_language() or "de"
        self.cache = caches["fragments"]
        self.told: dict[tuple[int, str], str] = {}
        self.address = reverse("proposals:proposal", args=["0-0"])
        self.flag = _flag()

    def halves(self, proposal: Proposal, written_by: Author, photo: Shown | None) -> tuple[str, str]:
        line = self._line(proposal)
        title = proposal.in_language("title", self.language)
        summary = proposal.in_language("summary", self.language)
        if self.mark is not None:
            title, summary = self.mark(title), self.mark(summary)
        place = memory.places.get(proposal.place_id)
        known: tuple[Any, ...] = (
            self.address, proposal.receipt, proposal.supports, proposal.comments, title, summary,
            proposal.language, proposal.theme, proposal.hue, proposal.pattern, list(proposal.translations),
            proposal.seeks_coauthors, self.mark is not None, place.name if place else "", written_by, line, photo,
            self.level,
        )  # fmt: skip
        key = f"card-{self.language}-{blake2b(repr(known).encode(), digest_size=16).hexdigest()}"
        halves = self.cache.get(key)
        if halves is None:
            halves = self._draw(
                proposal, (title, summary), written_by, place.name if place else "", line, photo
            )
            self.cache.set(key, halves, KEEP_SECONDS)
        return halves

    def _line(self, proposal: Proposal) -> str:
        key = (proposal.process_id, proposal.stage)
        if key not in self.told:
            self.told[key] = mini(
                *card_line(proposal.stage, self.lines.get(proposal.process_id, ()), self.at)
            )
        return self.told[key]

    def _draw(
        self,
        proposal: Proposal,
        words: tuple[str, str],
        written_by: Author,
        place: str,
        line: str,
        photo: Shown | None,
    ) -> tuple[str, str]:
        said_in = proposal.text_language(self.language)
        before, after = (
            get_template("proposals/card.html")
            .render(
                {
                    "proposal": proposal,
                    "url": self.address.replace("0-0", proposal.receipt),
                    "place": place,
                    "title": words[0],
                    "summary": words[1],
                    "lang": said_in if said_in != self.language else "",
                    "author": written_by,
                    "line": line,
                    "photo": photo,
                    "level": self.level,
                }
            )
            .split(CUT)
        )
        return before, after
