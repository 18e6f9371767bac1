"""What the room shows on the pages of a process and of a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from cocreation.words import not_open_yet
from proposals.ballots import results, rules, telling, words
from proposals.ballots.models import BallotOption, Tally
from proposals.ballots.rulebook import SPOKEN

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase, Process
    from proposals.models import Proposal

CARDS = 6


def of_process(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The projects to choose from while the vote is open, the result in short once it is counted."""
    phase = rules.ballot_phase(process, at)
    if phase is None or phase not in process.lived:
        return None
    phase.process = process
    if phase.is_ahead(at):
        return _practice(phase)
    if phase.is_over(at):
        tally = Tally.objects.select_related("vote").filter(pk=phase.pk).first()
        if tally is None or tally.published_at is None:
            return {
                "pending": phase,
                "counted": tally is not None,
                "url": reverse("ballots:result", args=[process.slug]),
            }
        tally.vote.phase = phase
        options = list(tally.vote.options.select_related("proposal"))
        told = [each for each in results.rounds_of(tally, options) if each.funded]
        return {"result": results.summary(tally), "winners": told[:CARDS], "more": max(0, len(told) - CARDS),
                "segments": told[-1].segments if told else ()}  # fmt: skip
    options = list(
        BallotOption.objects.filter(vote=phase.pk)
        .select_related("proposal__place", "vote")
        .order_by("position")
    )
    if not options:
        return None
    vote = options[0].vote
    vote.phase = phase
    from proposals.ballots.paper import choices_of
    from proposals.ballots.rules import state_of

    cards = choices_of(vote, options, state_of(vote, options, ()), person, at)
    return {
        "n": len(options),
        "rule_name": SPOKEN[vote.rule].name,
        "cards": cards[:CARDS],
        "budget": words.amount(vote.budget, vote.currency),
        "url": reverse("ballots:ballot", args=[process.slug]),
    }


def _practice(phase: Phase) -> dict[str, Any] | None:
    """Before the opening: to the practice ballot, as soon as there is something on it. One query."""
    if phase.opts.budget is None or "vote" not in phase.acts:
        return None
    n = rules.eligible_for_ballot(phase.process).count()
    if not n:
        return None
    url = f"{reverse('ballots:practice', args=[phase.process.slug])}?phase={phase.key}"
    return {"practice": url, "n": n, "opens": not_open_yet(phase).reason}


def of_proposal(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """To the ballot while it is open; how the project fared once it is counted. One query."""
    if proposal.stage in ("draft", "received", "feasible", "not_feasible", "withdrawn"):
        return None
    option = (
        BallotOption.objects.filter(proposal=proposal)
        .select_related("vote__phase", "vote__tally")
        .order_by("-vote__opened_at")
        .first()
    )
    if option is None:
        return None
    vote = option.vote
    slug = proposal.process.slug
    found: dict[str, Any] = {"cost": words.amount(option.cost, vote.currency), "phase": vote.phase}
    if vote.counted_at is None or vote.tally.published_at is None:
        is_open = vote.phase.is_open(at) and not proposal.process.is_stopped(at)
        return found | {"open": is_open, "url": reverse("ballots:ballot", args=[slug])}
    option.proposal = proposal
    turn = next(turn for turn in vote.tally.result["rounds"] if turn["project"] == option.code)
    funded = turn["outcome"] == "funded"
    return found | {
        "counted": True,
        "funded": funded,
        "rank": turn["number"],
        "rule_name": SPOKEN[vote.rule].name,
        "of": len(vote.tally.result["rounds"]),
        "text": telling.tell(vote, turn, funded=funded),
        "url": f"{reverse('ballots:result', args=[slug])}?phase={vote.phase.key}",
    }
