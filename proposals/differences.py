"""Two versions of a text, word by word. Pure: texts in, a picture of the change out.

Joining what stayed and what went gives exactly the old text; what stayed and what came gives exactly the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, Protocol

from rapidfuzz.distance import LCSseq

Kind = Literal["same", "removed", "added"]

# A paragraph with the line ends behind it; a word, a stretch of spaces, or one sign.
_PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
# Below this likeness a changed paragraph reads better as one that went and one that came.
ALIKE = 0.3
# So many pairs of changed paragraphs are compared with each other; beyond it they are taken in their order.
PAIRS = 900
# Unchanged paragraphs around a change that stay in sight; runs longer than this many are folded.
IN_SIGHT, FOLDED_FROM = 1, 3


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of both versions; a side that has no part of it is empty."""

    parts: tuple[Part, ...]

    @property
    def is_changed(self) -> bool:
        return any(part.kind != "same" for part in self.parts)

    @property
    def old(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind != "added")

    @property
    def new(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind != "removed")

    # The same without the line ends behind a paragraph, for reading.

    @property
    def shown(self) -> tuple[Part, ...]:
        return _trimmed(self.parts)

    @property
    def shown_old(self) -> tuple[Part, ...]:
        return _trimmed(self.old)

    @property
    def shown_new(self) -> tuple[Part, ...]:
        return _trimmed(self.new)


def _trimmed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Ends of lines that came or went alone are not shown; neither is what stands behind the last letter of each part
    at the end, as two of them may end one paragraph: what went and what came."""
    kept = [Part(part.kind, part.text.rstrip("\r\n")) for part in parts[-2:]]
    if len(kept) == 2 and kept[1].text and "same" in (parts[-2].kind, parts[-1].kind):
        kept[0] = parts[-2]
    return (*parts[:-2], *(part for part in kept if part.text))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring paragraphs; `folded` where they are unchanged and far from any change."""

    paragraphs: tuple[Paragraph, ...]
    folded: bool = False


class Worded(Protocol):
    """What is compared: a title, one sentence, a body."""

    @property
    def title(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Difference:
    title: Paragraph
    summary: Paragraph
    body: tuple[Paragraph, ...]

    def __iter__(self) -> Iterator[Paragraph]:
        return iter((self.title, self.summary, *self.body))

    @property
    def added(self) -> int:
        return self._words("added")

    @property
    def removed(self) -> int:
        return self._words("removed")

    @property
    def changed(self) -> int:
        """Paragraphs in which something changed; title and sentence count as one each."""
        return sum(paragraph.is_changed for paragraph in self)

    @property
    def runs(self) -> list[Run]:
        """The body for reading: changes with their neighbours, long unchanged stretches folded."""
        return list(_runs(self.body))

    def _words(self, kind: Kind) -> int:
        return sum(part.words for paragraph in self for part in paragraph.parts if part.kind == kind)


def difference(old: Worded, new: Worded) -> Difference:
    return Difference(
        Paragraph(tuple(parts(old.title, new.title))),
        Paragraph(tuple(parts(old.summary, new.summary))),
        tuple(_paragraphs(old.body, new.body)),
    )


def joined(paragraphs: Iterable[Paragraph], side: Literal["old", "new"]) -> str:
    """The text of one side again."""
    return "".join(part.text for each in paragraphs for part in getattr(each, side))


# --- paragraphs ---


def _paragraphs(old: str, new: str) -> Iterator[Paragraph]:
    before, after = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    for same, gone, come in _aligned(before, after):
        if same:
            yield from (Paragraph((Part("same", text),)) for text in gone)
            continue
        for one, other in _pairs(gone, come):
            yield Paragraph(tuple(parts(one, other)))


def _pairs(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Which changed paragraph became which: in order, the most alike together; the rest went or came alone."""
    if not gone or not come or len(gone) * len(come) > PAIRS:
        yield from zip_longest(gone, come, fillvalue="")
        return
    words = [[_WORD.findall(text) for text in side] for side in (gone, come)]
    likeness = [[LCSseq.normalized_similarity(a, b) if a and b else 0.0 for b in words[1]] for a in words[0]]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for k in reversed(range(len(come))):
            together = likeness[i][k] + best[i + 1][k + 1] if likeness[i][k] >= ALIKE else -1.0
            best[i][k] = max(best[i + 1][k], best[i][k + 1], together)
    i = k = 0
    while i < len(gone) and k < len(come):
        if likeness[i][k] >= ALIKE and best[i][k] == likeness[i][k] + best[i + 1][k + 1]:
            yield gone[i], come[k]
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            yield gone[i], ""
            i += 1
        else:
            yield "", come[k]
            k += 1
    yield from ((text, "") for text in gone[i:])
    yield from (("", text) for text in come[k:])


# --- words ---


def parts(old: str, new: str) -> Iterator[Part]:
    """One stretch of words and the other: what stayed, went and came, in reading order; what went before what came."""
    if old == new:
        if old:
            yield Part("same", old)
        return
    stretches: list[list[str]] = []  # [same, gone, come]
    for same, gone, come in _aligned(_TOKEN.findall(old), _TOKEN.findall(new)):
        before, after = "".join(gone), "".join(come)
        # A space or a full stop between two changes is not worth reading as unchanged.
        if stretches and not stretches[-1][0] and same and not _WORD.search(before):
            stretches.append(["?", before, after])
        else:
            stretches.append(["same" if same else "", before, after])
    yield from _merged(stretches)


def _merged(stretches: list[list[str]]) -> Iterator[Part]:
    gone = come = ""
    for index, (kind, before, after) in enumerate(stretches):
        between = kind == "?" and index + 1 < len(stretches)
        if not kind or between:
            gone, come = gone + before, come + after
            continue
        yield from _change(gone, come)
        gone = come = ""
        yield Part("same", before)
    yield from _change(gone, come)


def _change(gone: str, come: str) -> Iterator[Part]:
    if gone:
        yield Part("removed", gone)
    if come:
        yield Part("added", come)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """The longest common sequence: (stayed, of the old, of the new), neighbouring changes in one."""
    numbers: dict[str, int] = {}
    before = [numbers.setdefault(token, len(numbers)) for token in old]
    after = [numbers.setdefault(token, len(numbers)) for token in new]
    gone: list[str] = []
    come: list[str] = []
    for step in LCSseq.opcodes(before, after):
        i, j, k, m = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            if gone or come:
                yield False, gone, come
                gone, come = [], []
            yield True, old[i:j], new[k:m]
        else:
            gone, come = [*gone, *old[i:j]], [*come, *new[k:m]]
    if gone or come:
        yield False, gone, come


# --- for reading ---


def _runs(paragraphs: Sequence[Paragraph]) -> Iterator[Run]:
    near = [
        any(each.is_changed for each in paragraphs[max(0, n - IN_SIGHT) : n + IN_SIGHT + 1])
        for n in range(len(paragraphs))
    ]
    start = 0
    for end in range(1, len(paragraphs) + 1):
        if end < len(paragraphs) and near[end] == near[start]:
            continue
        run = tuple(paragraphs[start:end])
        yield Run(run, folded=not near[start] and len(run) >= FOLDED_FROM)
        start = end
