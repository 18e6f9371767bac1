"""The words of public titles and summaries: for words that are mistyped, cut short or hidden inside longer ones.

A process keeps them in memory as one sorted list per list of proposals (40,000 words: 3 MB) and asks the table every few
seconds whether something is new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max, Sum
from rapidfuzz import process as fuzzy
from rapidfuzz.distance import OSA

from proposals import memory
from proposals.counts import counts_of
from proposals.folding import EMPTY, fold
from proposals.models import SearchWord

if TYPE_CHECKING:
    from cocreation.models import Process

SECONDS = 10.0
LONG = 5  # letters from which a word is looked for inside others
MOST_INSIDE = 12
MOST_ALIKE = 4
_MOST_KEPT = 60


@dataclass(frozen=True)
class Vocabulary:
    """Folded words with the number of proposals they stand in, and how each is usually written."""

    known: dict[str, int]
    written: dict[str, str]
    ordered: list[str] = field(default_factory=list)
    joined: str = ""
    by_length: dict[int, list[str]] = field(default_factory=dict)
    texts: int = 0  # of how many proposals these are the words

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int]], texts: int = 0) -> Vocabulary:
        known: Counter[str] = Counter()
        best: dict[str, tuple[int, str]] = {}
        for word, n in rows:
            folded = fold(word)
            if n <= 0 or folded in EMPTY:
                continue
            known[folded] += n
            best[folded] = max(best.get(folded, (0, "")), (n, word))
        ordered = sorted(known)
        by_length: dict[int, list[str]] = {}
        for word in ordered:
            by_length.setdefault(len(word), []).append(word)
        written = {folded: word for folded, (_n, word) in best.items()}
        return cls(dict(known), written, ordered, "\n".join(["", *ordered, ""]), by_length, texts)

    def has(self, start: str) -> bool:
        """Whether a word begins like this."""
        at = bisect_left(self.ordered, start)
        return at < len(self.ordered) and self.ordered[at].startswith(start)

    def is_frequent(self, start: str) -> bool:
        """Whether at least every twentieth proposal says one word that begins like this."""
        at, most = bisect_left(self.ordered, start), 0
        while at < len(self.ordered) and self.ordered[at].startswith(start):
            most, at = max(most, self.known[self.ordered[at]]), at + 1
        return most * 20 > self.texts > 0

    def inside(self, part: str) -> list[str]:
        """Words with this inside or at their end ("platz": "spielplatz"), the most frequent first."""
        if len(part) < LONG:
            return []
        found: set[str] = set()
        at = self.joined.find(part)
        while at >= 0 and len(found) < 200:
            start, end = self.joined.rfind("\n", 0, at) + 1, self.joined.find("\n", at)
            if start != at:
                found.add(self.joined[start:end])
            at = self.joined.find(part, end)
        return sorted(found, key=lambda word: (-self.known[word], word))[:MOST_INSIDE]

    def alike(self, word: str) -> list[str]:
        """Words it may have been meant to be: one slip in short words, two in longer ones; the likeliest first."""
        slips = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
        if not slips:
            return []
        near = [
            each
            for length in range(len(word) - slips, len(word) + slips + 1)
            for each in self.by_length.get(length, ())
        ]
        found = fuzzy.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=30)
        # A first letter is rarely mistyped; what many write is likelier than what one wrote.
        found.sort(key=lambda hit: (hit[1] + (hit[0][0] != word[0]), -self.known[hit[0]], hit[0]))
        return [hit[0] for hit in found[:MOST_ALIKE]]


_kept: dict[int, tuple[float, int, Vocabulary]] = {}
memory.also_forget.append(_kept.clear)


def vocabulary_of(process: Process | None = None) -> Vocabulary:
    """The words of one process, or of all published ones. One query every ten seconds, three where something is new."""
    if process is not None and not process.is_published:
        return Vocabulary({}, {})
    key = process.pk if process is not None else 0
    until, version, words = _kept.get(key, (0.0, -1, Vocabulary({}, {})))
    if monotonic() < until:
        return words
    rows = SearchWord.objects.filter(
        **({"process": key} if key else {"process__published_at__isnull": False})
    )
    if key:
        newest = rows.aggregate(newest=Max("id"))["newest"] or 0
    else:  # nearly always the very last line; the largest of all would be looked for in all of them
        newest = rows.order_by("-id").values_list("id", flat=True).first() or 0
    if newest != version:
        said = rows.values_list("word").annotate(sum=Sum("n")).order_by()
        words = Vocabulary.of(said, counts_of(process).total())
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[key] = (monotonic() + SECONDS, newest, words)
    return words


def fold_words() -> int:
    """Add the lines of each word up to one. Returns how many lines went away. Two at once take different lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with crowded as (
              select process_id, word from proposals_searchword group by 1, 2 having count(*) > 1
            ), gone as (
              delete from proposals_searchword w using crowded k
              where (w.process_id, w.word) = (k.process_id, k.word) returning w.*
            ), kept as (
              insert into proposals_searchword (process_id, word, n)
              select process_id, word, sum(n) from gone group by 1, 2 having sum(n) <> 0 returning 1
            )
            select (select count(*) from gone) - (select count(*) from kept)
            """
        )
        (less,) = cursor.fetchone()
    return int(less)


def rebuild_words() -> None:
    """Collect the words anew and index every text again: after a restore, or when a place was renamed."""
    with connection.cursor() as cursor:
        cursor.execute("delete from proposals_searchword")
        cursor.execute(
            "insert into proposals_searchword (process_id, word, n) select p.process_id, w, count(*)"
            " from proposals_proposal p, proposals_words(p.title, p.summary, p.translations) w"
            " where p.is_public group by 1, 2"
        )
        cursor.execute("select proposals_index(array_agg(contribution_id)) from proposals_proposal")
