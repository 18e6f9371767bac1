"""A count as a story: who won and why, round by round, what just missed, who took part. Pure functions of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundwork.html import say
from proposals.ballots import words
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote

# Cards and rounds shown at once; the rest stands folded below.
AT_ONCE = 12
MISSED = 5
LEGEND = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One round: the project, how it went, in words."""

    number: int
    title: str
    lang: str
    url: str
    hue: str
    pattern: str
    votes: int
    cost: str
    left: str
    funded: bool
    text: str
    segments: tuple[tuple[str, Decimal], ...]
    bar_label: str


def decimal(text: str) -> Decimal:
    """An amount of a stored result: "12000", "12000.5" or "1/3"."""
    value = Fraction(text)
    return Decimal(value.numerator) / Decimal(value.denominator)


def story(tally: Tally, options: Sequence[BallotOption]) -> dict[str, Any]:
    """Everything the result page says."""
    vote, result = tally.vote, tally.result
    rounds = rounds_of(tally, options)
    funded = [told for told in rounds if told.funded]
    missed = [told for told in rounds if not told.funded]
    cost = decimal(result["cost"])
    spent, whole = words.amount(cost, vote.currency), words.amount(vote.budget, vote.currency)
    left = words.amount(vote.budget - cost, vote.currency)
    ballots, incomplete = result["ballots"], result["incomplete"]
    return {
        "tally": tally,
        "vote": vote,
        "heading": ngettext("%(n)s project gets the money", "%(n)s projects get the money", len(funded))
        % {"n": len(funded)},
        "ballots": ballots,
        "people": ngettext("%(n)s person voted.", "%(n)s people voted.", ballots)
        % {"n": say.number(ballots)},
        "incomplete": incomplete,
        "money": _("%(spent)s of %(whole)s given out") % {"spent": spent, "whole": whole},
        "left": left if cost < vote.budget else "",
        "bar_label": _("%(spent)s of %(whole)s given out, %(left)s left")
        % {"spent": spent, "whole": whole, "left": left},
        "segments": funded[-1].segments if funded else (),
        "winners": funded[:AT_ONCE],
        "more_winners": funded[AT_ONCE:],
        "legend": funded if len(funded) <= LEGEND else [],
        "rounds": rounds[:AT_ONCE],
        "more_rounds": rounds[AT_ONCE:],
        "missed": missed[:MISSED],
        "missed_count": len(missed),
        "channels": channels_of(tally),
        "share": say.percent(100 * ballots / vote.eligible)
        if vote.eligible and ballots <= vote.eligible
        else "",
        "rule": words.rule_sentences(vote),
        "elsewhere": _elsewhere(tally, options),
    }


def rounds_of(tally: Tally, options: Sequence[BallotOption]) -> list[Told]:
    """Every project in the order of the count."""
    vote = tally.vote
    by_code = {option.code: option for option in options}
    language = get_language() or "de"
    address = reverse("proposals:proposal", args=["0-0"])
    segments: tuple[tuple[str, Decimal], ...] = ()
    spent = Decimal(0)
    found = []
    for turn in tally.result["rounds"]:
        option = by_code[turn["project"]]
        proposal = option.proposal
        funded = turn["outcome"] == "funded"
        if funded:
            segments = (*segments, (proposal.hue, option.cost))
            spent += option.cost
        said_in = proposal.text_language(language)
        found.append(
            Told(
                number=turn["number"], title=words.title_of(option),
                lang="" if said_in == language or not proposal.is_public else said_in,
                url=address.replace("0-0", proposal.receipt) if proposal.is_public else "",
                hue=proposal.hue, pattern=proposal.pattern, votes=int(turn["votes"]),
                cost=words.amount(option.cost, vote.currency),
                left=words.amount(decimal(turn["left_before"]), vote.currency), funded=funded, text=tell(vote, turn, funded=funded, needed=tally.result.get("needed", {}).get(turn["project"])),
                segments=segments if funded else (),
                bar_label=_("Given out after this: %(spent)s") % {
                    "spent": words.amount(spent, vote.currency)
                },
            )
        )  # fmt: skip
    return found


def tell(vote: Vote, turn: dict[str, Any], *, funded: bool, needed: dict[str, Any] | None = None) -> str:
    """One round in words. `needed`: with how many more votes a project without money would have won."""
    votes = ngettext("%(n)s vote.", "%(n)s votes.", int(turn["votes"])) % {
        "n": say.number(int(turn["votes"]))
    }
    money = {
        "cost": words.amount(decimal(turn["cost"]), vote.currency),
        "left": words.amount(decimal(turn["left_before"]), vote.currency),
        "missing": words.amount(decimal(turn["missing"]), vote.currency),
    }
    if funded and turn.get("pot"):
        money["theme"] = words.theme_name(turn["pot"])
        said = _("%(cost)s fitted into the %(left)s that were left of the share for “%(theme)s”.") % money
    elif funded:
        said = _("%(cost)s fitted into the %(left)s that were left.") % money
    else:
        said = _("%(cost)s did not fit into the %(left)s that were left; %(missing)s were missing.") % money
    tie = _("Equal votes: the tie rule decided the order.") if turn["tied_with"] else ""
    more = ""
    if needed and needed.get("votes"):
        more = ngettext(
            "With %(n)s more vote it would have won.",
            "With %(n)s more votes it would have won.",
            needed["votes"],
        ) % {"n": say.number(needed["votes"])}
    return " ".join(part for part in (votes, said, more, tie) if part)


def channels_of(tally: Tally) -> list[tuple[str, str, str, str]]:
    """Name, number, width of the bar and label of each way a ballot came in, the most first."""
    names = dict(CastBallot.Channel.choices)
    total = tally.result["ballots"]
    found = []
    for slug, count in sorted(tally.result["channels"].items(), key=lambda item: -item[1]):
        name = str(names.get(slug, slug))
        share = 100 * count / total if total else 0
        found.append((name, say.number(count), f"{share:.2f}", f"{name}: {say.percent(share)}"))
    return found


def _elsewhere(tally: Tally, options: Sequence[BallotOption]) -> dict[str, Any] | None:
    """Where the ballots are published data: by which rule the city itself counted, and whether it chose the same."""
    official = tally.result.get("official")
    if official is None:
        return None
    selected = set(tally.result["selected"])
    titles = {option.code: words.title_of(option) for option in options}
    return {
        "rule": tally.result.get("official_rule", ""),
        "same": set(official) == selected,
        "only_there": [titles[code] for code in official if code not in selected][:MISSED],
    }


def summary(tally: Tally) -> dict[str, Any]:
    """A count on a card: without a query beyond the row and its process."""
    vote, result = tally.vote, tally.result
    process = vote.phase.process
    won = len(result["selected"])
    cost = decimal(result["cost"])
    return {
        "process": process,
        "phase": vote.phase,
        "url": f"{reverse('ballots:result', args=[process.slug])}?phase={vote.phase.key}",
        "at": tally.at,
        "won": ngettext("%(n)s project won", "%(n)s projects won", won) % {"n": won},
        "people": ngettext("%(n)s vote", "%(n)s votes", result["ballots"]) % {"n": say.number(result["ballots"])},
        "money": _("%(spent)s of %(whole)s given out") % {
            "spent": words.amount(cost, vote.currency), "whole": words.amount(vote.budget, vote.currency)
        },
        "share": [(process.hue, cost)],
        "budget": vote.budget,
    }  # fmt: skip
