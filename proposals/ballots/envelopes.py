"""The envelopes of a vote: parts of its money with projects, numbers and a rule of their own. No table, no request.

    {"name": {"de": "…", "en": "…"}, "place": "lindach", "theme": "", "amount": "20000", "rule": "greedy_cost",
     "min_choices": 1, "max_choices": None, "points": 10, "most_points": None, "besides": False}

So the studio stores them. A project belongs to the envelope of its place, the nearest around it first, else to the one of its theme,
else to the one without place and theme. An empty amount is the share of its place, or what is left of the budget. `besides`: everybody
votes in it, and it is not one of the so many. The opening adds `code` (A, B, …), the amount and the codes of the `projects`, which begin
with that of their envelope: "A.01".

A ballot is one choice over all envelopes, sealed in one slot. A *section* is what is about one of them: a copy of the vote with the
money, the numbers and the rule of the envelope, so that everything that knows a vote knows a section.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import placetree
from groundwork.answer import Words
from proposals.ballots import kinds
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.questions import LANGUAGES, in_language

if TYPE_CHECKING:
    from proposals.ballots.models import BallotOption, Vote

MOST_ENVELOPES = 20
MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope. `amount` is None where it follows from the division or from what is left; `code` is its letter."""

    code: str
    name: Mapping[str, str]
    place: str
    theme: str
    amount: Decimal | None
    rule: str
    min_choices: int
    max_choices: int | None
    points: int
    most_points: int | None
    besides: bool

    @property
    def said(self) -> str:
        return in_language(self.name)

    @property
    def takes_the_rest(self) -> bool:
        """Whether it is for projects that belong to no other."""
        return not self.place and not self.theme


@dataclass(frozen=True, slots=True)
class Section:
    """What of a vote is about one envelope."""

    envelope: Envelope
    vote: Vote
    options: list[BallotOption]

    @property
    def code(self) -> str:
        return self.envelope.code

    @property
    def keys(self) -> set[int]:
        return {option.pk for option in self.options}

    def part(self, chosen: Filled) -> Filled:
        """What of a ballot is about this envelope."""
        return kinds.only(chosen, self.keys)


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Envelope, ...]:
    """Envelopes in their order. ValueError for what does not have this shape."""
    found = []
    for number, one in enumerate(stored):
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), Mapping):
            raise ValueError(f"Envelope {number + 1} is of no known form.")
        found.append(
            Envelope(
                code=str(one.get("code") or code_at(number)),
                name={language: str(one["name"].get(language, "")) for language in LANGUAGES},
                place=str(one.get("place") or ""),
                theme=str(one.get("theme") or ""),
                amount=_amount(one.get("amount")),
                rule=str(one.get("rule") or ""),
                min_choices=_number(one.get("min_choices", 1)) or 1,
                max_choices=_number(one.get("max_choices")),
                points=_number(one.get("points")) or 0,
                most_points=_number(one.get("most_points")),
                besides=bool(one.get("besides")),
            )
        )
    return tuple(found)


def code_at(number: int) -> str:
    """The letter of an envelope, by its place from 0; beyond the alphabet a number, which no gap lets through."""
    return ascii_uppercase[number] if number < len(ascii_uppercase) else str(number + 1)


