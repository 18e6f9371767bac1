"""Proposals that say nearly the same: found by their words, ordered by how much the titles share and where they lie.

Candidates come from the index by the rarest words of the title, at most 200; each is then compared as a whole: stems of
both titles (the translations too, so that German and English meet), the letters they share, and the place. Measured with
30,000 real titles by `python3 dev.py bench similar`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchRank
from django.db.models import F
from rapidfuzz import fuzz

from proposals.folding import EMPTY, fold, words_of
from proposals.models import Proposal
from proposals.search import any_of
from proposals.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from cocreation.models import Process

CANDIDATES = 100
NEWEST = 500
RAREST = 6
ENOUGH = 0.52
_ENDINGS = ("ungen", "ing", "ern", "en", "er", "es", "em", "e", "n", "s")


def stem(word: str) -> str:
    """A word without its ending, German or English: only for comparing, so a rough cut is enough."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Comparable:
    """A title as it is compared."""

    folded: str
    stems: str

    @classmethod
    def of(cls, title: str) -> Comparable:
        telling = [word for word in words_of(title) if word not in EMPTY]
        return cls(fold(title), " ".join(map(stem, telling)))

    def likeness(self, other: Comparable) -> float:
        """Between 0 and 1: the stems both share, whatever their order, and the letters of the whole."""
        shared = fuzz.token_set_ratio(self.stems, other.stems)
        sorted_ = fuzz.token_sort_ratio(self.stems, other.stems)
        letters = fuzz.ratio(self.folded, other.folded)
        return float(0.5 * shared + 0.35 * sorted_ + 0.15 * letters) / 100


def similar(
    title: str, language: str, limit: int = 5, *, process: Process, text: str = "", place: int | None = None
) -> list[Proposal]:
    """Public proposals of the process like one with this title, the likest first. `text` helps to find, `place` to order.
    One query, beside the words of the process."""
    known = vocabulary_of(process)
    words = dict.fromkeys(word for word in words_of(title[:200]) if len(word) > 2 and word not in EMPTY)
    more = dict.fromkeys(
        word for word in words_of(text[:400]) if len(word) > 5 and word not in EMPTY and word in known.known
    )
    rarest = sorted(words, key=lambda word: known.known.get(word, 0))[:RAREST]
    rarest += [word for word in sorted(more, key=lambda word: known.known[word])[:3] if word not in words]
    asked = any_of(rarest, known) if rarest else None
    if asked is None:
        return []
    hits = Proposal.objects.public(process).filter(search=asked).order_by("-pk").values("pk")[:NEWEST]
    ranked = Proposal.objects.filter(pk__in=hits).without_vector()
    ranked = ranked.annotate(rank=SearchRank(F("search"), asked)).order_by("-rank", "-pk")
    mine = Comparable.of(title[:200])
    scored = []
    for found in ranked[:CANDIDATES]:
        titles = [found.title, *(str(said.get("title", "")) for said in found.translations.values())]
        likeness = max(mine.likeness(Comparable.of(each)) for each in titles if each)
        if likeness >= ENOUGH:
            near = place is not None and found.place_id == place
            scored.append((likeness + (0.08 if near else 0), found.supports, found.pk, found))
    scored.sort(key=lambda each: each[:3], reverse=True)
    return [found for *_score, found in scored[:limit]]
