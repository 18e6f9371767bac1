"""What somebody typed, understood: word by word, in German and English at once, accents folded, slips forgiven.

    asked = ask("Spilplatz -lärm", vocabulary_of(process))
    Proposal.objects.public(process).filter(search=asked.query)
    asked.meant        # "Spielplatz -lärm": what it also looked for, or ""
    asked.mark(title)  # the title, escaped, with <mark> around what was found

Every word must be there: by its stem in either grammar, as the beginning of a longer word, from five letters on inside one
("platz" in "Spielplatz"). A word nobody wrote in a title is looked for together with those it may have been meant to be.
"…" asks for words in a row, a minus leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from proposals.folding import EMPTY, WORD, fold, words_of
from proposals.vocabulary import LONG, Vocabulary

GRAMMARS = ("german", "english")
LONGEST = 200
MOST_WORDS = 12
_TYPED = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')

Query = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True, slots=True)
class Part:
    """How one term stands in a query, whatever its words: searches of the same parts are one prepared statement."""

    kind: str  # as PostgreSQL reads it: "raw" or "phrase"
    is_left_out: bool

    def query(self, wording: str) -> Query:
        by_grammar = [SearchQuery(wording, config=each, search_type=self.kind) for each in GRAMMARS]
        if self.is_left_out:
            return reduce(and_, (~each for each in by_grammar))
        return reduce(or_, by_grammar)


def query_of(parts: Iterable[Part], wordings: Iterable[str]) -> Query:
    """Everything that is asked for must be there."""
    return reduce(and_, (part.query(wording) for part, wording in zip(parts, wordings, strict=True)))


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several in a row, with what else is looked for in its place."""

    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    is_left_out: bool = False
    meant: str = ""

    @property
    def part(self) -> Part:
        return Part("phrase" if len(self.words) > 1 else "raw", self.is_left_out)

    @property
    def wording(self) -> str:
        """What the database is asked for: the words in a row, or the word with its other forms."""
        return (
            " ".join(self.words) if len(self.words) > 1 else " | ".join([f"{self.words[0]}:*", *self.forms])
        )

    def finds(self, word: str) -> bool:
        """Whether a folded word of a text is one of those looked for; a guess at what the database's grammar does."""
        return any(
            word.startswith(form) or (len(form) >= LONG and form in word) or _same_stem(form, word)
            for form in (*self.words, *self.forms)
        )


def _same_stem(one: str, other: str) -> bool:
    same = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return same >= max(4, len(one) - 2) and len(other) - same <= 2


@dataclass(frozen=True)
class Asked:
    """A search as it is understood. Without terms it asks for nothing and finds nothing."""

    typed: str
    terms: tuple[Term, ...] = ()
    meant: str = ""

    def __bool__(self) -> bool:
        return any(not term.is_left_out for term in self.terms)

    @property
    def query(self) -> Query:
        return query_of(self.parts, self.wordings)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(term.part for term in self.terms)

    @property
    def wordings(self) -> list[str]:
        return [term.wording for term in self.terms]

    def mark(self, text: str) -> SafeString:
        """The text with what was found in it marked. Every piece is escaped by itself, so nothing in it can be markup."""
        return _marked(tuple(term for term in self.terms if not term.is_left_out), text)


@lru_cache(maxsize=4096)
def _marked(wanted: tuple[Term, ...], text: str) -> SafeString:
    parts, end = [], 0
    for hit in WORD.finditer(text):
        folded = fold(hit[0])
        if folded not in EMPTY and any(term.finds(folded) for term in wanted):
            parts += [escape(text[end : hit.start()]), "<mark>", escape(hit[0]), "</mark>"]
            end = hit.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - escaped piece by piece


def ask(typed: str, known: Vocabulary) -> Asked:
    typed = typed.replace("\x00", "").strip()[:LONGEST]
    terms: list[Term] = []
    for minus, phrase, plain in _TYPED.findall(typed):
        words = words_of(phrase or plain)
        if phrase and len(words) > 1:
            terms.append(Term(tuple(words), is_left_out=bool(minus)))
        else:
            terms += [_term(word, known, bool(minus)) for word in words]
    telling = [term for term in terms if len(term.words) > 1 or term.words[0] not in EMPTY] or terms
    kept = tuple(telling[:MOST_WORDS])
    if any(term.meant for term in kept):
        meant = {term.words[0]: term.meant for term in kept if term.meant}
        said_so = WORD.sub(lambda hit: meant.get(fold(hit[0]), hit[0]), typed)
    else:
        said_so = ""
    return Asked(typed, kept, said_so)


def _term(word: str, known: Vocabulary, minus: bool) -> Term:
    if minus:
        return Term((word,), is_left_out=True)
    inside = known.inside(word)
    if inside or known.has(word):
        return Term((word,), tuple(inside))
    alike = known.alike(word)
    if not alike:
        return Term((word,))
    # Another ending of the same word is no slip: nobody is told about it.
    inflected = any(_same_stem(word, each) or _same_stem(each, word) for each in alike)
    near = [each for each in alike if _same_stem(word, each)] if inflected else alike
    return Term((word,), tuple(near), meant="" if inflected else known.written[alike[0]])


def any_of(words: Sequence[str], known: Vocabulary) -> Query | None:
    """Texts with one of these words, whatever its ending: what similar proposals are chosen from."""
    raw: Iterable[str] = dict.fromkeys(
        form for word in words for form in (f"{word}:*", *known.inside(word)[:4], *_slips(word, known))
    )
    if not (asked := " | ".join(raw)):
        return None
    return reduce(or_, [SearchQuery(asked, config=each, search_type="raw") for each in GRAMMARS])


def _slips(word: str, known: Vocabulary) -> list[str]:
    return [] if known.has(word) else known.alike(word)[:2]
