"""Reading proposals for pages of this house and of those above: search, lists, cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db.models import BooleanField, F, FloatField, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from groundwork.capped import Capped
from groundwork.prepared import Prepared
from proposals import memory
from proposals.cards import Cards, cards
from proposals.counts import Chosen, Counts
from proposals.models import PERSON, Proposal, ProposalQuerySet, Stage, Theme
from proposals.search import Asked, Part, Query, ask, query_of
from proposals.similar import similar
from proposals.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from accounts.models import Person
    from cocreation.models import Place, Process

__all__ = ["Choice", "alike", "cards", "describe", "named", "search", "similar", "some"]

PER_PAGE = 20
# Ranking looks at the newest hits only: a word of every proposal would score ten thousand rows (proofs 5).
RANKED = 100
COUNTED = 1000
# Searches of which it is known that they find more, each with until when that is remembered.
REMEMBERED, _MOST_REMEMBERED = 60.0, 500
_many: dict[tuple[Any, ...], float] = {}
memory.also_forget.append(_many.clear)


class Whole(Func):
    """The rank as a whole number, so that the next page begins exactly after it."""

    template = "(%(expressions)s * 1000000)::int"
    output_field = IntegerField()


class Once(Func):
    """A query the database reads once, and not anew for every row."""

    template = "(select %(expressions)s)"
    output_field = SearchQueryField()


class Matches(Func):
    """The words to search by fit a query: asked of the index, which knows all that do."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Looking(Matches):
    """The same, looking at one proposal after the other: the newest hundred with a word of every third are found after
    three hundred, while the index first gathers thousands. No index answers this function, unlike its operator."""

    template = "ts_match_vq(%(expressions)s)"
    arg_joiner = ", "


class Chance(Func):
    """A whole number for the seed and the number of each proposal: the same for everybody who has the seed."""

    template = "('x' || substr(md5(%(expressions)s), 1, 8))::bit(32)::int"
    output_field = IntegerField()


class Away(Func):
    """The distance on the map, squared, from a point to the proposal, or to its place where it has no point."""

    template = "coalesce(power(%(expressions)s, 2), 1e12)"
    arg_joiner = " - "
    output_field = FloatField()


ORDERS: dict[str, tuple[object, tuple[str, ...]]] = {
    "best": (_("Best match first"), ("-rank", "-pk")),
    "fair": (_("All equally often"), ("exposure", "pk")),
    "new": (_("Newest first"), ("-pk",)),
    "support": (_("Most supported first"), ("-supports", "-pk")),
    "near": (_("Nearest first"), ("away", "pk")),
    "random": (_("By chance"), ("chance", "pk")),
}
AUTHORS = [(PERSON, _("A person")), *Organisation.Kind.choices]
YES, NO = "yes", "no"
ANSWERS = [(YES, _("The city has answered")), (NO, _("No answer yet"))]
HANDS = [(YES, _("Looking for co-authors"))]


def search(text: str, language: str, limit: int = 20, *, process: Process | None = None) -> list[Proposal]:
    """Public proposals for the words of `text`, best first; `process` narrows it. One query beside the words known."""
    return best(ask(text, vocabulary_of(process)), limit, process=process)


def best(asked: Asked, limit: int = 20, *, process: Process | None = None) -> list[Proposal]:
    """The best first; each knows how many there are, `hits`, counted no further than one above `COUNTED`. One query.

    That there are more than `COUNTED` is remembered for a minute: counting costs more than finding and ranking.
    """
    if not asked:
        return []
    words = {f"words{n}": each for n, each in enumerate(asked.wordings)}
    within = {"process": process.pk} if process else {}
    question = (asked.parts, *asked.wordings, process.pk if process else 0)
    many = _many.get(question, 0.0) > monotonic()
    ask_for = _best(asked.parts, process is not None, limit, _is_frequent(asked, process), not many)
    found = ask_for(**words, **within)
    for each in found if many else ():
        each.hits = COUNTED + 1  # type: ignore[attr-defined]
    if found and not many and found[0].hits > COUNTED:  # type: ignore[attr-defined]
        if len(_many) >= _MOST_REMEMBERED:
            _many.clear()
        _many[question] = monotonic() + REMEMBERED
    return found


