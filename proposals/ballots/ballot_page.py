"""The ballot as one person sees it: cards in their own order, what is left, and what the choice is worth."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundwork.answer import Answer, No
from groundwork.html import say
from proposals.ballots import answer_words, keys, kind_words, memory, questions, words
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.rules import State, most_for_one, state_of

if TYPE_CHECKING:
    from accounts.models import Person

Thing = TypeVar("Thing")
# What is drawn of a ballot for everybody, kept as long as it stays as it is (memory.py).
Shelf = dict[Any, Any] | None
# The fields of a Choice up to its address: what a card says to everybody.
Said = tuple[int, str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One card of the ballot. `value`: its points, or its place in the order; 0 for none. `why` says why it cannot be taken now."""

    key: int
    title: str
    lang: str
    about: str
    cost: str
    plain_cost: str
    hue: str
    pattern: str
    url: str
    checked: bool
    value: int
    why: str


def choices_of(
    vote: Vote, options: Sequence[BallotOption], state: State, person: Person | None, at: datetime, shelf: Shelf = None
) -> list[Choice]:  # fmt: skip
    """The cards in the order of this person: random, the same at every visit, different from everybody else's.

    What is ranked comes first, in the order that was given to it."""
    language = get_language() or "de"
    values = _values(vote, state.chosen)
    found, address = [], ""
    for option in shuffled(vote, options, person, at):
        kept: Said | None = None if shelf is None else shelf.get((language, "words", option.pk))
        if kept is None:
            address = address or reverse("proposals:proposal", args=["0-0"])
            kept = _words(vote, option, language, address.replace("0-0", option.proposal.receipt))
            if shelf is not None:
                shelf[language, "words", option.pk] = kept
        found.append(
            Choice(
                *kept,
                checked=option.pk in state.chosen,
                value=values.get(option.pk, 0),
                why=_why_not(vote, option, state),
            )
        )
    if vote.kind == Kind.RANKING:
        found.sort(key=lambda choice: choice.value or len(found) + 1)
    return found


