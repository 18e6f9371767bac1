"""What somebody filled in, read from the form of a ballot: whatever its kind, with a script or without.

Without a script the buttons beside a project send the whole form; what they do is done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote

# No option has this key: the rules refuse it in words.
_NOWHERE = 0
_LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Filling:
    """The choice by keys of options, in the form of the vote's kind. `refused`: it cannot even be read as one.

    `stepped`: a button beside a project was pressed, not the one that saves.
    """

    chosen: Filled
    refused: No | None = None
    stepped: bool = False


def read(vote: Vote, options: Sequence[BallotOption], data: MultiValueDict[str, str]) -> Filling:
    if vote.kind == Kind.POINTS:
        return _points(options, data)
    if vote.kind == Kind.RANKING:
        return _ranking(options, data)
    try:
        return Filling(frozenset(int(key) for key in data.getlist("choice")))
    except ValueError:
        return Filling(frozenset({_NOWHERE}))


def _numbers(
    options: Sequence[BallotOption], data: MultiValueDict[str, str], prefix: str
) -> tuple[dict[int, int], No | None]:
    """Key of an option -> the number typed beside it, empty fields left out; what is no number is refused."""
    known = {f"{prefix}-{option.pk}": option for option in options}
    found: dict[int, int] = {}
    refused: No | None = None
    for name in data:
        if not name.startswith(f"{prefix}-"):
            continue
        text = str(data.get(name) or "").strip()
        if name not in known:
            found[_NOWHERE] = 1
        elif text:
            digits = text.removeprefix("-")
            if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER:
                found[known[name].pk] = int(text)
            else:
                refused = No(
                    format_lazy(
                        _("Please write a whole number for “{project}”."),
                        project=known[name].proposal.in_language("title"),
                    ),
                    _("For example 0, 1 or 2."),
                )
    return found, refused


def _step(data: MultiValueDict[str, str]) -> tuple[int, str]:
    """The button that was pressed: key of the option, and what it does. (0, "") for none."""
    key, _colon, what = str(data.get("step") or "").partition(":")
    return (int(key), what) if key.isascii() and key.isdigit() and len(key) < 19 else (_NOWHERE, "")


def _points(options: Sequence[BallotOption], data: MultiValueDict[str, str]) -> Filling:
    given, refused = _numbers(options, data, "points")
    key, what = _step(data)
    if what in ("more", "less") and any(option.pk == key for option in options):
        given[key] = max(0, given.get(key, 0) + (1 if what == "more" else -1))
    return Filling({key: points for key, points in given.items() if points}, refused, bool(what))


def _ranking(options: Sequence[BallotOption], data: MultiValueDict[str, str]) -> Filling:
    places, refused = _numbers(options, data, "place")
    position = {option.pk: option.position for option in options}
    order = sorted(places, key=lambda key: (places[key], position.get(key, 0)))
    if refused is None:
        refused = _same_place(options, places, order)
    key, what = _step(data)
    if what and any(option.pk == key for option in options):
        _move(order, key, what)
    return Filling(tuple(order), refused, bool(what))


def _same_place(options: Sequence[BallotOption], places: dict[int, int], order: Sequence[int]) -> No | None:
    titles = {option.pk: option for option in options}
    for one, other in pairwise(order):
        if places[one] == places[other] and one in titles and other in titles:
            return No(
                format_lazy(
                    _("“{one}” and “{other}” both stand on place {place}."),
                    one=titles[one].proposal.in_language("title"),
                    other=titles[other].proposal.in_language("title"),
                    place=places[one],
                ),
                _("Give each project a place of its own."),
            )
    return None


def _move(order: list[int], key: int, what: str) -> None:
    """Up, down, out of the order, or to its end."""
    at = order.index(key) if key in order else None
    if what == "add" and at is None:
        order.append(key)
    elif what == "out" and at is not None:
        order.remove(key)
    elif what == "up" and at:
        order[at - 1], order[at] = order[at], order[at - 1]
    elif what == "down" and at is not None and at + 1 < len(order):
        order[at + 1], order[at] = order[at], order[at + 1]