def _is_frequent(asked: Asked, process: Process | None) -> bool:
    """One word that so many proposals say that the newest hundred of them are soon found without an index."""
    if len(asked.terms) != 1 or asked.terms[0].is_left_out or len(asked.terms[0].words) != 1:
        return False
    return vocabulary_of(process).is_frequent(asked.terms[0].words[0])


@lru_cache(maxsize=64)
def _best(
    parts: tuple[Part, ...], within: bool, limit: int, frequent: bool, counted: bool
) -> Prepared[Proposal]:
    def build(process: int = 0, **words: str) -> QuerySet[Any]:
        query = Once(query_of(parts, words.values()))
        public = Proposal.objects.public().filter(**({"process": process} if within else {}))
        ranked = _ranked(public.filter((Looking if frequent else Matches)(F("search"), query)), query)
        if counted:
            hits = public.filter(Matches(F("search"), query)).values("pk")
            ranked = ranked.annotate(hits=Capped(hits[: COUNTED + 1]))
        return ranked.order_by("-rank", "-supports", "-pk")[:limit]

    # What stands in a query is no word of it: these examples are found again nowhere else.
    words = {f"words{n}": f"?{n}" for n in range(len(parts))}
    return Prepared(build, **words, **({"process": -1} if within else {}))


def _ranked(found: QuerySet[Proposal], query: Query | Once) -> QuerySet[Any]:
    """The newest of what was found, with their `rank`."""
    hits = found.order_by("-pk").values("pk")[:RANKED]
    ranked = Proposal.objects.filter(pk__in=hits).without_vector()
    return ranked.annotate(rank=Whole(SearchRank(F("search"), query)))


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar proposal as pages name it; `lang` only where it is not the reader's language."""

    title: str
    lang: str
    url: str
    receipt: str
    place: str
    supports: int