def _words(vote: Vote, option: BallotOption, language: str, address: str) -> Said:
    """What a card says to everybody."""
    proposal = option.proposal
    said_in = proposal.text_language(language)
    return (
        option.pk,
        words.title_of(option),
        "" if said_in == language or not proposal.is_public else said_in,
        f"{proposal.place.name} · {proposal.in_language('summary')}" if proposal.is_public else "",
        words.amount(option.cost, vote.currency),
        str(option.cost),
        proposal.hue,
        proposal.pattern,
        address if proposal.is_public else "",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the ballot with its lines: (line, [(number, name, whether it is the answer now)])."""

    question: questions.Question
    condition: str
    lines: list[tuple[questions.Line, list[tuple[int, str, bool]]]]
    answered: bool


def asked_of(vote: Vote, state: State, person: Person | None, at: datetime) -> list[Asked]:
    """The questions in their order; the options to be graded in the order of this person, as cards are."""
    given = state.chosen if isinstance(state.chosen, Mapping) else {}
    found = []
    for question in questions.read(vote.questions):
        answers = answer_words.BEST_FIRST if question.asks_grades else tuple(questions.SAID.items())
        lines = [
            (line, [(value, str(name), given.get(line.key) == value) for value, name in answers])
            for line in in_own_order(vote, question.lines, person, at)
        ]
        found.append(
            Asked(
                question,
                answer_words.condition(question),
                lines,
                any(line.key in given for line in question.lines),
            )
        )
    return found


def _values(vote: Vote, chosen: Filled) -> Mapping[int, int]:
    if isinstance(chosen, Mapping):
        return chosen
    if vote.kind == Kind.RANKING:
        return {key: place for place, key in enumerate(chosen, start=1)}
    return {}


def _why_not(vote: Vote, option: BallotOption, state: State) -> str:
    if vote.kind == Kind.POINTS or option.pk in state.chosen:
        return ""
    if vote.kind == Kind.APPROVAL and vote.within_budget and option.cost > vote.budget - state.spent:
        return words.too_dear()
    if vote.max_choices is not None and len(state.chosen) >= vote.max_choices:
        return words.too_many(vote)
    return ""


def ballot_of(
    vote: Vote, options: Sequence[BallotOption], state: State, person: Person | None, at: datetime
) -> dict[str, Any]:
    """What the page of a ballot shows whoever fills it in, practice or not."""
    return {
        **chosen_of(vote, options, state, person, at),
        "process": vote.phase.process,
        "heading": kind_words.heading(vote),
        "cards": cards_template(vote),
        "who": vote.phase.audience_of("vote").sentence(),
        "rule": partial(words.rule_sentences, vote),  # asked only where it is drawn
        "reserves": words.reserve_sentences(vote),
        "on_paper": words.paper_sentences(vote),
        "leave_url": reverse("cocreation:process", args=[vote.phase.process.slug]),
    }


def cards_template(vote: Vote) -> str:
    return f"proposals/ballots/cards_{'envelopes' if vote.envelopes else vote.kind}.html"


def chosen_of(
    vote: Vote, options: Sequence[BallotOption], state: State, person: Person | None, at: datetime
) -> dict[str, Any]:
    """What the cards or questions of a ballot need: what of its page is of whoever fills it in, beside the strip."""
    shelf = memory.shelf_of(options)
    return {
        **({} if vote.envelopes else cards_of(vote, options, state, person, at, shelf)),
        "shelf": shelf,
        "vote": vote,
        "asked": asked_of(vote, state, person, at),
    }


def cards_of(
    vote: Vote, options: Sequence[BallotOption], state: State, person: Person | None, at: datetime, shelf: Shelf = None
) -> dict[str, Any]:  # fmt: skip
    """The projects with what limits them: of a whole ballot, or of one envelope."""
    choices = choices_of(vote, options, state, person, at, shelf)
    most = min(vote.max_choices or len(options), len(options))
    return {
        "vote": vote,
        "choices": choices,
        "ranked": [choice for choice in choices if choice.value],
        "rest": [choice for choice in choices if not choice.value],
        "places": range(1, most + 1),
        "most_places": most,
        "most_points": most_for_one(vote),
        "plain_budget": str(vote.budget) if vote.within_budget and vote.kind == Kind.APPROVAL else "",
        "why_most": words.too_many(vote),
        "template": f"proposals/ballots/cards_{vote.kind}.html",
    }


def shuffled(
    vote: Vote, options: Sequence[BallotOption], person: Person | None, at: datetime
) -> list[BallotOption]:
    return in_own_order(vote, options, person, at)


def in_own_order(vote: Vote, things: Sequence[Thing], person: Person | None, at: datetime) -> list[Thing]:
    """Nobody gains by standing first: each voter's order comes from their tag, visitors' from the day."""
    if person is not None:
        seed = keys.load(vote.pk, vote.public_key).tag(f"order:{person.pk}")
    else:
        seed = hashlib.sha256(f"{vote.pk} {at:%Y-%m-%d}".encode()).digest()
    order = list(things)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    return order


def strip_of(
    vote: Vote, options: Sequence[BallotOption], chosen: Filled, *, saved: bool,
    refused: No | None = None, missing: Answer | None = None, practice: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """What the strip and the sentence under the heading need.

    `saved`: this is what lies in the ballot box; `refused`: it was not stored; `missing`: what the person lacks so far;
    `practice`: nothing is ever stored, and the words say what it would be worth.
    """
    state = state_of(vote, options, chosen)
    left_label, free, bar_label = kind_words.left(vote, state)
    kind, icon, word = sign(state, saved=saved, refused=refused, practice=practice)
    return {
        "state": state,
        "kind": kind,
        "kind_icon": icon,
        "kind_word": word,
        "sentence": refused.reason
        if refused is not None
        else missing.reason
        if isinstance(missing, No)
        else _practised(vote, options, state)
        if practice
        else _sentence(vote, options, state, saved=saved),
        "practice": practice,
        "left_label": left_label,
        "free": free,
        "whole": state.whole,
        "segments": kind_words.segments(vote, options, state),
        "bar_label": bar_label,
    }


def sign(state: State, *, saved: bool, refused: No | None, practice: bool = False) -> tuple[str, str, str]:
    if refused is not None:
        return "lost", "circle-alert", _("Not allowed") if practice else _("Not saved")
    if state.is_empty:
        return "open", "circle-dashed", _("Nothing chosen yet")
    if practice and not state.missing:
        return "practice", "circle-check", _("Would count")
    if not saved and not practice:
        return "open", "circle-dashed", _("Does not count yet")
    if state.missing:
        return "open", "circle-dashed", _("Not complete yet")
    return "counts", "circle-check-big", _("Counts now")


def _practised(vote: Vote, options: Sequence[BallotOption], state: State) -> str:
    if vote.envelopes:
        return _of_envelopes(vote, options, state, practice=True)
    if state.is_empty:
        return kind_words.task(vote)
    if state.missing:
        return ngettext(
            "At least %(n)s more project is missing. In the real vote this ballot would be saved and would not count yet.",
            "At least %(n)s more projects are missing. In the real vote this ballot would be saved and would not count yet.",
            state.missing,
        ) % {"n": state.missing}
    return _(
        "This ballot would count. In the real vote every touch is saved, and you can change it until the end."
    )


def _of_envelopes(
    vote: Vote,
    options: Sequence[BallotOption],
    state: State,
    *,
    saved: bool = False,
    practice: bool = False,
    until: str = "",
) -> str:
    from proposals.ballots import envelope_page  # which shows its cards by this module

    return envelope_page.sentence(vote, options, state, saved=saved, practice=practice, until=until)


def _sentence(vote: Vote, options: Sequence[BallotOption], state: State, *, saved: bool) -> str | SafeString:
    until = say.soon(vote.phase.ends) if vote.phase.ends else ""
    if vote.envelopes:
        return _of_envelopes(vote, options, state, saved=saved, until=until)
    if state.is_empty:
        return " ".join(
            [kind_words.task(vote), _("You can change your ballot until %(until)s.") % {"until": until}]
        )
    if state.missing:
        more = ngettext("at least %(n)s more project", "at least %(n)s more projects", state.missing) % {
            "n": state.missing
        }
        return format_html(
            _("Choose <b>{more}</b>. Your ballot counts from {least} projects on. It is saved already."),
            more=more, least=vote.min_choices,
        )  # fmt: skip
    if not saved:
        return _("Your choice is complete. It counts when you have signed in.")
    return kind_words.done(vote, state, until)
