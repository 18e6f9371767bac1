"""What a voter writes down: approvals, points, an order or answers. No table, no request.

A filled ballot has one natural form for each kind; its members are keys of options (positions inside a seal):

    approval   a set         frozenset({7, 9})
    points     a mapping     {7: 5, 9: 3}          nothing in it has 0 points
    ranking    a sequence    (9, 7)                the best first
    answers    a mapping     {1: 2, 2: 6}          lines of questions (questions.py) to answers, none of them 0

Each is a collection of keys, so `len`, `in` and iteration mean the same for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import pgettext_lazy

from proposals.ballots.rulebook import EACH_QUESTION, SETTABLE
from proposals.ballots.tally import BallotKind

Filled = Collection[int]


class Kind(models.TextChoices):
    APPROVAL = "approval", pgettext_lazy("kind of ballot", "Choose projects")
    POINTS = "points", pgettext_lazy("kind of ballot", "Share out points")
    RANKING = "ranking", pgettext_lazy("kind of ballot", "Put projects in order")
    ANSWERS = "answers", pgettext_lazy("kind of ballot", "Answer questions")


# What the tally calls them.
TALLIED: Mapping[str, BallotKind] = {
    Kind.APPROVAL.value: BallotKind.APPROVAL,
    Kind.POINTS.value: BallotKind.CUMULATIVE,
    Kind.RANKING.value: BallotKind.ORDINAL,
    Kind.ANSWERS.value: BallotKind.SCORING,
}
# Kinds on which a number stands beside each option.
NUMBERED = (Kind.POINTS.value, Kind.ANSWERS.value)
# Where nobody chose a rule "most votes first" stands, which knows approvals only: for the other kinds it is this one.
_UNCHOSEN = "greedy_cost"
_INSTEAD = {
    Kind.POINTS.value: "greedy_cum",
    Kind.RANKING.value: "greedy_borda",
    Kind.ANSWERS.value: EACH_QUESTION.slug,
}


def rule_for(kind: str, rule: str) -> str:
    """The rule by which ballots of this kind are counted when the options of the phase say `rule`."""
    return _INSTEAD.get(kind, rule) if rule == _UNCHOSEN else rule


def fits(kind: str, rule: str) -> bool:
    """Whether this rule counts this kind of ballot."""
    return rule in SETTABLE and SETTABLE[rule].kind is TALLIED[kind]


def rules_of(kind: str) -> list[str]:
    """The rules that count this kind of ballot; all of them where the kind is not known."""
    return [rule for rule in SETTABLE if kind not in TALLIED or fits(kind, rule)]


def tidy(kind: str, filled: Filled) -> Filled:
    """The natural form of what was filled in. TypeError for points or answers that are no mapping."""
    if kind == Kind.RANKING:
        return tuple(filled)
    if kind in NUMBERED:
        if filled and not isinstance(filled, Mapping):
            raise TypeError("Points and answers are given as a mapping from options to numbers.")
        given = dict(filled) if isinstance(filled, Mapping) else {}
        return MappingProxyType({key: points for key, points in given.items() if points})
    return frozenset(filled)


def renamed(filled: Filled, names: Mapping[int, int]) -> Filled:
    """The same ballot with other names for its options; what has none is left out."""
    if isinstance(filled, Mapping):
        return {names[key]: points for key, points in filled.items() if key in names}
    if isinstance(filled, set | frozenset):
        return frozenset(names[key] for key in filled if key in names)
    return tuple(names[key] for key in filled if key in names)


def only(filled: Filled, keys: Collection[int]) -> Filled:
    """What of a ballot is about these options, in the same form and order."""
    return renamed(filled, {key: key for key in keys})


def joined(kind: str, parts: Iterable[Filled]) -> Filled:
    """One ballot of several that name different options, one after the other."""
    if kind in NUMBERED:
        return {key: part[key] for part in parts if isinstance(part, Mapping) for key in part}
    keys = [key for part in parts for key in part]
    return tuple(keys) if kind == Kind.RANKING else frozenset(keys)


def as_row(kind: str, filled: Filled) -> tuple[list[int], list[int] | None]:
    """Options and points as they stand in a row: in order for a ranking, else by key."""
    if isinstance(filled, Mapping):
        keys = sorted(filled)
        return keys, [filled[key] for key in keys]
    return (list(filled), None) if kind == Kind.RANKING else (sorted(filled), None)


def texts(kind: str, filled: Filled, codes: Mapping[int, str]) -> tuple[str, ...]:
    """As it stands in a leaf of the board: "03", "03:5", or codes in the order of the voter."""
    if isinstance(filled, Mapping):
        return tuple(sorted(f"{codes[key]}:{points}" for key, points in filled.items()))
    found = tuple(codes[key] for key in filled)
    return found if kind == Kind.RANKING else tuple(sorted(found))


def read_text(kind: str, text: str) -> tuple[str, int | None]:
    """Code and points of one text of a leaf."""
    if kind not in NUMBERED:
        return text, None
    code, _colon, points = text.rpartition(":")
    return code, int(points)


def twice(keys: Iterable[int]) -> int | None:
    """The first key that comes a second time."""
    seen: set[int] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None
