"""The rules a vote can be counted by, in words for people: the studio, the ballot and the result say the same.

No models here: the manifest reads this before the tables are ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from proposals.ballots.tally import LEXICOGRAPHIC_ID, LOT, LOWEST_COST_THEN_ID, BallotKind

# What a round of the count is about: going down a list, paying with one's share, saving until it is enough, or an answer.
Family = Literal["list", "shares", "saving", "answers"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule as it is said. `does` has a gap for the budget; `short` says the same in the studio, in a sentence, and
    `suits` what it is good for, fairness included."""

    slug: str
    kind: BallotKind
    family: Family
    name: Words
    does: Words
    short: Words
    suits: Words
    is_proportional: bool = False


_DOES_LIST = _(
    "We go through the projects from the most votes to the fewest. A project gets its money when it fits into"
    " what is left of %(budget)s. What no longer fits is skipped."
)
_DOES_LIST_PER_EURO = _(
    "We go through the projects from the most votes for its cost to the fewest: of two projects with as many votes"
    " the cheaper one comes first. A project gets its money when it fits into what is left of %(budget)s. What no"
    " longer fits is skipped."
)
_DOES_SHARES = _(
    "Everyone who votes gets an equal share of %(budget)s. Those who chose a project pay for it together, in equal"
    " parts; who has less left gives all of it. The project that the most people carry comes first. It ends when"
    " nobody can pay for what they still want together. Money may be left over."
)
_DOES_SHARES_PER_PROJECT = _(
    "Everyone who votes gets an equal share of %(budget)s. Those who chose a project pay for it together, in equal"
    " parts; who has less left gives all of it. The project that asks the smallest sum of each of them comes first."
    " It ends when nobody can pay for what they still want together. Money may be left over."
)
_DOES_SHARES_RAISED = _(
    "Everyone who votes gets an equal share of %(budget)s. Those who chose a project pay for it together, in equal"
    " parts; who has less left gives all of it. The project that the most people carry comes first. Then all shares"
    " are raised alike, unit by unit, and counted anew, until no more project fits into the budget."
)
_DOES_SHARES_COMPLETED = _(
    "Everyone who votes gets an equal share of %(budget)s. Those who chose a project pay for it together, in equal"
    " parts; who has less left gives all of it. The project that the most people carry comes first. Then all shares"
    " are raised alike, unit by unit, and counted anew, until the budget is used up. What is left at the end goes to"
    " the projects with the most votes that still fit."
)
_DOES_SAVING = _(
    "Everyone who votes gets money at the same pace. As soon as those who chose a project have together what it"
    " costs, they buy it and begin to save again. It ends when the next project no longer fits into what is left of"
    " %(budget)s."
)
_DOES_POINTS_LIST = _(
    "We go through the projects from the most points for its cost to the fewest. A project gets its money when it"
    " fits into what is left of %(budget)s. What no longer fits is skipped."
)
_DOES_POINTS_SHARES = _(
    "Everyone who votes gets an equal share of %(budget)s. Those who gave points to a project pay for it together,"
    " more for more points. The project that asks the smallest sum for a point comes first. It ends when nobody can"
    " pay for what they still want together. Money may be left over."
)
_RANKED = _("On a ballot a project gets one point for every project that stands below it.")
_SHORT_LIST = _("The project with the most votes gets its money first, then the next one that fits.")
_SHORT_LIST_PER_EURO = _("The project with the most votes for each euro of its cost gets its money first.")
_SHORT_SHARES = _(
    "Everyone gets an equal share and pays with it for what they chose. What is left stays with the city, often much."
)
_SHORT_SHARES_PER_PROJECT = _(
    "Everyone gets an equal share and pays with it; what asks the smallest sum of each person comes first."
)
_SHORT_SHARES_RAISED = _(
    "Everyone gets an equal share and pays with it for what they chose. Shares are raised until the money is nearly"
    " used up; what is left stays with the city."
)
_SHORT_SHARES_COMPLETED = _(
    "Everyone gets an equal share and pays with it for what they chose. Shares are raised until the money is nearly"
    " used up; what is left goes by votes."
)
_SHORT_SAVING = _(
    "Everyone gets money at the same pace, and those who chose a project buy it as soon as they can."
)
_SHORT_POINTS_LIST = _("The project with the most points for each euro of its cost gets its money first.")
_SHORT_POINTS_SHARES = _("Everyone gets an equal share and pays with it for what they gave points to.")
_LARGE_GROUP = _("Easy to follow. The largest group can decide everything.")
_CHEAP_FIRST = _(
    "Brings many small projects. Dear projects have a hard time, and the largest group can decide."
)
_FAIR_SHARE = _("Proportional: a group that is a tenth of the voters decides on about a tenth of the money.")
_FAIR_AND_USED = _(
    "Recommended. Proportional: a group that is a tenth of the voters decides on about a tenth of the money, and little"
    " money stays unused."
)
_FAIR_SMALL = _(
    "Proportional, and kind to cheap projects that many can agree on. Much money may stay unused."
)
_FAIR_LATE = _("Proportional over time: who got something waits until the others have caught up.")

