"""One line a clerk types for one ballot, by the kind of the ballot. Pure functions of the options.

read_line("3 7 12", vote, options)   # a valid one
read_line("0", vote, options)        # blank
read_line("x2", vote, options)       # invalid, the second category
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No
from proposals.ballots import rules
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork.models import Invalid, Typed

EMPTY = No(
    _("Nothing is typed."), _("Type the numbers of the projects, 0 for a blank ballot, or X and a number.")
)
OR_INVALID = _("If the ballot really says so, type X1.")


@dataclass(frozen=True, slots=True)
class Line:
    """A ballot as it was read: its kind, why it is invalid, the positions of the chosen options in order."""

    kind: str
    category: str = ""
    positions: tuple[int, ...] = ()


def read_line(text: str, vote: Vote, options: Sequence[BallotOption]) -> Line | No:
    """What was typed for one ballot, or what is wrong with it in words."""
    words = re.split(r"[\s,;+]+", text.strip().lower())
    words = [word for word in words if word]
    if not words:
        return EMPTY
    if words in (["0"], ["-"]):
        return Line(Typed.Kind.BLANK)
    if len(words) == 1 and (found := re.fullmatch(r"x(\d)", words[0])):
        number = int(found[1])
        if not 1 <= number <= len(Invalid.values):
            return No(
                format_lazy(
                    _("X stands before a number from 1 to {most}: why the ballot is invalid."),
                    most=len(Invalid.values),
                )
            )
        return Line(Typed.Kind.INVALID, Invalid.values[number - 1])
    return _read_approval(words, vote, options)


def _read_approval(words: Sequence[str], vote: Vote, options: Sequence[BallotOption]) -> Line | No:
    """The numbers of the chosen projects, in any order."""
    by_number = {option.code.lower(): option for option in options}
    by_number |= {str(int(option.code)): option for option in options if option.code.isdecimal()}
    chosen: dict[int, BallotOption] = {}
    for word in words:
        option = by_number.get(word) or by_number.get(word.lstrip("0"))
        if option is None:
            return No(format_lazy(_("There is no project with the number {number}."), number=word.upper()))
        if option.pk in chosen:
            return No(format_lazy(_("The number {number} stands here twice."), number=word.upper()))
        chosen[option.pk] = option
    castable = rules.is_castable(vote, options, chosen)
    if isinstance(castable, No):
        return No(castable.reason, OR_INVALID)
    return Line(Typed.Kind.VALID, "", tuple(sorted(option.position for option in chosen.values())))


def as_typed(line: Line | Typed, options: Sequence[BallotOption]) -> str:
    """The line again, as a clerk would type it."""
    if line.kind == Typed.Kind.BLANK:
        return "0"
    if line.kind == Typed.Kind.INVALID:
        return f"X{Invalid.values.index(line.category) + 1}"
    codes = {option.position: option.code for option in options}
    return " ".join(codes[position] for position in sorted(line.positions))
