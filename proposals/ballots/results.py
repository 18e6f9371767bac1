"""A count as a story: who won and why, round by round, what just missed, who took part. Pure functions of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundwork.html import say
from proposals.ballots import answer_words, envelope_results, envelopes, words
from proposals.ballots.counting import part_tally
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote
from proposals.ballots.rulebook import NAMED, SPOKEN
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
    if vote.kind == Kind.ANSWERS:
        return _taking_part(tally) | {
            "heading": answer_words.heading(tally),
            "questions": answer_words.results_of(tally),
        }
    rounds = rounds_of(tally, options)
    funded = [told for told in rounds if told.funded]
    if vote.envelopes:
        return _taking_part(tally) | envelope_results.overview(tally, options, rounds)
    missed = [told for told in rounds if not told.funded]
    cost = decimal(result["cost"])
    spent, whole = words.amount(cost, vote.currency), words.amount(vote.budget, vote.currency)
    left = words.amount(vote.budget - cost, vote.currency)
    return _taking_part(tally) | {
        "heading": ngettext("%(n)s project gets the money", "%(n)s projects get the money", len(funded))
        % {"n": len(funded)},
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
        "each": each_sentence(vote, result),
        "payers": any(told.payers for told in rounds),
        "compared": comparison(tally, rounds),
        "elsewhere": _elsewhere(tally, options),
        "last_step": last_step(tally, rounds),
    }


def _taking_part(tally: Tally) -> dict[str, Any]:
    """What every result says, whatever was voted on: the rule, and who took part."""
    vote, ballots = tally.vote, tally.result["ballots"]
    return {
        "tally": tally,
        "vote": vote,
        "ballots": ballots,
        "people": (
            ngettext("%(n)s person voted in this envelope.", "%(n)s people voted in this envelope.", ballots)
            if vote.part
            else ngettext("%(n)s person voted.", "%(n)s people voted.", ballots)
        )
        % {"n": say.number(ballots)},
        "incomplete": tally.result["incomplete"],
        "channels": channels_of(tally),
        "share": say.percent(100 * ballots / vote.eligible)
        if vote.eligible and ballots <= vote.eligible and not vote.part
        else "",
        "rule": words.rule_sentences(vote),
        "rule_name": NAMED[vote.rule].name,
    }


def as_counted(tally: Tally) -> Vote:
    """The vote, with the rule whose rounds are told: after a comparison that may be the one of most votes first."""
    stands = tally.result.get("comparison", {}).get("stands", tally.vote.rule)
    if stands == tally.vote.rule:
        return tally.vote
    vote = copy(tally.vote)
    vote.rule = stands
    return vote


def last_step(tally: Tally, told: Sequence[Told]) -> dict[str, Any] | None:
    """Equal Shares held against most votes first: how many are for which, and what only one of them funds."""
    found = tally.result.get("comparison")
    if not found:
        return None
    numbers = [found["for_shares"], found["alike"], found["for_votes"]]
    whole = sum(numbers) or 1
    shares, votes = set(found["shares"]), set(found["votes"])
    names = {"shares": str(SPOKEN[tally.vote.rule].name), "votes": str(SPOKEN["greedy_cost"].name)}
    return {
        "names": names,
        "for_shares": say.number(numbers[0]),
        "alike": say.number(numbers[1]),
        "for_votes": say.number(numbers[2]),
        "first": f"{100 * numbers[0] / whole:.2f}",
        "second": f"{100 * numbers[1] / whole:.2f}",
        "last_at": f"{100 * (numbers[0] + numbers[1]) / whole:.2f}",
        "last": f"{100 * numbers[2] / whole:.2f}",
        "label": _("%(shares)s people for “%(name)s”, %(alike)s for neither, %(votes)s for “%(other)s”")
        % {
            "shares": say.number(numbers[0]),
            "alike": say.number(numbers[1]),
            "votes": say.number(numbers[2]),
            "name": names["shares"],
            "other": names["votes"],
        },
        "stands": names["shares"] if found["stands"] == tally.vote.rule else names["votes"],
        "only_shares": [each for each in told if each.code in shares - votes],
        "only_votes": [each for each in told if each.code in votes - shares],
    }


def rounds_of(tally: Tally, options: Sequence[BallotOption]) -> list[Told]:
    """Every project in the order of the count; of envelopes one after the other."""
    if tally.vote.envelopes:
        return _rounds_by_envelope(tally, options)
    vote = as_counted(tally)
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


def _rounds_by_envelope(tally: Tally, options: Sequence[BallotOption]) -> list[Told]:
    segments: tuple[tuple[str, Decimal], ...] = ()
    found = []
    for section in envelopes.sections_of(tally.vote, options):
        for told in rounds_of(part_tally(tally, section.code), section.options):
            if told.funded:
                segments = (*segments, told.segments[-1])
            found.append(replace(told, segments=segments if told.funded else ()))
    return found


def comparison(tally: Tally, told: Sequence[Told]) -> dict[str, Any] | None:
    """What every rule would have chosen from the same ballots: one column a rule, the one that counted first.

    Computed with the count and only read here; counts of earlier versions have none.
    """
    found = tally.result.get("compared")
    if not found:
        return None
    vote, own = tally.vote, set(tally.result["selected"])
    stands = as_counted(tally).rule
    order = [stands, *(slug for slug in SPOKEN if slug in found and slug != stands)]
    counted = tally.result["ballots"] - tally.result["incomplete"]
    winners = {slug: set(found[slug]["selected"]) for slug in order}
    same = sum(winners[slug] == own for slug in order[1:])
    return {
        "heads": [
            {
                "name": SPOKEN[slug].name,
                "proportional": SPOKEN[slug].is_proportional,
                "own": slug == stands,
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
    about = {
        "process": process,
        "phase": vote.phase,
        "url": f"{reverse('ballots:result', args=[process.slug])}?phase={vote.phase.key}",
        "at": tally.at,
        "rule_name": NAMED[vote.rule].name,
        "people": ngettext("%(n)s vote", "%(n)s votes", result["ballots"]) % {"n": say.number(result["ballots"])},
    }  # fmt: skip
    if vote.kind == Kind.ANSWERS:
        return about | {"won": answer_words.heading(tally), "questions": answer_words.results_of(tally)}
    return about | {
        "won": ngettext("%(n)s project won", "%(n)s projects won", won) % {"n": won},
        "money": _("%(spent)s of %(whole)s given out") % {
            "spent": words.amount(cost, vote.currency), "whole": words.amount(vote.budget, vote.currency)
        },
        "share": [(process.hue, cost)],
        "budget": vote.budget,
    }  # fmt: skip
