"""A count as a story: who won and why, round by round, what just missed, who took part. Pure functions of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundwork.html import say
from proposals.ballots import words
from proposals.ballots.models import BallotOption, CastBallot, Tally
from proposals.ballots.rulebook import SPOKEN
from proposals.ballots.tally import BallotKind
from proposals.ballots.telling import Payers, decimal, each_sentence, payers, support, tell, why

# Cards and rounds shown at once; the rest stands folded below.
AT_ONCE = 12
MISSED = 5
LEGEND = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One round: the project, how it went, in words."""

    number: int
    code: str
    title: str
    lang: str
    url: str
    hue: str
    pattern: str
    voters: int  # who chose it; 0 where ballots give points
    support: str
    cost: str
    funded: bool
    why: str
    text: str
    payers: Payers | None
    segments: tuple[tuple[str, Decimal], ...]
    bar_label: str


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
        "rule_name": SPOKEN[vote.rule].name,
        "each": each_sentence(vote, result),
        "payers": any(told.payers for told in rounds),
        "compared": comparison(tally, rounds),
        "elsewhere": _elsewhere(tally, options),
    }


def rounds_of(tally: Tally, options: Sequence[BallotOption]) -> list[Told]:
    """Every project in the order of the count."""
    vote = tally.vote
    by_code = {option.code: option for option in options}
    language = get_language() or "de"
    address = reverse("proposals:proposal", args=["0-0"])
    by_approval = SPOKEN[vote.rule].kind is BallotKind.APPROVAL
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
        needed = tally.result.get("needed", {}).get(turn["project"])
        found.append(
            Told(
                number=turn["number"],
                code=option.code,
                title=words.title_of(option),
                lang="" if said_in == language or not proposal.is_public else said_in,
                url=address.replace("0-0", proposal.receipt) if proposal.is_public else "",
                hue=proposal.hue,
                pattern=proposal.pattern,
                voters=int(decimal(turn["votes"])) if by_approval else 0,
                support=support(vote, turn),
                cost=words.amount(option.cost, vote.currency),
                funded=funded,
                why=why(vote, turn, funded=funded),
                text=tell(vote, turn, funded=funded, needed=needed),
                payers=payers(vote, turn),
                segments=segments if funded else (),
                bar_label=_("Given out after this: %(spent)s")
                % {"spent": words.amount(spent, vote.currency)},
            )
        )
    return found


def comparison(tally: Tally, told: Sequence[Told]) -> dict[str, Any] | None:
    """What every rule would have chosen from the same ballots: one column a rule, the one that counted first.

    Computed with the count and only read here; counts of earlier versions have none.
    """
    found = tally.result.get("compared")
    if not found:
        return None
    vote, own = tally.vote, set(tally.result["selected"])
    order = [
        tally.result["rule"],
        *(slug for slug in SPOKEN if slug in found and slug != tally.result["rule"]),
    ]
    counted = tally.result["ballots"] - tally.result["incomplete"]
    winners = {slug: set(found[slug]["selected"]) for slug in order}
    same = sum(winners[slug] == own for slug in order[1:])
    return {
        "heads": [
            {
                "name": SPOKEN[slug].name,
                "proportional": SPOKEN[slug].is_proportional,
                "own": slug == tally.result["rule"],
                "cost": words.amount(decimal(found[slug]["cost"]), vote.currency),
                "n": len(winners[slug]),
                "reached": say.percent(100 * found[slug]["reached"] / counted) if counted else "",
            }
            for slug in order
        ],
        "rows": [(each, [each.code in winners[slug] for slug in order]) for each in told],
        "same": ngettext(
            "%(n)s other rule chooses the same projects.", "%(n)s other rules choose the same projects.", same
        )
        % {"n": same}
        if same
        else _("Every other rule chooses other projects."),
        "reserves": bool(vote.reserves),
    }


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
        "rule_name": SPOKEN[vote.rule].name,
        "won": ngettext("%(n)s project won", "%(n)s projects won", won) % {"n": won},
        "people": ngettext("%(n)s vote", "%(n)s votes", result["ballots"]) % {"n": say.number(result["ballots"])},
        "money": _("%(spent)s of %(whole)s given out") % {
            "spent": words.amount(cost, vote.currency), "whole": words.amount(vote.budget, vote.currency)
        },
        "share": [(process.hue, cost)],
        "budget": vote.budget,
    }  # fmt: skip