def alike(
    title: str,
    language: str,
    *,
    process: Process,
    but: int | None = None,
    text: str = "",
    place: int | None = None,
) -> list[Alike]:
    """`similar` in words, without the proposal `but` itself."""
    near = similar(title, language, process=process, text=text, place=place)
    found = [proposal for proposal in near if proposal.pk != but]
    return [
        Alike(
            title=proposal.in_language("title", language),
            lang=said_in if (said_in := proposal.text_language(language)) != language else "",
            url=proposal.get_absolute_url(),
            receipt=proposal.receipt,
            place=lies.name if (lies := memory.places.get(proposal.place_id)) else "",
            supports=proposal.supports,
        )
        for proposal in found
    ]


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
    authors: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    hands: tuple[str, ...] = ()
    order: str = "fair"
    near: str = ""  # the slug of a place: what "nearest" is measured from
    seed: str = ""  # what chance is drawn from
    as_map: bool = False

    @classmethod
    def read(cls, query: MultiValueDict[str, str]) -> Choice:
        def known(name: str, values: Sequence[str]) -> tuple[str, ...]:
            asked = query.getlist(name)
            return tuple(value for value in values if value in asked)

        slugs = [slug for slug in query.getlist("place") if re.fullmatch(r"[\w-]{1,60}", slug)]
        q = query.get("q", "").replace("\x00", "").strip()[:200]
        order, near, seed = query.get("order", ""), query.get("near", ""), query.get("seed", "")
        order = order if order in ORDERS else "best" if q else "fair"
        return cls(
            q=q,
            places=tuple(place.pk for place in memory.places.by_slug(slugs)) if slugs else (),
            themes=known("theme", Theme.values),
            stages=known("stage", Stage.values),
            authors=known("by", [kind for kind, _words in AUTHORS]),
            answers=known("answer", (YES, NO)),
            hands=known("hands", (YES,)),
            order="fair" if order == "best" and not q else order,
            near=near if re.fullmatch(r"[\w-]{1,60}", near) else "",
            seed=seed if re.fullmatch(r"[\w-]{1,20}", seed, re.ASCII) else "",
            as_map=query.get("view") == "map",
        )

    def __bool__(self) -> bool:
        return bool(self.q or any(self.chosen.values()))

    @property
    def chosen(self) -> Chosen:
        """By facet of the counts. Both answers chosen are the same as none."""
        return {
            "place": self.places,
            "theme": self.themes,
            "stage": self.stages,
            "author_kind": self.authors,
            "is_answered": tuple(answer == YES for answer in self.answers),
            "seeks_coauthors": tuple(hand == YES for hand in self.hands),
        }

    def asked(self, process: Process | None = None) -> Asked:
        return ask(self.q, vocabulary_of(process)) if self.q else Asked("")

    def narrow(
        self, proposals: ProposalQuerySet, language: str = "", *, asked: Asked | None = None
    ) -> QuerySet[Proposal]:
        for facet, values in self.chosen.items():
            if values:
                proposals = proposals.filter(**{f"{facet}__in": values})
        if self.q:
            asked = asked if asked is not None else self.asked()
            proposals = proposals.filter(search=asked.query) if asked else proposals.none()
        return proposals

    def ordered(self, found: QuerySet[Proposal], asked: Asked, at_place: Place | None) -> QuerySet[Proposal]:
        """With what the order sorts by, where that is not a column."""
        if self.order == "best":
            return _ranked(found, asked.query) if asked else found.annotate(rank=Value(0))
        if self.order == "near":
            here = [F("map_x"), F("place__map_x"), F("map_y"), F("place__map_y")]
            x, y = (at_place.map_x, at_place.map_y) if at_place else (None, None)
            east = Away(Coalesce(*here[:2]), Value(x or 0.0, output_field=FloatField()))
            north = Away(Coalesce(*here[2:]), Value(y or 0.0, output_field=FloatField()))
            return found.annotate(away=east + north)
        if self.order == "random":
            return found.annotate(chance=Chance(Concat(Value(self.seed), F("receipt"))))
        return found

    def total(self, counts: Counts) -> int:
        return counts.total(self.chosen)

    @property
    def key_order(self) -> tuple[str, ...]:
        return ORDERS[self.order][1]

    @property
    def _usual(self) -> str:
        return "best" if self.q else "fair"

    def address(self, **also: str) -> str:
        """The query of this choice: "?place=lindach&order=new"; "?" when nothing is chosen."""
        slugs = [place.slug for key in self.places if (place := memory.places.get(key))]
        pairs = [("q", self.q)] if self.q else []
        pairs += [("place", slug) for slug in slugs]
        pairs += [("theme", theme) for theme in self.themes]
        pairs += [("stage", stage) for stage in self.stages]
        pairs += [("by", kind) for kind in self.authors]
        pairs += [("answer", answer) for answer in self.answers]
        pairs += [("hands", hand) for hand in self.hands]
        pairs += [("order", self.order)] if self.order != self._usual else []
        pairs += [("near", self.near)] if self.near and self.order == "near" else []
        pairs += [("seed", self.seed)] if self.seed and self.order == "random" else []
        pairs += [("view", "map")] if self.as_map else []
        return "?" + urlencode([*pairs, *also.items()])

    def without(self, field: str, value: object) -> Choice:
        kept: Any = tuple(each for each in getattr(self, field) if each != value)
        return replace(self, **{field: kept})

    def without_words(self) -> Choice:
        return replace(self, q="", order="fair" if self.order == "best" else self.order)

    def saying(self, words: str) -> Choice:
        return replace(self, q=words)

    def drawn(self, as_map: bool) -> Choice:
        return replace(self, as_map=as_map)


def describe(choice: Choice) -> list[str]:
    """What was chosen, in words: for chips, names and messages."""
    return [name for _field, _value, name in named(choice)]


def named(choice: Choice) -> list[tuple[str, Any, str]]:
    """Every choice that was made: its field, its value and what it is called."""
    found: list[tuple[str, Any, str]] = [("q", choice.q, f"„{choice.q}“")] if choice.q else []
    for key in choice.places:
        place = memory.places.get(key)
        found.append(("places", key, place.name if place else ""))
    for field, names in (
        ("themes", Theme.choices), ("stages", Stage.choices), ("authors", AUTHORS), ("answers", ANSWERS), ("hands", HANDS),
    ):  # fmt: skip
        found += [(field, value, str(dict(names)[value])) for value in getattr(choice, field)]
    return found
