"""A vote as it will be fixed: from the options of its phase and the projects that are feasible. Nothing here is stored.

The opening stores it, the practice ballot shows it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase
from groundwork.answer import Answer, No, Yes
from proposals.ballots import rules
from proposals.ballots.counting import plain
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.sealing import MOST_OPTIONS
from proposals.models import Proposal

Wanted = Sequence[tuple[Proposal, Decimal, str]]


def planned_vote(phase: Phase) -> Vote:
    """What the options of the phase fix, as a row that is not stored. The budget has to be known (`is_ready`)."""
    options = phase.opts
    return Vote(
        phase=phase,
        budget=options.budget,
        rule=options.rule,
        tie_rule=options.tie_rule,
        min_choices=options.min_choices,
        max_choices=options.max_choices,
    )


def is_ready(phase: Phase, proposals: Sequence[Proposal]) -> Answer:
    """Whether there is money to give out and something to choose from."""
    if phase.opts.budget is None:
        return No(_("The vote cannot open yet: its budget is missing."))
    if not proposals:
        return No(_("The vote cannot open yet: no project is feasible so far."))
    return Yes()


def proposals_for(phase: Phase) -> list[Proposal]:
    """Feasible proposals with a cost, the cheapest first: so the smaller number on the ballot goes first in a tie."""
    chosen, most = phase.opts.on_ballot, phase.opts.most_projects
    found = rules.eligible_for_ballot(phase.process).select_related("place")
    if chosen:
        found = found.filter(receipt__in=chosen)
    best = found.order_by("-supports", "receipt")[: min(most or MOST_OPTIONS, MOST_OPTIONS)]
    return sorted(best, key=lambda proposal: (proposal.cost, proposal.receipt))


def options_for(vote: Vote, wanted: Wanted) -> list[BallotOption]:
    """Options in this order, not stored; without a code of their own they are numbered: 01, 02, …"""
    width = max(2, len(str(len(wanted))))
    return [
        BallotOption(
            vote=vote, proposal=proposal, cost=cost, position=position, code=code or f"{position:0{width}}"
        )
        for position, (proposal, cost, code) in enumerate(wanted, start=1)
    ]


def reserved(
    wanted: Sequence[Mapping[str, Any]], budget: Decimal, options: Sequence[BallotOption]
) -> list[dict[str, Any]]:
    """Shares with their sums, rounded down to the cent, and the codes of their projects: what the count keeps to."""
    return [
        {
            "theme": share["theme"],
            "percent": share["percent"],
            "amount": plain((budget * share["percent"] / 100).quantize(Decimal("0.01"), ROUND_DOWN)),
            "projects": [option.code for option in options if option.proposal.theme == share["theme"]],
        }
        for share in wanted
    ]
