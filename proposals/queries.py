"""Reading proposals for pages of this house and of those above: search, lists, cards."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, IntegerField, QuerySet, Subquery
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from proposals import memory
from proposals.cards import Cards, cards
from proposals.counts import Counts
from proposals.models import Proposal, ProposalQuerySet, Stage, Theme

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from accounts.models import Person
    from cocreation.models import Process

__all__ = ["Choice", "alike", "cards", "search", "similar", "some"]

PER_PAGE = 20
# Ranking looks at the newest hits only: a word of every proposal would score ten thousand rows (proofs 5).
RANKED = 500
COUNTED = 1000


class Capped(Subquery):
    """How many rows another query has, in the same query: `Capped(found.values("pk")[:1001])`."""

    template = "(select count(*) from (%(subquery)s) capped)"
    output_field = IntegerField()


CONFIGS = {"de": "german", "en": "english"}

ORDERS: dict[str, tuple[object, tuple[str, ...]]] = {
    "fair": (_("All equally often"), ("exposure", "pk")),
    "new": (_("Newest first"), ("-pk",)),
    "support": (_("Most supported first"), ("-supports", "-pk")),
}


def _configs(language: str) -> list[str]:
    """Texts are indexed in their own language: the reader's grammar first, then the others."""
    mine = CONFIGS.get(language, "simple")
    return [mine, *(config for config in CONFIGS.values() if config != mine)]


def _asked(words: str, language: str, kind: str = "websearch") -> SearchQuery:
    first, *rest = [SearchQuery(words, config=config, search_type=kind) for config in _configs(language)]
    for other in rest:
        first = first | other
    return first


def search(text: str, language: str, limit: int = 20, *, process: Process | None = None) -> list[Proposal]:
    """Public proposals for the words of `text`, best first. One query; `process` narrows it."""
    text = text.replace("\x00", "").strip()[:200]
    if not text:
        return []
    return _ranked(Proposal.objects.public(process), _asked(text, language), limit)


def similar(title: str, language: str, limit: int = 5, *, process: Process) -> list[Proposal]:
    """Proposals of the process that share a word with a title somebody is writing; the more words, the further up."""
    words = dict.fromkeys(word for word in re.findall(r"\w{3,}", title[:200]))
    if not words:
        return []
    return _ranked(Proposal.objects.public(process), _asked(" or ".join(list(words)[:12]), language), limit)


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar proposal as pages name it; `lang` only where it is not the reader's language."""

    title: str
    lang: str
    url: str
    receipt: str
    place: str
    supports: int


def alike(title: str, language: str, *, process: Process, but: int | None = None) -> list[Alike]:
    """`similar` in words, without the proposal `but` itself."""
    found = [proposal for proposal in similar(title, language, process=process) if proposal.pk != but]
    return [
        Alike(
            title=proposal.in_language("title", language),
            lang=said_in if (said_in := proposal.text_language(language)) != language else "",
            url=proposal.get_absolute_url(),
            receipt=proposal.receipt,
            place=place.name if (place := memory.places.get(proposal.place_id)) else "",
            supports=proposal.supports,
        )
        for proposal in found
    ]


def _ranked(proposals: QuerySet[Proposal], asked: SearchQuery, limit: int) -> list[Proposal]:
    hits = proposals.filter(search=asked).order_by("-pk").values("pk")[:RANKED]
    ranked = Proposal.objects.filter(pk__in=hits).annotate(rank=SearchRank(F("search"), asked))
    return list(ranked.order_by("-rank", "-supports", "-pk")[:limit])


def some(person: Person | None, at: datetime, *, process: Process, limit: int = 3) -> Cards:
    """A few cards for panels of other pages, in the fair order of the day."""
    found = Proposal.objects.public(process).order_by("exposure", "pk")[:limit]
    return cards(found, person, at, process=process)


# --- the list ---


@dataclass(frozen=True)
class Choice:
    """What a reader chose, read from the address: unknown values are ignored, so an old link still opens."""

    q: str = ""
    places: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    order: str = "fair"
    as_map: bool = False

    @classmethod
    def read(cls, query: MultiValueDict[str, str]) -> Choice:
        slugs = [slug for slug in query.getlist("place") if re.fullmatch(r"[\w-]{1,60}", slug)]
        themes, stages = query.getlist("theme"), query.getlist("stage")
        order = query.get("order", "fair")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:200],
            places=tuple(place.pk for place in memory.places.by_slug(slugs)) if slugs else (),
            themes=tuple(theme for theme in Theme.values if theme in themes),
            stages=tuple(stage for stage in Stage.values if stage in stages),
            order=order if order in ORDERS else "fair",
            as_map=query.get("view") == "map",
        )

    def __bool__(self) -> bool:
        return bool(self.q or self.places or self.themes or self.stages)

    def narrow(self, proposals: ProposalQuerySet, language: str) -> QuerySet[Proposal]:
        if self.places:
            proposals = proposals.filter(place__in=self.places)
        if self.themes:
            proposals = proposals.filter(theme__in=self.themes)
        if self.stages:
            proposals = proposals.filter(stage__in=self.stages)
        if self.q:
            proposals = proposals.filter(search=_asked(self.q, language))
        return proposals

    def total(self, counts: Counts) -> int:
        return counts.total(self.places, self.themes, self.stages)

    @property
    def key_order(self) -> tuple[str, ...]:
        return ORDERS[self.order][1]

    def address(self, **also: str) -> str:
        """The query of this choice: "?place=lindach&order=new"; "?" when nothing is chosen."""
        slugs = [place.slug for key in self.places if (place := memory.places.get(key))]
        pairs = [("q", self.q)] if self.q else []
        pairs += [("place", slug) for slug in slugs]
        pairs += [("theme", theme) for theme in self.themes]
        pairs += [("stage", stage) for stage in self.stages]
        pairs += [("order", self.order)] if self.order != "fair" else []
        pairs += [("view", "map")] if self.as_map else []
        return "?" + urlencode([*pairs, *also.items()])

    def without(self, field: str, value: object) -> Choice:
        kept: Any = tuple(each for each in getattr(self, field) if each != value)
        return replace(self, **{field: kept})

    def without_words(self) -> Choice:
        return replace(self, q="")

    def drawn(self, as_map: bool) -> Choice:
        return replace(self, as_map=as_map)
