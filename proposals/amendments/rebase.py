"""Where a passage stands after the text around it was changed. Pure: texts in, a place out.

    rebase(old, start, end, new)

finds the passage `old[start:end]` in `new`. Four answers: `Placed` where it stands as it stood, `Moved` where it stands in
other surroundings, `Changed` where somebody changed it meanwhile (with the place of what stands there now), `Gone` where
nothing of it is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proposals.amendments.words import opcodes, tokens

# As much text on each side is looked at to tell one occurrence from another.
CONTEXT = 240


@dataclass(frozen=True, slots=True)
class Placed:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moved:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Changed:
    """`start` and `end` are of what stands there now."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gone:
    pass


Place = Placed | Moved | Changed | Gone


def rebase(old: str, start: int, end: int, new: str) -> Place:
    passage = old[start:end]
    if not passage:
        return Gone()
    # Nothing was changed before it, or nothing behind it.
    if new.startswith(old[:end]) and _is_whole(new, start, end):
        return Placed(start, end)
    shift = len(new) - len(old)
    if new.endswith(old[start:]) and _is_whole(new, start + shift, end + shift):
        return Placed(start + shift, end + shift)
    parts = (tokens(old[:start]), tokens(passage), tokens(old[end:]))
    before = [token for part in parts for token in part]
    after = tokens(new)
    first = len(parts[0])
    last = first + len(parts[1])
    steps = opcodes(before, after)
    now_first, now_last = _image(steps, first, last)
    places = _offsets(after)
    now_start, now_end = places[now_first], places[max(now_first, now_last)]
    if new[now_start:now_end] == passage:
        return Placed(now_start, now_end)
    if found := _elsewhere(old, start, end, new, _kept(steps, before, places, first, last)):
        return Moved(*found)
    now_start, now_end = _trimmed(new, now_start, now_end)
    return Changed(now_start, now_end) if now_end > now_start else Gone()


def _image(steps: Iterable[tuple[str, int, int, int, int]], first: int, last: int) -> tuple[int, int]:
    """The words of the new text that took the place of words `first` to `last`. What was put in right before or right
    behind them is not among them."""
    now_first, now_last = -1, -1
    for tag, i1, i2, j1, j2 in steps:
        if i2 <= first or i1 >= last:
            continue
        if tag == "equal":
            from_here, to_here = j1 + max(first - i1, 0), j1 + min(last, i2) - i1
        else:
            from_here, to_here = j1, j2
        now_first = from_here if now_first < 0 else now_first
        now_last = to_here
    return max(now_first, 0), max(now_last, 0)


def _offsets(words: Iterable[str]) -> list[int]:
    """Where each word begins, and the end."""
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found


def _kept(
    steps: Iterable[tuple[str, int, int, int, int]],
    before: list[str],
    places: list[int],
    first: int,
    last: int,
) -> list[tuple[int, int]]:
    """Stretches of the new text that are unchanged words from elsewhere than the passage."""
    kept = []
    for tag, i1, i2, j1, _j2 in steps:
        if tag != "equal":
            continue
        for low, high in ((i1, min(i2, first)), (max(i1, last), i2)):
            if low < high:
                kept.append((places[j1 + low - i1], places[j1 + high - i1]))
    return kept


def _elsewhere(
    old: str, start: int, end: int, new: str, kept: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The one occurrence that can be the passage: alone in both texts, or told from the others by what surrounds it."""
    passage = old[start:end]
    found = [
        at
        for at in occurrences(passage, new)
        if _is_whole(new, at, at + len(passage))
        and not any(low <= at and at + len(passage) <= high for low, high in kept)
    ]
    if not found:
        return None
    if len(found) == 1 and len(list(occurrences(passage, old))) == 1:
        return found[0], found[0] + len(passage)
    scores = sorted(((_alike(old, start, end, new, at), at) for at in found), reverse=True)
    best, at = scores[0]
    if best > 0 and (len(scores) == 1 or scores[1][0] < best):
        return at, at + len(passage)
    return None


def occurrences(passage: str, text: str) -> Iterator[int]:
    at = text.find(passage)
    while at >= 0:
        yield at
        at = text.find(passage, at + 1)


def _alike(old: str, start: int, end: int, new: str, at: int) -> int:
    """How many characters before and behind agree."""
    before, after = old[max(0, start - CONTEXT) : start], old[end : end + CONTEXT]
    here_before, here_after = (
        new[max(0, at - CONTEXT) : at],
        new[at + end - start : at + end - start + CONTEXT],
    )
    return _run(before[::-1], here_before[::-1]) + _run(after, here_after)


def _run(one: str, other: str) -> int:
    n = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        n += 1
    return n


def _is_whole(text: str, start: int, end: int) -> bool:
    """Not a piece of a longer word."""
    if start > 0 and _joins(text[start - 1], text[start]):
        return False
    return not (end < len(text) and end > 0 and _joins(text[end - 1], text[end]))


def _joins(left: str, right: str) -> bool:
    return (left.isalnum() or left == "_") and (right.isalnum() or right == "_")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def put(text: str, place: Placed | Moved | Changed, wording: str) -> str:
    """The text with what stands at this place replaced."""
    return text[: place.start] + wording + text[place.end :]
