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
from proposals.ballots import envelopes, kinds, questions
from proposals.ballots.envelopes import Section
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
    if vote.envelopes:
        return _in_envelopes(vote, options, data)
    if vote.kind == Kind.POINTS:
        return _points(options, data)
    if vote.kind == Kind.RANKING:
        return _ranking(options, data)
    if vote.kind == Kind.ANSWERS:
        return _answers(vote, data)
    try:
        return Filling(frozenset(int(key) for key in data.getlist("choice")))
    except ValueError:
        return Filling(frozenset({_NOWHERE}))


_FIELDS = {Kind.POINTS.value: "points", Kind.RANKING.value: "place"}


def _in_envelopes(vote: Vote, options: Sequence[BallotOption], data: MultiValueDict[str, str]) -> Filling:
    """Each envelope read by itself. Where more are filled in than one person votes in, those go that were not open on the page:
    whoever chooses in another envelope moves there."""
    known = {str(option.pk) for option in options}
    sections = envelopes.sections_of(vote, options)
    parts = {section.code: read(section.vote, section.options, _about(section, data)) for section in sections}
    used = [section for section in sections if parts[section.code].chosen]
    if many := envelopes.beyond(vote, used):
        shown = data.getlist("open")
        for section in many:
            if section.code not in shown:
                parts[section.code] = Filling(kinds.tidy(vote.kind, ()))
    chosen = kinds.joined(vote.kind, (part.chosen for part in parts.values()))
    prefix = f"{_FIELDS.get(vote.kind, '')}-"
    names = data.getlist("choice") if vote.kind == Kind.APPROVAL else [
        name.removeprefix(prefix) for name in data if name.startswith(prefix)
    ]  # fmt: skip
    if not set(names) <= known:
        strange: Filled = {_NOWHERE: 1} if vote.kind == Kind.POINTS else (_NOWHERE,)
        chosen = kinds.joined(vote.kind, (chosen, strange))
    refused = next((part.refused for part in parts.values() if part.refused is not None), None)
    # Opening an envelope takes along what is filled in so far.
    return Filling(chosen, refused, bool(data.get("go")) or any(part.stepped for part in parts.values()))


def _about(section: Section, data: MultiValueDict[str, str]) -> MultiValueDict[str, str]:
    """The fields of a form that are about this envelope."""
    mine = {str(key) for key in section.keys}
    found: MultiValueDict[str, str] = MultiValueDict()
    found.setlist("choice", [key for key in data.getlist("choice") if key in mine])
    for name in data:
        if name.partition("-")[2] in mine:
            found.setlist(name, data.getlist(name))
    if str(data.get("step") or "").partition(":")[0] in mine:
        found["step"] = str(data.get("step"))
    return found


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


def _answers(vote: Vote, data: MultiValueDict[str, str]) -> Filling:
    """One field for each line; the button beside a question takes back its answers."""
    asked = questions.read(vote.questions)
    known = {f"answer-{line.key}": line.key for line in questions.lines_of(asked)}
    given: dict[int, int] = {}
    for name in data:
        if not name.startswith("answer-"):
            continue
        text = str(data.get(name) or "")
        # What is no answer becomes one that no question has: the rules refuse it in words.
        value = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
        given[known.get(name, _NOWHERE)] = value if text else 0
    number, what = _step(data)
    if what == "clear":
        gone = {line.key for question in asked if question.number == number for line in question.lines}
        given = {key: value for key, value in given.items() if key not in gone}
    return Filling({key: value for key, value in given.items() if value}, None, bool(what))


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