_ALL = (
    Spoken("greedy_cost", BallotKind.APPROVAL, "list", _("Most votes first"), _DOES_LIST, _SHORT_LIST, _LARGE_GROUP),
    Spoken(
        "add1u_cost", BallotKind.APPROVAL, "shares", _("Equal shares, completed"),
        _DOES_SHARES_COMPLETED, _SHORT_SHARES_COMPLETED, _FAIR_AND_USED, True,
    ),
    Spoken(
        "add1_cost", BallotKind.APPROVAL, "shares", _("Equal shares, raised"),
        _DOES_SHARES_RAISED, _SHORT_SHARES_RAISED, _FAIR_SHARE, True,
    ),
    Spoken("mes_cost", BallotKind.APPROVAL, "shares", _("Equal shares"), _DOES_SHARES, _SHORT_SHARES, _FAIR_SHARE, True),
    Spoken(
        "mes_card", BallotKind.APPROVAL, "shares", _("Equal shares, small sums first"),
        _DOES_SHARES_PER_PROJECT, _SHORT_SHARES_PER_PROJECT, _FAIR_SMALL, True,
    ),
    Spoken("phragmen_x", BallotKind.APPROVAL, "saving", _("Saving together"), _DOES_SAVING, _SHORT_SAVING, _FAIR_LATE, True),
    Spoken(
        "greedy_card", BallotKind.APPROVAL, "list", _("Most votes per euro first"),
        _DOES_LIST_PER_EURO, _SHORT_LIST_PER_EURO, _CHEAP_FIRST,
    ),
    Spoken(
        "greedy_cum", BallotKind.CUMULATIVE, "list", _("Most points per euro first"),
        _DOES_POINTS_LIST, _SHORT_POINTS_LIST, _CHEAP_FIRST,
    ),
    Spoken(
        "mes_cum", BallotKind.CUMULATIVE, "shares", _("Equal shares by points"),
        _DOES_POINTS_SHARES, _SHORT_POINTS_SHARES, _FAIR_SHARE, True,
    ),
    Spoken(
        "greedy_borda", BallotKind.ORDINAL, "list", _("Best places per euro first"),
        _DOES_POINTS_LIST, _SHORT_POINTS_LIST, _CHEAP_FIRST,
    ),
    Spoken(
        "mes_borda", BallotKind.ORDINAL, "shares", _("Equal shares by places"),
        _DOES_POINTS_SHARES, _SHORT_POINTS_SHARES, _FAIR_SHARE, True,
    ),
)  # fmt: skip
# The rules that give money to projects.
SPOKEN = {rule.slug: rule for rule in _ALL}
EACH_QUESTION = Spoken(
    "each_question", BallotKind.SCORING, "answers", _("Every question by itself"),
    _(
        "Every question is counted by itself. Whoever leaves a question open is not counted in it; the other answers on"
        " the ballot count all the same."
    ),
    _("Yes and no are counted against each other; of options with grades the one with the best middle grade wins."),
    _("For questions to which the city wants a clear answer."),
)  # fmt: skip
# Where the money is divided into envelopes; each of them has a rule from above.
EACH_ENVELOPE = Spoken(
    "each_envelope", BallotKind.SCORING, "list", _("Every envelope by itself"),
    _(
        "%(budget)s are divided into envelopes. Every envelope is counted by itself, by its own rule, and pays only for its"
        " own projects. What is left of an envelope stays with the city."
    ),
    _("Every envelope is counted by its own rule."),
    "",
)  # fmt: skip
# The rules that can be chosen for a vote.
SETTABLE = SPOKEN | {EACH_QUESTION.slug: EACH_QUESTION}
# Every rule a vote can have.
NAMED = SETTABLE | {EACH_ENVELOPE.slug: EACH_ENVELOPE}

TIES: tuple[tuple[str, Words], ...] = (
    (LOWEST_COST_THEN_ID.name, _("The cheaper project goes first")),
    (LOT, _("A lot decides")),
    (LEXICOGRAPHIC_ID.name, _("The smaller number on the ballot goes first")),
)
TIES_ABOUT: dict[str, Words] = {
    LOWEST_COST_THEN_ID.name: _(
        "More projects can be paid for. If both cost the same, the smaller number goes first."
    ),
    LOT: _(
        "The lot is drawn at the opening and stays sealed. Its fingerprint is public from then on, so nobody can"
        " exchange it. It is opened with the count, and anybody can draw it again."
    ),
}


def rules_for(kind: BallotKind) -> tuple[Spoken, ...]:
    """The rules that can count ballots of this kind, in the order in which people are shown them."""
    return tuple(rule for rule in _ALL if rule.kind is kind)


def ranked_words(kind: BallotKind) -> Words:
    """How places become points; nothing where ballots are no rankings."""
    return _RANKED if kind is BallotKind.ORDINAL else ""


def choices() -> tuple[tuple[str, Words], ...]:
    """All rules for the studio: those for approvals first."""
    return tuple((rule.slug, rule.name) for rule in SETTABLE.values())


def abouts() -> dict[str, Words]:
    """What the studio says of each rule: what it does and what it is good for."""
    return {rule.slug: format_lazy("{} {}", rule.short, rule.suits) for rule in SETTABLE.values()}
