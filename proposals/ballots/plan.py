"""A vote as it will be fixed: from the options of its phase and the projects that are feasible. Nothing here is stored.

The opening stores it, the practice ballot shows it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import placetree
from cocreation.models import Phase
from groundwork.answer import Answer, No, Words, Yes
from proposals.ballots import kinds, rules
from proposals.ballots.counting import plain
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.sealing import MOST_OPTIONS, room_for
from proposals.models import Proposal

MOST_POINTS = 1000

Wanted = Sequence[tuple[Proposal, Decimal, str]]


def planned_vote(phase: Phase) -> Vote:
    """What the options of the phase fix, as a row that is not stored. The budget has to be known (`is_ready`)."""
    options = phase.opts
    return Vote(
        phase=phase,
        budget=options.budget,
        rule=kinds.rule_for(options.kind, options.rule),
        tie_rule=options.tie_rule,
        kind=options.kind,
        within_budget=options.within_budget and options.kind == Kind.APPROVAL,
        points=options.points if options.kind == Kind.POINTS else None,
        most_points=options.most_points if options.kind == Kind.POINTS else None,
        min_choices=options.min_choices,
        max_choices=options.max_choices,
        paper=options.paper,
        paper_days=options.paper_days,
    )


def is_ready(phase: Phase, proposals: Sequence[Proposal]) -> Answer:
    """Whether there is money to give out and something to choose from."""
    if phase.opts.budget is None:
        return No(_("The vote cannot open yet: its budget is missing."))
    if not proposals:
        return No(_("The vote cannot open yet: no project is feasible so far."))
    if (gap := next(iter(unfit(phase.opts)), None)) is not None:
        return No(format_lazy(_("The vote cannot open yet. This is missing: {gap}."), gap=gap[0]))
    return _has_room(phase, len(proposals))


def unfit(options: Any) -> list[tuple[Words, str]]:
    """What is wrong with the kind of ballot: words, and the option they are about. The studio shows them as gaps."""
    found: list[tuple[Words, str]] = []
    if options.kind not in Kind.values:
        return [(_("A kind of ballot"), "kind")]
    if not kinds.fits(options.kind, kinds.rule_for(options.kind, options.rule)):
        found.append((_("A rule that can count this kind of ballot"), "rule"))
    if options.kind == Kind.POINTS:
        if not 1 <= options.points <= MOST_POINTS:
            found.append((_("How many points one may share out, from 1 to 1000"), "points"))
        if options.most_points is not None and not 1 <= options.most_points <= options.points:
            found.append(
                (_("The most points for one project, from 1 to all that may be shared out"), "most_points")
            )
    if options.paper and options.kind != Kind.APPROVAL:
        found.append((_("On paper people can only choose projects: set the kind of ballot to that"), "paper"))
    if options.kind == Kind.RANKING and options.min_choices < 2:
        # The last one of a list gets no points: an order of one project would say nothing.
        found.append((_("An order counts from at least two projects on"), "min_choices"))
    return found


def _has_room(phase: Phase, projects: int) -> Answer:
    """Every choice is sealed at one length; a ballot on which more could be named than fits is not opened."""
    options = phase.opts
    most = min(projects, options.max_choices or projects)
    if options.kind == Kind.POINTS:
        most = min(most, options.points)
    room = room_for(options.kind)
    if most <= room:
        return Yes()
    return No(
        format_lazy(
            _(
                "The vote cannot open yet: one ballot of this kind can name at most {room} projects, and here it could name {most}."
            ),
            room=room,
            most=most,
        ),
        _("Set how many projects one may choose at most."),
    )


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
    """Shares with their sums and the codes of their projects: what the count keeps to. That of a theme is a percent of the
    budget, rounded down to the cent; that of a place is a sum to the cent, for projects in it and in all that lies in it."""
    return [
        _of_place(share, options)
        if "place" in share
        else {
            "theme": share["theme"],
            "percent": share["percent"],
            "amount": plain((budget * share["percent"] / 100).quantize(Decimal("0.01"), ROUND_DOWN)),
            "projects": [option.code for option in options if option.proposal.theme == share["theme"]],
        }
        for share in wanted
    ]


def _of_place(share: Mapping[str, Any], options: Sequence[BallotOption]) -> dict[str, Any]:
    within = placetree.with_all_below([share["place"]])
    return {
        "place": share["place"],
        "amount": plain(Decimal(share["amount"])),
        "projects": [option.code for option in options if option.proposal.place.slug in within],
    }
