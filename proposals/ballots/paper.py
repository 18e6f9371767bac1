"""The ballot as one person sees it: cards in their own order, what is left, and what the choice is worth."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundwork.answer import Answer, No
from groundwork.html import say
from proposals.ballots import keys, words
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.rules import State, state_of

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Choice:
    """One card of the ballot. `why` says why it cannot be taken now."""

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
    why: str


def choices_of(
    vote: Vote, options: Sequence[BallotOption], state: State, person: Person | None, at: datetime
) -> list[Choice]:
    """The cards in the order of this person: random, the same at every visit, different from everybody else's."""
    address = reverse("proposals:proposal", args=["0-0"])
    language = get_language() or "de"
    full = vote.max_choices is not None and len(state.chosen) >= vote.max_choices
    found = []
    for option in shuffled(vote, options, person, at):
        proposal = option.proposal
        checked = option.pk in state.chosen
        said_in = proposal.text_language(language)
        why = ""
        if not checked and option.cost > state.left:
            why = words.too_dear()
        elif not checked and full:
            why = words.too_many(vote)
        found.append(
            Choice(
                key=option.pk,
                title=words.title_of(option),
                lang="" if said_in == language or not proposal.is_public else said_in,
                about=f"{proposal.place.name} · {proposal.in_language('summary')}"
                if proposal.is_public
                else "",
                cost=words.amount(option.cost, vote.currency),
                plain_cost=str(option.cost),
                hue=proposal.hue,
                pattern=proposal.pattern,
                url=address.replace("0-0", proposal.receipt) if proposal.is_public else "",
                checked=checked,
                why=why,
            )
        )
    return found


def shuffled(
    vote: Vote, options: Sequence[BallotOption], person: Person | None, at: datetime
) -> list[BallotOption]:
    """Nobody gains by standing first: each voter's order comes from their tag, visitors' from the day."""
    if person is not None:
        seed = keys.load(vote.pk, vote.public_key).tag(f"order:{person.pk}")
    else:
        seed = hashlib.sha256(f"{vote.pk} {at:%Y-%m-%d}".encode()).digest()
    order = list(options)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    return order


def strip_of(
    vote: Vote, options: Sequence[BallotOption], chosen: Collection[int], *, saved: bool,
    refused: No | None = None, missing: Answer | None = None, practice: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """What the strip and the sentence under the heading need.

    `saved`: this is what lies in the ballot box; `refused`: it was not stored; `missing`: what the person lacks so far;
    `practice`: nothing is ever stored, and the words say what it would be worth.
    """
    state = state_of(vote, options, chosen)
    free, whole = words.amount(state.left, vote.currency), words.amount(vote.budget, vote.currency)
    taken = [option for option in options if option.pk in state.chosen]
    kind, icon, word = _sign(state, saved=saved, refused=refused, practice=practice)
    return {
        "state": state,
        "kind": kind,
        "kind_icon": icon,
        "kind_word": word,
        "sentence": refused.reason
        if refused is not None
        else missing.reason
        if isinstance(missing, No)
        else _practised(vote, state)
        if practice
        else _sentence(vote, state, saved=saved),
        "practice": practice,
        "vote_budget": vote.budget,
        "free": free,
        "whole": whole,
        "segments": [(option.proposal.hue, option.cost) for option in taken],
        "bar_label": _("%(left)s of %(whole)s are left") % {"left": free, "whole": whole},
    }


def _sign(state: State, *, saved: bool, refused: No | None, practice: bool = False) -> tuple[str, str, str]:
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


def _practised(vote: Vote, state: State) -> str:
    if state.is_empty:
        return _("Try it: choose projects that cost at most %(budget)s together.") % {
            "budget": words.amount(vote.budget, vote.currency)
        }
    if state.missing:
        return ngettext(
            "At least %(n)s more project is missing. In the real vote this ballot would be saved and would not count yet.",
            "At least %(n)s more projects are missing. In the real vote this ballot would be saved and would not count yet.",
            state.missing,
        ) % {"n": state.missing}
    return _(
        "This ballot would count. In the real vote every touch is saved, and you can change it until the end."
    )


def _sentence(vote: Vote, state: State, *, saved: bool) -> str | SafeString:
    until = say.soon(vote.phase.ends) if vote.phase.ends else ""
    if state.is_empty:
        return _("Choose projects that cost at most %(budget)s together. You can change your ballot until %(until)s.") % {
            "budget": words.amount(vote.budget, vote.currency), "until": until
        }  # fmt: skip
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
    return ngettext(
        "You have chosen %(n)s project. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
        "You have chosen %(n)s projects. Your ballot is saved and counts as it stands here. You can change it until %(until)s.",
        len(state.chosen),
    ) % {"n": len(state.chosen), "until": until}
