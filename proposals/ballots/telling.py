"""One round of a count in words and one small picture, by the rule it was counted by. Pure functions of the stored result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.html import say
from proposals.ballots import words
from proposals.ballots.models import Vote
from proposals.ballots.rulebook import SPOKEN
from proposals.ballots.tally import BallotKind

CENT = Decimal("0.01")
# The pot of the rounds that complete Equal Shares; other pots are themes with a reserved share.
COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class Payers:
    """Those who chose a project, as a bar: who paid in full, who gave the rest of their money, who had none left.

    Starts and widths are percentages as text, ready for SVG.
    """

    full: str
    poor_at: str
    poor: str
    label: str


def decimal(text: str) -> Decimal:
    """An amount of a stored result: "12000", "12000.5" or "1/3"."""
    value = Fraction(text)
    return Decimal(value.numerator) / Decimal(value.denominator)


def tell(
    vote: Vote, turn: Mapping[str, Any], *, funded: bool, needed: Mapping[str, Any] | None = None
) -> str:
    """One round in words. `needed`: with how many more votes, or how much more money, a project would have won."""
    parts = [support(vote, turn), why(vote, turn, funded=funded), *_what_was_needed(vote, needed or {})]
    if turn["tied_with"]:
        parts.append(_tie_words(vote))
    return " ".join(part for part in parts if part)


def support(vote: Vote, turn: Mapping[str, Any]) -> str:
    """How many votes or points the project has."""
    number = int(Fraction(turn["votes"]))
    if SPOKEN[vote.rule].kind is BallotKind.APPROVAL:
        return ngettext("%(n)s vote.", "%(n)s votes.", number) % {"n": say.number(number)}
    return ngettext("%(n)s point.", "%(n)s points.", number) % {"n": say.number(number)}


def why(vote: Vote, turn: Mapping[str, Any], *, funded: bool) -> str:
    """What decided this round."""
    rule = SPOKEN[vote.rule]
    if rule.family == "list" or turn.get("pot") == COMPLETION:
        return _listed(vote, turn, funded=funded)
    if rule.family == "shares":
        return _paid(vote, turn) if funded else _could_not_pay(vote, turn)
    return _saved(vote, turn) if funded else _not_bought(vote, turn)


def payers(vote: Vote, turn: Mapping[str, Any]) -> Payers | None:
    """The bar of who paid; nothing where nobody pays, or where ballots are points."""
    rule, paid = SPOKEN[vote.rule], turn.get("payment")
    chose = int(Fraction(turn["votes"]))
    if rule.family != "shares" or rule.kind is not BallotKind.APPROVAL or not paid or not chose:
        return None
    full, poor = 100 * paid["in_full"] / chose, 100 * paid["poor"] / chose
    label = _("%(full)s paid the full part, %(poor)s gave what they had left, %(none)s had nothing left") % {
        "full": say.number(paid["in_full"]),
        "poor": say.number(paid["poor"]),
        "none": say.number(chose - paid["in_full"] - paid["poor"]),
    }
    return Payers(f"{full:.2f}", f"{full:.2f}", f"{poor:.2f}", label)


def each_sentence(vote: Vote, result: Mapping[str, Any]) -> str:
    """How much money everyone had to share out, where the rule gives out shares."""
    if result.get("each") is None or not decimal(result["each"]):
        return ""
    each = share_words(vote, decimal(result["each"]))
    if result.get("added"):
        first = share_words(vote, decimal(result["each"]) - result["added"])
        return _(
            "Everyone had %(each)s to pay with: %(first)s is the budget shared out equally, and %(added)s was added for"
            " everyone alike, because not everybody can use up their share."
        ) % {"each": each, "first": first, "added": words.amount(result["added"], vote.currency)}
    return _("Everyone had %(each)s to pay with: the budget shared out equally.") % {"each": each}


def share_words(vote: Vote, exact: Decimal) -> str:
    """A sum that one person pays: to the cent, and "about" where that is rounded."""
    rounded = exact.quantize(CENT, ROUND_HALF_UP)
    if rounded == exact:
        return words.amount(rounded, vote.currency)
    if not rounded:
        return _("less than a cent")
    return _("about %(amount)s") % {"amount": words.amount(rounded, vote.currency)}


# --- going down a list ---


def _money(vote: Vote, turn: Mapping[str, Any]) -> dict[str, str]:
    return {
        "cost": words.amount(decimal(turn["cost"]), vote.currency),
        "left": words.amount(decimal(turn["left_before"]), vote.currency),
        "missing": _rounded(vote, turn["missing"]),
    }


def _rounded(vote: Vote, text: str) -> str:
    return words.amount(decimal(text).quantize(CENT, ROUND_HALF_UP), vote.currency)


def _listed(vote: Vote, turn: Mapping[str, Any], *, funded: bool) -> str:
    money = _money(vote, turn)
    pot = turn.get("pot")
    if pot == COMPLETION:
        money["have"] = _rounded(vote, turn["have"])
        if not Fraction(turn["votes"]):
            had = _("Nobody chose it, so nobody paid for it.")
        else:
            had = _("Those who chose it had %(have)s left together; it costs %(cost)s.") % money
        if funded:
            return had + " " + _("It was paid from the %(left)s that were left over.") % money
        return had + " " + _("It did not fit into the %(left)s that were left over, either.") % money
    if funded and pot:
        money["theme"] = words.pot_name(pot)
        return _("%(cost)s fitted into the %(left)s that were left of the share for “%(theme)s”.") % money
    if funded:
        return _("%(cost)s fitted into the %(left)s that were left.") % money
    return _("%(cost)s did not fit into the %(left)s that were left; %(missing)s were missing.") % money


def _what_was_needed(vote: Vote, needed: Mapping[str, Any]) -> list[str]:
    said = [_more_votes(vote, needed["votes"])] if needed.get("votes") else []
    if needed.get("money") and Fraction(needed["money"]):
        said.append(
            _("With %(money)s more in the budget it would have won, too.")
            % {"money": words.amount(decimal(needed["money"]), vote.currency)}
            if said
            else _("With %(money)s more in the budget it would have won.")
            % {"money": words.amount(decimal(needed["money"]), vote.currency)}
        )
    if needed.get("cost"):
        said.append(
            _("At a cost of %(cost)s it would have won.")
            % {"cost": words.amount(decimal(needed["cost"]), vote.currency)}
        )
    return said


def _more_votes(vote: Vote, number: int) -> str:
    n = {"n": say.number(number)}
    if SPOKEN[vote.rule].family == "saving":
        return (
            ngettext(
                "With %(n)s more person who chooses only this, it would have won.",
                "With %(n)s more people who choose only this, it would have won.",
                number,
            )
            % n
        )
    if SPOKEN[vote.rule].kind is BallotKind.APPROVAL:
        return (
            ngettext(
                "With %(n)s more vote it would have won.", "With %(n)s more votes it would have won.", number
            )
            % n
        )
    return (
        ngettext(
            "With %(n)s more point it would have won.", "With %(n)s more points it would have won.", number
        )
        % n
    )


def _tie_words(vote: Vote) -> str:
    if vote.rule == "greedy_cost":
        return _("Equal votes: the tie rule decided the order.")
    return _("Others stood equal: the tie rule decided the order.")


# --- paying with shares ---


def _paid(vote: Vote, turn: Mapping[str, Any]) -> str:
    paid = turn["payment"]
    if not Fraction(turn["cost"]):
        return _("It costs nothing.")
    if SPOKEN[vote.rule].kind is BallotKind.APPROVAL:
        said = _paid_by_voters(vote, turn, paid)
    else:
        said = ngettext(
            "%(n)s person paid %(each)s for each of their points.",
            "%(n)s people paid %(each)s for each of their points.",
            paid["in_full"],
        ) % {"n": say.number(paid["in_full"]), "each": share_words(vote, decimal(paid["each"]))}
    if paid["poor"]:
        said += " " + ngettext(
            "%(n)s more gave all they had left, %(sum)s.",
            "%(n)s more gave all they had left, together %(sum)s.",
            paid["poor"],
        ) % {"n": say.number(paid["poor"]), "sum": share_words(vote, decimal(paid["poor_paid"]))}
    return said


def _paid_by_voters(vote: Vote, turn: Mapping[str, Any], paid: Mapping[str, Any]) -> str:
    chose, each = int(Fraction(turn["votes"])), share_words(vote, decimal(paid["each"]))
    if paid["in_full"] == chose:
        return ngettext(
            "The one person who chose it paid %(each)s.",
            "All %(n)s people who chose it paid %(each)s each.",
            chose,
        ) % {"n": say.number(chose), "each": each}
    return ngettext(
        "%(n)s of the %(all)s people who chose it paid %(each)s.",
        "%(n)s of the %(all)s people who chose it paid %(each)s each.",
        paid["in_full"],
    ) % {"n": say.number(paid["in_full"]), "all": say.number(chose), "each": each}


def _could_not_pay(vote: Vote, turn: Mapping[str, Any]) -> str:
    if not Fraction(turn["votes"]):
        return _("Nobody chose it, so nobody paid for it.")
    return _(
        "Those who chose it had %(have)s left together. It costs %(cost)s, so %(missing)s were missing."
    ) % {
        "have": _rounded(vote, turn["have"]),
        "cost": words.amount(decimal(turn["cost"]), vote.currency),
        "missing": _rounded(vote, turn["missing"]),
    }


# --- saving ---


def _saved(vote: Vote, turn: Mapping[str, Any]) -> str:
    return _(
        "Those who chose it had saved %(cost)s together, when everyone had got %(each)s since the beginning."
    ) % {
        "cost": words.amount(decimal(turn["cost"]), vote.currency),
        "each": share_words(vote, decimal(turn["payment"]["each"])),
    }


def _not_bought(vote: Vote, turn: Mapping[str, Any]) -> str:
    if not Fraction(turn["votes"]):
        return _("Nobody chose it, so nobody saved for it.")
    if turn["outcome"] == "not reached":
        return _("The count ended before its turn: the next project cost more than what was left.")
    return _listed(vote, turn, funded=False)