def _amount(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no sum of money.") from error


def _number(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{value!r} is no whole number.")
    return value


# --- which project, which money ---


def home_of(envelopes: Sequence[Envelope], place: str, theme: str) -> Envelope | None:
    """The envelope a project of this place and theme belongs to."""
    around = [(len(within), each) for each in envelopes if each.place and place in (within := reach(each))]
    if around:
        return min(around, key=lambda found: found[0])[1]
    of_theme = next((each for each in envelopes if not each.place and each.theme == theme and theme), None)
    return of_theme or next((each for each in envelopes if each.takes_the_rest), None)


def reach(envelope: Envelope) -> set[str]:
    """The place of an envelope and everything inside it."""
    return placetree.with_all_below([envelope.place])


def sums(
    envelopes: Sequence[Envelope], budget: Decimal | None, shares: Iterable[Mapping[str, Any]]
) -> list[Decimal | None]:
    """The money of each: its own sum, else the share of its place (`shares`: {"place", "amount"}), else, for one of them, what is
    left of the budget. None where it cannot be told."""
    of_place = {share["place"]: Decimal(share["amount"]) for share in shares}
    found = [each.amount if each.amount is not None else of_place.get(each.place) for each in envelopes]
    if budget is not None and found.count(None) == 1:
        rest = budget - sum((amount for amount in found if amount is not None), Decimal(0))
        found[found.index(None)] = rest
    return found


# --- sections ---


def part_of(vote: Vote, code: str) -> Vote:
    """The vote as far as this envelope goes. KeyError for a code it does not have."""
    number, envelope = next(
        ((number, each) for number, each in enumerate(read(vote.envelopes)) if each.code == code), (0, None)
    )
    if envelope is None:
        raise KeyError(code)
    part = copy(vote)
    part.part, part.part_name = code, envelope.said
    part.envelopes, part.most_envelopes, part.envelopes_at_home = [], None, False
    part.rule = envelope.rule
    part.budget = Decimal(str(vote.envelopes[number]["amount"]))
    part.min_choices, part.max_choices = envelope.min_choices, envelope.max_choices
    if vote.kind == Kind.POINTS:
        part.points, part.most_points = envelope.points, envelope.most_points
    return part


def code_of(option: str) -> str:
    """The letter of the envelope in the code of an option."""
    return option.partition(".")[0]


def sections_of(vote: Vote, options: Sequence[BallotOption]) -> list[Section]:
    """The sections in the order of the envelopes."""
    return [
        Section(
            envelope,
            part_of(vote, envelope.code),
            [option for option in options if code_of(option.code) == envelope.code],
        )
        for envelope in read(vote.envelopes)
    ]


def voted_in(sections: Iterable[Section], chosen: Filled) -> list[Section]:
    """The sections something is chosen in."""
    return [section for section in sections if section.part(chosen)]


def beyond(vote: Vote, used: Sequence[Section]) -> list[Section]:
    """Those of them that count toward the so many, where they are more than a person votes in; else none."""
    counted = [section for section in used if not section.envelope.besides]
    most = vote.most_envelopes
    return counted if most is not None and len(counted) > most else []


def chooses(vote: Vote, envelope: Envelope) -> bool:
    """Whether this is one of those among which a person has to choose where to vote."""
    others = sum(not each.besides for each in read(vote.envelopes))
    return not envelope.besides and vote.most_envelopes is not None and vote.most_envelopes < others


def how_many(vote: Vote) -> int:
    """In how many envelopes one person can vote."""
    listed = read(vote.envelopes)
    others = sum(not each.besides for each in listed)
    return len(listed) - others + min(others, vote.most_envelopes or others)


def lived_in(vote: Vote, sections: Iterable[Section], residence: str) -> set[str]:
    """The codes of those somebody who lives there may vote in, where envelopes of places are for the people of the place."""
    return {
        section.code
        for section in sections
        if not (vote.envelopes_at_home and section.envelope.place)
        or (bool(residence) and residence in reach(section.envelope))
    }


# --- what is missing before the vote can open ---


def gaps(options: Any) -> list[Words]:
    """What is wrong with the envelopes of these options (manifest.BallotOptions); nothing where there are none."""
    listed = read(options.envelopes)
    if not listed:
        return []
    found: list[Words] = []
    if options.kind == Kind.ANSWERS:
        return [_("Questions have no money: take the envelopes out, or let people vote on projects")]
    if options.paper and options.envelopes_at_home:
        found.append(
            _(
                "Either paper or envelopes only for the people of a place: no ballot out of a box says where somebody lives"
            )
        )
    if options.compares:
        found.append(_("No comparison with “most votes first” where there are envelopes"))
    if options.reserves:
        found.append(_("Either envelopes or shares reserved for themes, not both"))
    if not 2 <= len(listed) <= MOST_ENVELOPES:
        found.append(format_lazy(_("From 2 to {most} envelopes"), most=MOST_ENVELOPES))
    found += _money_gaps(listed, options)
    found += _number_gaps(listed, options)
    for number, each in enumerate(listed, start=1):
        found += [format_lazy(said, n=number) for said in _gaps_of(each, options.kind)]
    belongs = [(each.place, each.theme) for each in listed]
    if len(set(belongs)) != len(belongs):
        found.append(_("Every place, every theme and all other projects in one envelope only"))
    return found


def _money_gaps(listed: Sequence[Envelope], options: Any) -> list[Words]:
    found = sums(listed, options.budget, options.by_place)
    if any(amount is None for amount in found):
        return [_("The sum of every envelope; only one may take what is left")]
    if any(amount is not None and amount <= 0 for amount in found):
        return [_("Every envelope needs some money: the sums are more than the budget, or one is zero")]
    whole = sum((amount for amount in found if amount is not None), Decimal(0))
    if options.budget is not None and whole != options.budget:
        return [_("The sums of the envelopes must together be the budget of the vote")]
    return []


def _number_gaps(listed: Sequence[Envelope], options: Any) -> list[Words]:
    others = sum(not each.besides for each in listed)
    most = options.most_envelopes
    if most is not None and not 1 <= most <= others:
        return [
            _(
                "In how many envelopes one person votes: at least one, and not more than there are to choose from"
            )
        ]
    if options.envelopes_at_home and not any(each.place for each in listed):
        return [_("An envelope of a place, where people vote where they live")]
    return []


def _gaps_of(each: Envelope, kind: str) -> list[Any]:
    """Lazy words with a gap for the number of the envelope."""
    found: list[Any] = []
    if not all(each.name.values()):
        found.append(_("The name of envelope {n} in German and in English"))
    if kind in Kind.values and not kinds.fits(kind, kinds.rule_for(kind, each.rule)):
        found.append(_("A rule for envelope {n} that can count this kind of ballot"))
    if each.min_choices < 1 or (each.max_choices is not None and each.max_choices < each.min_choices):
        found.append(_("The least and the most projects of envelope {n}"))
    if kind == Kind.RANKING and each.min_choices < 2:
        found.append(_("An order counts from at least two projects on, in envelope {n} too"))
    if kind == Kind.POINTS and (
        not 1 <= each.points <= MOST_POINTS
        or (each.most_points is not None and not 1 <= each.most_points <= each.points)
    ):
        found.append(_("How many points one may share out in envelope {n}, and how many for one project"))
    return found


def covers(envelopes: Sequence[Envelope], places: Collection[str]) -> bool:
    """Whether every project of these places belongs somewhere, whatever its theme."""
    if any(each.takes_the_rest for each in envelopes):
        return True
    reached = set().union(*(reach(each) for each in envelopes if each.place))
    return set(places) <= reached
