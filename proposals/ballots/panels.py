"""What the room shows on the pages of a process and of a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.record import Entry
from cocreation.words import not_open_yet
from proposals.ballots import answer_words, envelopes, questions, results, rules, telling, words
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, Tally, Vote
from proposals.ballots.rulebook import NAMED

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
        if tally.vote.questions:
            return {"result": results.summary(tally), "questions": answer_words.results_of(tally)}
        options = list(tally.vote.options.select_related("proposal"))
        told = [each for each in results.rounds_of(tally, options) if each.funded]
        return {"result": results.summary(tally), "winners": told[:CARDS], "more": max(0, len(told) - CARDS),
                "segments": told[-1].segments if told else ()}  # fmt: skip
    if phase.opts.kind == Kind.ANSWERS:
        return _asked(phase)
    options = list(
        BallotOption.objects.filter(vote=phase.pk)
        .select_related("proposal__place", "vote")
        .order_by("position")
    )
    if not options:
        return None
    vote = options[0].vote
    vote.phase = phase
    from proposals.ballots.ballot_page import choices_of
    from proposals.ballots.rules import state_of

    cards = choices_of(vote, options, state_of(vote, options, ()), person, at)
    return {
        "n": len(options),
        "rule_name": NAMED[vote.rule].name,
        "cards": cards[:CARDS],
        "budget": words.amount(vote.budget, vote.currency),
        "url": reverse("ballots:ballot", args=[process.slug]),
    }


def _asked(phase: Phase) -> dict[str, Any] | None:
    """The questions of an open vote. One query: what is asked is what was fixed at the opening."""
    vote = Vote.objects.filter(pk=phase.pk).first()
    if vote is None:
        return None
    return {
        "open_questions": [
            (question, answer_words.condition(question)) for question in questions.read(vote.questions)
        ],
        "url": reverse("ballots:ballot", args=[phase.process.slug]),
    }


def _practice(phase: Phase) -> dict[str, Any] | None:
    """Before the opening: to the practice ballot, as soon as there is something on it. One query."""
    if "vote" not in phase.acts:
        return None
    url = f"{reverse('ballots:practice', args=[phase.process.slug])}?phase={phase.key}"
    if phase.opts.kind == Kind.ANSWERS:
        asked = questions.read(phase.opts.questions)
        if questions.gaps(asked):
            return None
        return {"practice": url, "questions": len(asked), "opens": not_open_yet(phase).reason}
    if phase.opts.budget is None:
        return None
    n = rules.eligible_for_ballot(phase.process).count()
    if not n:
        return None
    return {"practice": url, "n": n, "opens": not_open_yet(phase).reason}


BEFORE_A_BALLOT = ("draft", "received", "feasible", "not_feasible", "withdrawn")


def _option_of(proposal: Proposal) -> BallotOption | None:
    """The last ballot this proposal stood on, with its vote and count. One query, none before it can have stood on one."""
    if proposal.stage in BEFORE_A_BALLOT:
        return None
    option = (
        BallotOption.objects.filter(proposal=proposal)
        .select_related("vote__phase", "vote__tally")
        .order_by("-vote__opened_at")
        .first()
    )
    if option is not None:
        option.proposal = proposal
    return option


def _is_public(vote: Vote) -> bool:
    return vote.counted_at is not None and vote.tally.published_at is not None


def _fared(option: BallotOption) -> dict[str, Any]:
    """How the project fared in the public count of its vote."""
    vote = option.vote
    rounds = vote.tally.result["rounds"]
    turn = next(turn for turn in rounds if turn["project"] == option.code)
    more = ""
    if vote.envelopes:
        rounds = [each for each in rounds if each["envelope"] == turn["envelope"]]
        vote, more = envelopes.part_of(vote, turn["envelope"]), f"&envelope={turn['envelope']}"
    funded = turn["outcome"] == "funded"
    return {
        "funded": funded,
        "rank": turn["number"],
        "of": len(rounds),
        "rule_name": NAMED[vote.rule].name,
        "text": telling.tell(vote, turn, funded=funded),
        "url": f"{reverse('ballots:result', args=[option.proposal.process.slug])}?phase={vote.phase.key}{more}",
    }


def of_proposal(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """To the ballot while it is open; how the project fared once it is counted. One query."""
    option = _option_of(proposal)
    if option is None:
        return None
    vote = option.vote
    found: dict[str, Any] = {"cost": words.amount(option.cost, vote.currency), "phase": vote.phase}
    if not _is_public(vote):
        is_open = vote.phase.is_open(at) and not proposal.process.is_stopped(at)
        return found | {"open": is_open, "url": reverse("ballots:ballot", args=[proposal.process.slug])}
    return found | {"counted": True} | _fared(option)


def of_record(proposal: Proposal) -> list[Entry]:
    """The count in the life of the project: by which rule, and why it got the money or not. One query."""
    option = _option_of(proposal)
    if option is None or not _is_public(option.vote):
        return []
    at = option.vote.tally.published_at
    assert at is not None
    fared = _fared(option)
    said = _("The votes were counted by the rule “%(rule)s”") % {"rule": fared["rule_name"]}
    return [Entry(at=at, words=said, by="", why=fared["text"], icon="calculator", url=fared["url"])]
