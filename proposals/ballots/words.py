"""The sentences of a vote: how it is counted, what a state means, sums of money in the vote's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cocreation import placetree
from groundwork.answer import Words
from groundwork.html import say
from proposals.ballots import answer_words, envelopes
from proposals.ballots.rulebook import EACH_ENVELOPE, EACH_QUESTION, NAMED, ranked_words
from proposals.ballots.tally import LOT, LOWEST_COST_THEN_ID
from proposals.models import Theme

if TYPE_CHECKING:
    from proposals.ballots.models import BallotOption, Vote


def amount(value: Decimal | int | str, currency: str = "EUR") -> str:
    """42.000 €, or 42.000 PLN where a vote was held in another currency."""
    exact = Decimal(value)
    if currency == "EUR":
        return say.money(exact)
    whole = exact == exact.to_integral_value()
    return f"{say.number(int(exact) if whole else exact, None if whole else 2)}\N{NO-BREAK SPACE}{currency}"


def pot_name(slug: str) -> str:
    """The name of a theme or a place for readers; its slug when the city no longer has it."""
    return str(dict(Theme.choices).get(slug) or placetree.names_of([slug])[0])


def reserve_sentences(vote: Vote) -> list[str]:
    """Which shares of the money go first to which projects, and what becomes of the rest."""
    by_place = [share for share in vote.reserves if "place" in share]
    if by_place:
        return _place_sentences(vote, by_place)
    said = [
        _("%(amount)s (%(percent)s) are reserved for the theme “%(theme)s”.")
        % {
            "amount": amount(share["amount"], vote.currency),
            "percent": say.percent(share["percent"]),
            "theme": pot_name(share["theme"]),
        }
        for share in vote.reserves
    ]
    if said:
        said.append(
            _(
                "A reserved share goes first to the projects of its theme, the one with the most votes first. What is left"
                " of it then goes to all projects, and so does all other money."
            )
        )
    return said


def _place_sentences(vote: Vote, shares: Sequence[Mapping[str, Any]]) -> list[str]:
    listed = "; ".join(
        f"{pot_name(share['place'])} {amount(share['amount'], vote.currency)}" for share in shares
    )
    return [
        _("Every place has a share of the money: %(listed)s.") % {"listed": listed},
        _(
            "The share of a place goes first to its own projects, the one with the most votes first. What is left of it then"
            " goes to all projects, and so does all other money."
        ),
    ]


COMPARED = gettext_lazy(
    "At the end this outcome is held against the one in which the projects with the most votes come first. If more people get"
    " more of their projects there than here, that outcome stands; else this one does."
)


def rule_name(vote: Vote) -> Words:
    return NAMED[vote.rule].name


def rule_sentences(vote: Vote) -> list[str]:
    """How this vote is counted, the tie rule included: shown before anybody votes, and beside the result."""
    rule = NAMED[vote.rule]
    if rule is EACH_QUESTION:
        return [str(rule.does), *answer_words.sentences(vote)]
    if rule is EACH_ENVELOPE:
        return [str(rule.does) % {"budget": amount(vote.budget, vote.currency)}, tie_sentence(vote)]
    ranked = str(ranked_words(rule.kind))
    said = [
        str(rule.does) % {"budget": amount(vote.budget, vote.currency)},
        *([ranked] if ranked else []),
        *([str(COMPARED)] if vote.compares else []),
        *reserve_sentences(vote),
        tie_sentence(vote),
    ]
    if vote.min_choices > 1:
        said.append(
            ngettext(
                "A ballot counts from %(n)s project on.",
                "A ballot counts from %(n)s projects on.",
                vote.min_choices,
            )
            % {"n": vote.min_choices}
        )
    if vote.max_choices is not None:
        said.append(
            ngettext(
                "You can choose at most %(n)s project.",
                "You can choose at most %(n)s projects.",
                vote.max_choices,
            )
            % {"n": vote.max_choices}
        )
    return said


def limits(vote: Vote) -> list[str]:
    """What a ballot on which projects are crossed must keep to, or its part for one envelope."""
    said = []
    if vote.within_budget:
        said.append(
            _("Your projects may cost at most {budget} together.").format(
                budget=amount(vote.budget, vote.currency)
            )
        )
    if vote.max_choices:
        said.append(
            ngettext("Choose at most {n} project.", "Choose at most {n} projects.", vote.max_choices).format(
                n=vote.max_choices
            )
        )
    if vote.min_choices > 1:
        least = (
            ngettext(
                "Choose at least {n} project, or this part does not count.",
                "Choose at least {n} projects, or this part does not count.",
                vote.min_choices,
            )
            if vote.part
            else ngettext(
                "Choose at least {n} project, or the ballot does not count.",
                "Choose at least {n} projects, or the ballot does not count.",
                vote.min_choices,
            )
        )
        said.append(least.format(n=vote.min_choices))
    return said


def paper_sentences(vote: Vote) -> list[str]:
    """How one votes on paper, and which ballot counts of whoever votes both ways: fixed and said before the vote."""
    if not vote.paper:
        return []
    said = [
        _("You can also vote on paper, at the town hall or by a ballot with a code that you send in."),
        _(
            "If you vote both ways, your ballot on paper counts. Your online ballot ends as soon as your ballot on paper has"
            " come in or is handed to you at the town hall."
        )
        if vote.paper == "paper"
        else _(
            "If you have voted online, that ballot counts and no ballot on paper is taken in for you. Once your ballot on"
            " paper has come in, you cannot vote online any more."
        ),
    ]
    if vote.envelopes:
        said.append(_paper_parts(vote))
    if vote.phase.ends:
        said.append(
            _(
                "Ballots on paper must have come in when the vote ends. They are entered by %(day)s at the latest, then all are counted."
            )
            % {"day": say.day(vote.phase.ends + timedelta(days=vote.paper_days))}
        )
    return said


def _paper_parts(vote: Vote) -> str:
    if any(envelopes.chooses(vote, each) for each in envelopes.read(vote.envelopes)):
        return _(
            "On paper every envelope is a part of the ballot. Where you choose among them you put a cross at “I vote here”; if you"
            " use more parts than allowed, none of these counts."
        )
    return _("On paper every envelope is a part of the ballot.")


def tie_sentence(vote: Vote) -> str:
    """What happens when two projects stand equal."""
    if vote.tie_rule == LOT:
        if vote.lot_seed:
            return _(
                "If two projects stand equal, a lot decides. It was drawn before the vote with the seed %(seed)s; the"
                " fingerprint of the seed (SHA-256) was public from the opening: %(promise)s."
            ) % {"seed": vote.lot_seed, "promise": vote.lot_promise}
        if not vote.lot_promise:
            return _(
                "If two projects stand equal, a lot decides. It is drawn and sealed when the vote opens; its fingerprint is"
                " public from then on."
            )
        return _(
            "If two projects stand equal, a lot decides. It is drawn already and sealed; its fingerprint (SHA-256) is"
            " %(promise)s. The seed is told with the count."
        ) % {"promise": vote.lot_promise}
    if vote.tie_rule == LOWEST_COST_THEN_ID.name:
        if vote.rule == "greedy_cost":
            return _(
                "If two projects have the same number of votes, the cheaper one goes first; if they cost the same, the"
                " one with the smaller number on the ballot."
            )
        return _(
            "If two projects stand equal, the cheaper one goes first; if they cost the same, the one with the smaller"
            " number on the ballot."
        )
    return _("If two projects stand equal, the one whose number comes first as text goes first.")


def title_of(option: BallotOption) -> str:
    """The title in the reader's language; a project that moderation hid since keeps its place, not its words."""
    if not option.proposal.is_public:
        return _("A project that is no longer public")
    return option.proposal.in_language("title")


def too_dear() -> str:
    return _("Costs more than is left. Take another project out.")


def too_many(vote: Vote) -> str:
    if vote.max_choices is None:
        return ""
    return ngettext(
        "You have chosen %(n)s project, and that is the most. Take it out first.",
        "You have chosen %(n)s projects, and that is the most. Take one out first.",
        vote.max_choices,
    ) % {"n": vote.max_choices}
