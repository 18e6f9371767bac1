"""What a clerk types for one ballot. Pure functions of the options.

read_line("3 7 12", vote, options)   # a valid one
read_line("0", vote, options)        # blank
read_line("x2", vote, options)       # invalid, the second category

Of a vote with envelopes the ballot has a part for each, and a clerk types a line for each, by its letter; nothing where nothing stands.
What is said of the whole ballot has no letter.

read_parts({"A": "1 3", "B": "x1"}, vote, options)
read_parts({WHOLE: "x3"}, vote, options)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No, Words
from proposals.ballots import envelopes, rules
from proposals.ballots.envelopes import Section
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork.models import Invalid, Typed

EMPTY = No(
    _("Nothing is typed."), _("Type the numbers of the projects, 0 for a blank ballot, or X and a number.")
)
NOTHING = No(_("Nothing is typed."), _("Where the whole ballot is blank, type 0 in the last field."))
ONE_OR_THE_OTHER = No(
    _("This stands for the whole ballot."), _("Leave it empty, or the fields of the parts.")
)
ONLY_WHOLE = No(_("For the whole ballot type only 0 or X and a number."))
OR_INVALID = _("If the ballot really says so, type X1.")

# The field that speaks of the whole ballot, and where a part was neither chosen nor filled in.
WHOLE, UNUSED = "", "unused"
_OF_A_PART = (Invalid.TOO_MUCH, Invalid.UNCLEAR)
_OF_THE_WHOLE = (Invalid.UNCLEAR, Invalid.MARKED, Invalid.FOREIGN)


@dataclass(frozen=True, slots=True)
class Line:
    """A ballot as it was read: its kind, why it is invalid, the positions of the chosen options in order. `parts`: the letters of the
    envelopes in which it is blank or invalid, with "blank" or the category."""

    kind: str
    category: str = ""
    positions: tuple[int, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


def number_of(category: str) -> str:
    """X1, X2, …: what a clerk types for an invalid ballot."""
    return f"X{Invalid.values.index(category) + 1}"


def reasons(vote: Vote) -> list[tuple[str, Words]]:
    """What can be typed for invalid ballots of this vote, and what it means."""
    limited = any(envelopes.chooses(vote, each) for each in envelopes.read(vote.envelopes))
    return [
        (number_of(one), one.label) for one in Invalid if one is not Invalid.PARTS or limited
    ]  # fmt: skip


def read_line(text: str, vote: Vote, options: Sequence[BallotOption]) -> Line | No:
    """What was typed for one ballot, or what is wrong with it in words."""
    words = _words(text)
    if not words:
        return EMPTY
    known = tuple(one for one in Invalid if one is not Invalid.PARTS)
    found = _read_nothing(words, known)
    return _read_approval(words, vote, options) if found is None else found


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;+]+", text.strip().lower()) if word]


def _read_nothing(words: Sequence[str], known: Sequence[Invalid]) -> Line | No | None:
    """A blank or an invalid one; None for anything else."""
    if words in (["0"], ["-"]):
        return Line(Typed.Kind.BLANK)
    if len(words) != 1 or not (found := re.fullmatch(r"x(\d)", words[0])):
        return None
    numbers = {number_of(one): one for one in known}
    category = numbers.get(f"X{found[1]}")
    if category is None:
        return No(
            format_lazy(
                _("X stands before a number that says why it is invalid. Here there is {known}."),
                known=", ".join(numbers),
            )
        )
    return Line(Typed.Kind.INVALID, category.value)


def _read_approval(words: Sequence[str], vote: Vote, options: Sequence[BallotOption]) -> Line | No:
    """The numbers of the chosen projects, in any order."""
    by_number = {option.code.lower(): option for option in options}
    for each in options:
        letter, dot, number = each.code.lower().rpartition(".")
        if number.isdecimal():
            short = str(int(number))
            by_number |= {number: each, short: each, f"{letter}{dot}{short}": each}
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


# --- votes with envelopes ---


def read_parts(typed: Mapping[str, str], vote: Vote, options: Sequence[BallotOption]) -> Line | dict[str, No]:
    """What was typed for the parts of one ballot, or by letter what is wrong there."""
    lines = {code: words for code, text in typed.items() if (words := _words(text))}
    sections = envelopes.sections_of(vote, options)
    whole = lines.pop(WHOLE, None)
    if whole is not None:
        return {WHOLE: ONE_OR_THE_OTHER} if lines else _read_whole(whole, vote, sections)
    if not lines:
        return {WHOLE: NOTHING}
    read: dict[str, Line] = {}
    wrong: dict[str, No] = {}
    for section in sections:
        if section.code not in lines:
            continue
        known = (*_OF_A_PART, *([Invalid.PARTS] if envelopes.chooses(vote, section.envelope) else []))
        found = _read_nothing(lines[section.code], known)
        if found is None:
            found = _read_approval(lines[section.code], section.vote, section.options)
        if isinstance(found, No):
            wrong[section.code] = found
        else:
            read[section.code] = found
    wrong = wrong or _read_in_too_many(vote, sections, read)
    return wrong or _joined(vote, sections, read)


def _read_whole(words: Sequence[str], vote: Vote, sections: Sequence[Section]) -> Line | dict[str, No]:
    found = _read_nothing(words, _OF_THE_WHOLE)
    if found is None or isinstance(found, No):
        return {WHOLE: ONLY_WHOLE if found is None else found}
    return _joined(vote, sections, {}) if found.kind == Typed.Kind.BLANK else found


def _read_in_too_many(vote: Vote, sections: Sequence[Section], read: Mapping[str, Line]) -> dict[str, No]:
    """Where a person chooses among the parts: not more of them are used than allowed, or all of these are invalid for that reason."""
    used = [
        section for section in sections if envelopes.chooses(vote, section.envelope) and section.code in read
    ]
    most, typed = vote.most_envelopes or 0, number_of(Invalid.PARTS)
    said = {section.code for section in used if read[section.code].category == Invalid.PARTS}
    if len(used) <= most:
        few = No(
            format_lazy(_("{x} stands in every part that is marked or filled in, and only where they are too many."), x=typed)
        )  # fmt: skip
        return dict.fromkeys(sorted(said), few)
    if len(said) == len(used):
        return {}
    many = No(
        format_lazy(
            _("More parts are marked or filled in than one may vote in ({n}): {names}."),
            n=most,
            names=", ".join(section.code for section in used),
        ),
        format_lazy(_("If the ballot really says so, type {x} in each of them."), x=typed),
    )
    return dict.fromkeys([section.code for section in used if section.code not in said][-1:], many)


def _joined(vote: Vote, sections: Sequence[Section], read: Mapping[str, Line]) -> Line:
    """One ballot of its parts. Where nobody has to choose among them, a part in which nothing stands is blank."""
    parts: dict[str, str] = {}
    for section in sections:
        line = read.get(section.code)
        if line is None and not envelopes.chooses(vote, section.envelope):
            line = Line(Typed.Kind.BLANK)
        if line is not None and line.kind != Typed.Kind.VALID:
            parts[section.code] = line.category or Typed.Kind.BLANK.value
    positions = tuple(sorted(position for line in read.values() for position in line.positions))
    why = next((category for category in parts.values() if category != Typed.Kind.BLANK), "")
    if positions:
        return Line(Typed.Kind.VALID, "", positions, parts)
    return Line(Typed.Kind.INVALID if why else Typed.Kind.BLANK, why, (), parts)


def standing(line: Line | Typed, section: Section) -> str:
    """What a ballot is in one part: "valid", "blank", "unused", or the category of an invalid one."""
    if line.kind == Typed.Kind.INVALID and not line.parts:
        return line.category
    if {option.position for option in section.options} & set(line.positions):
        return Typed.Kind.VALID.value
    return line.parts.get(section.code, UNUSED)


# --- the line again, as a clerk would type it ---


def as_typed(line: Line | Typed, options: Sequence[BallotOption]) -> str:
    """Of a vote without envelopes."""
    if line.kind == Typed.Kind.BLANK:
        return "0"
    if line.kind == Typed.Kind.INVALID:
        return number_of(line.category)
    codes = {option.position: option.code for option in options}
    return " ".join(codes[position] for position in sorted(line.positions))


def as_parts(line: Line | Typed, sections: Sequence[Section]) -> dict[str, str]:
    """Of a vote with envelopes: by letter, without those in which nothing stands."""
    if line.kind == Typed.Kind.INVALID and not line.parts:
        return {WHOLE: number_of(line.category)}
    found = {}
    for section in sections:
        said = standing(line, section)
        if said == Typed.Kind.VALID:
            mine = [option for option in section.options if option.position in line.positions]
            found[section.code] = " ".join(option.code.rpartition(".")[2] for option in mine)
        elif said == Typed.Kind.BLANK:
            found[section.code] = "0"
        elif said != UNUSED:
            found[section.code] = number_of(said)
    return found or {WHOLE: "0"}
