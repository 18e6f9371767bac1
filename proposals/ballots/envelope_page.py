"""The envelopes of a ballot as one person sees them: which are open to fill in, what each is worth so far, where one votes.

A person who may vote in one or some of them opens an envelope by its button. That is written down nowhere: which envelopes somebody
votes in is what lies in their sealed ballot, and it changes with it until the end. What was chosen in an envelope that is not open on
the page travels along in hidden fields (`aside`) and goes when there would be too many (filling.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.standing import standing_of
from groundwork.answer import No
from groundwork.html import say
from proposals.ballots import ballot_page, envelopes, kind_words, memory, words
from proposals.ballots.envelopes import Section
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.rules import State, state_of

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Shown:
    """One envelope. `is_open`: its projects stand on the page; `is_mine`: something is chosen in it; `why` says why it cannot be
    opened. `cards` is what the page of a ballot without envelopes shows."""

    code: str
    name: str
    about: str
    amount: str
    n: int
    besides: bool
    is_open: bool
    is_mine: bool
    url: str
    why: str
    kind: str
    kind_icon: str
    kind_word: str
    sentence: str
    left_label: str
    free: str
    whole: object
    segments: Sequence[tuple[str, object]]
    bar_label: str
    rule_name: str
    rule: Sequence[str]
    cards: Mapping[str, Any] = field(default_factory=dict)


def open_codes(vote: Vote, sections: Sequence[Section], chosen: Filled, asked: Collection[str], mine: Collection[str]) -> set[str]:  # fmt: skip
    """The envelopes whose projects stand on the page: those for everybody, those one votes in, and those asked for in the address.
    Where one votes in a single one, the one asked for takes the place of the other; else it waits for room."""
    always = {section.code for section in sections if section.envelope.besides}
    others = [section for section in sections if section.code in mine and section.code not in always]
    most = vote.most_envelopes
    if most is None or len(others) <= most:
        return always | {section.code for section in others}
    used = [section.code for section in others if section.part(chosen)]
    wanted = [section.code for section in others if section.code in asked and section.code not in used]
    return always | set((wanted + used)[:1] if most == 1 else (used + wanted)[:most])


def residence_of(vote: Vote, person: Person | None, at: datetime) -> str | None:
    """Where the person lives as somebody checked it; None where it does not matter or nobody is signed in yet."""
    if not vote.envelopes_at_home or person is None:
        return None
    return standing_of(person, vote.phase.process, at).residence


def around(
    vote: Vote, options: Sequence[BallotOption], chosen: Filled, person: Person | None, at: datetime, *,
    asked: Sequence[str] = (), saved: bool = False, refused: No | None = None, practice: bool = False, cards: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """What a page with envelopes shows beyond other ballots; without `cards` only what changes with every touch."""
    sections = envelopes.sections_of(vote, options)
    residence = residence_of(vote, person, at)
    everything = {section.code for section in sections}
    # Who is not known yet may fill in any: whether they live there is asked when the ballot is cast.
    unknown = residence is None or (practice and not residence)
    mine = everything if unknown else envelopes.lived_in(vote, sections, residence or "")
    opened = open_codes(vote, sections, chosen, asked, mine)
    moves = vote.most_envelopes == 1
    full = (
        not moves
        and vote.most_envelopes is not None
        and len(_others(sections, opened)) >= vote.most_envelopes
    )
    found = [
        _shown(
            section, chosen, is_open=section.code in opened, url=_link(vote, section, asked, moves=moves),
            why=_why(vote, section, mine, full=full), saved=saved, refused=refused, practice=practice,
            cards=ballot_page.cards_of(section.vote, section.options, state_of(section.vote, section.options, section.part(chosen)), person, at, memory.shelf_of(options))
            if cards and section.code in opened else {},
        )
        for section in sections
    ]  # fmt: skip
    away = [section for section in sections if section.code not in opened and section.part(chosen)]
    return {
        "envelopes": found,
        "chooses": len(opened) < len(sections),
        "where": where(vote),
        "moves_from": [section.envelope.said for section in away] if moves else [],
        "aside": [pair for section in away for pair in _fields(vote, section.part(chosen))],
    }


def _others(sections: Sequence[Section], codes: Collection[str]) -> list[Section]:
    return [section for section in sections if section.code in codes and not section.envelope.besides]


def _link(vote: Vote, section: Section, asked: Sequence[str], *, moves: bool) -> str:
    """The page with this envelope open; where there can be several, beside those that were opened before."""
    codes = [section.code] if moves else [*dict.fromkeys([*asked, section.code])]
    return f"?{urlencode({'phase': vote.phase.key, 'envelope': codes}, doseq=True)}#e{section.code}"


def _why(vote: Vote, section: Section, mine: Collection[str], *, full: bool) -> str:
    if section.code not in mine:
        return _("For people who live there.")
    if full:
        return ngettext(
            "You vote in %(n)s envelope already. Take your projects out there first.",
            "You vote in %(n)s envelopes already. Take your projects out in one of them first.",
            vote.most_envelopes or 0,
        ) % {"n": vote.most_envelopes}
    return ""


def _fields(vote: Vote, part: Filled) -> list[tuple[str, int]]:
    """Names and values of form fields that say this part of a ballot."""
    if isinstance(part, Mapping):
        return [(f"points-{key}", points) for key, points in part.items()]
    if vote.kind == Kind.RANKING:
        return [(f"place-{key}", place) for place, key in enumerate(part, start=1)]
    return [("choice", key) for key in sorted(part)]


def _shown(
    section: Section, chosen: Filled, *, is_open: bool, url: str, why: str, saved: bool, refused: No | None, practice: bool,
    cards: Mapping[str, Any],
) -> Shown:  # fmt: skip
    vote, part = section.vote, section.part(chosen)
    state = state_of(vote, section.options, part)
    kind, icon, word = ballot_page.sign(
        state, saved=saved, refused=refused if part else None, practice=practice
    )
    label, free, bar = kind_words.left(vote, state)
    return Shown(
        code=section.code,
        name=section.envelope.said,
        about=belongs(section),
        amount=words.amount(vote.budget, vote.currency),
        n=len(section.options),
        besides=section.envelope.besides,
        is_open=is_open,
        is_mine=bool(part),
        url=url,
        why="" if is_open else why,
        kind=kind,
        kind_icon=icon,
        kind_word=word,
        sentence=part_sentence(vote, state),
        left_label=label,
        free=free,
        whole=state.whole,
        segments=kind_words.segments(vote, section.options, state),
        bar_label=bar,
        rule_name=str(words.rule_name(vote)),
        rule=words.rule_sentences(vote),
        cards=cards,
    )


def belongs(section: Section) -> str:
    """Which projects are in it."""
    envelope = section.envelope
    if envelope.place:
        return _("Projects in %(place)s") % {"place": words.pot_name(envelope.place)}
    if envelope.theme:
        return _("Projects on “%(theme)s”") % {"theme": words.pot_name(envelope.theme)}
    return _("All other projects")


def part_sentence(vote: Vote, state: State) -> str:
    """What an envelope is worth so far, or what to do in it."""
    if state.is_empty:
        return kind_words.task(vote)
    if state.missing:
        return ngettext(
            "At least %(n)s more project is missing here.",
            "At least %(n)s more projects are missing here.",
            state.missing,
        ) % {"n": state.missing}
    if vote.kind == Kind.POINTS:
        return ngettext(
            "You have given %(n)s point here.", "You have given %(n)s points here.", int(state.spent)
        ) % {"n": say.number(int(state.spent))}
    return ngettext(
        "You have chosen %(n)s project here.", "You have chosen %(n)s projects here.", len(state.chosen)
    ) % {"n": say.number(len(state.chosen))}


def where(vote: Vote) -> str:
    """In which envelopes one person votes, in a sentence or two."""
    besides, others = _besides(vote)
    most = vote.most_envelopes
    if most is not None and most >= others:
        most = None
    if most is None:
        said = _("You can vote in every envelope. Each one counts by itself.")
    else:
        said = ngettext(
            "You choose %(n)s of %(all)s envelopes and vote there.",
            "You choose up to %(n)s of %(all)s envelopes and vote there.",
            most,
        ) % {"n": most, "all": others}
        if besides:
            said += " " + _("Besides, everybody votes in: %(names)s.") % {"names": ", ".join(besides)}
    if vote.envelopes_at_home:
        said += " " + _("Envelopes of places are for the people who live there.")
    if most is not None and not vote.envelopes_at_home:
        said += " " + _("You can change this, like your ballot, until the end. Nobody sees where you vote.")
    return said


def where_was(vote: Vote) -> str:
    """The same beside the result."""
    besides, others = _besides(vote)
    if vote.most_envelopes is None or vote.most_envelopes >= others:
        said = _("Everybody could vote in every envelope.")
    else:
        said = ngettext(
            "Everybody could vote in %(n)s of %(all)s envelopes.",
            "Everybody could vote in up to %(n)s of %(all)s envelopes.",
            vote.most_envelopes,
        ) % {"n": vote.most_envelopes, "all": others}
        if besides:
            said += " " + _("Besides, everybody could vote in: %(names)s.") % {"names": ", ".join(besides)}
    if vote.envelopes_at_home:
        said += " " + _("Envelopes of places were for the people who live there.")
    return said


def _besides(vote: Vote) -> tuple[list[str], int]:
    """The names of those for everybody, and how many others there are."""
    listed = envelopes.read(vote.envelopes)
    besides = [each.said for each in listed if each.besides]
    return besides, len(listed) - len(besides)


def sentence(
    vote: Vote, options: Sequence[BallotOption], state: State, *, saved: bool, practice: bool, until: str
) -> str:
    """The sentence under the heading: in which envelopes this ballot counts, and what is still missing."""
    if state.is_empty:
        return _("Choose projects in the envelopes you want to vote in.")
    counting: list[str] = []
    begun: list[str] = []
    for section in envelopes.sections_of(vote, options):
        part = state_of(section.vote, section.options, section.part(state.chosen))
        if part.chosen:
            (begun if part.missing else counting).append(section.envelope.said)
    said = []
    if counting:
        names = {"names": ", ".join(counting)}
        said.append(
            _("Your ballot would count in: %(names)s.") % names
            if practice
            else _("Your ballot is saved and counts in: %(names)s.") % names
            if saved
            else _("Complete, and counts when you have signed in: %(names)s.") % names
        )
    if begun:
        said.append(_("Not complete yet: %(names)s.") % {"names": ", ".join(begun)})
    if saved and until:
        said.append(_("You can change it until %(until)s.") % {"until": until})
    return " ".join(said)
