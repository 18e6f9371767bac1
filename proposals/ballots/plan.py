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
from proposals.ballots import envelopes, kinds, questions, rules
from proposals.ballots.counting import plain
from proposals.ballots.kinds import Kind
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.rulebook import EACH_ENVELOPE
from proposals.ballots.sealing import MOST_OPTIONS, room_for
from proposals.ballots.tally import RULES_TO_COMPARE
from proposals.models import Proposal

Wanted = Sequence[tuple[Proposal, Decimal, str]]


def planned_vote(phase: Phase) -> Vote:
    """What the options of the phase fix, as a row that is not stored. The budget has to be known (`is_ready`)."""
    options = phase.opts
    if options.kind == Kind.ANSWERS:
        return Vote(
            phase=phase,
            budget=Decimal(0),
            rule=kinds.rule_for(options.kind, options.rule),
            tie_rule=options.tie_rule,
            kind=options.kind,
            within_budget=False,
            questions=list(options.questions),
        )
    if options.envelopes:
        return Vote(
            phase=phase,
            budget=options.budget,
            rule=EACH_ENVELOPE.slug,
            tie_rule=options.tie_rule,
            kind=options.kind,
            within_budget=options.within_budget and options.kind == Kind.APPROVAL,
            points=sum(each.points for each in envelopes.read(options.envelopes))
            if options.kind == Kind.POINTS
            else None,
            most_envelopes=options.most_envelopes,
            envelopes_at_home=options.envelopes_at_home,
            paper=options.paper,
            paper_days=options.paper_days,
        )
    return Vote(
        phase=phase,
        budget=options.budget,
        rule=kinds.rule_for(options.kind, options.rule),
        tie_rule=options.tie_rule,
        kind=options.kind,
        within_budget=options.within_budget and options.kind == Kind.APPROVAL,
        compares=options.compares,
        points=options.points if options.kind == Kind.POINTS else None,
        most_points=options.most_points if options.kind == Kind.POINTS else None,
        min_choices=options.min_choices,
        max_choices=options.max_choices,
        paper=options.paper,
        paper_days=options.paper_days,
    )


def is_ready(phase: Phase, proposals: Sequence[Proposal]) -> Answer:
    """Whether there is money to give out and something to choose from, or something to answer."""
    if phase.opts.kind == Kind.ANSWERS:
        gap = next(iter(unfit(phase.opts)), None)
        return (
            Yes()
            if gap is None
            else No(format_lazy(_("The vote cannot open yet. This is missing: {gap}."), gap=gap[0]))
        )
    if phase.opts.budget is None:
        return No(_("The vote cannot open yet: its budget is missing."))
    if not proposals:
        return No(_("The vote cannot open yet: no project is feasible so far."))
    if (gap := next(iter(unfit(phase.opts)), None)) is not None:
        return No(format_lazy(_("The vote cannot open yet. This is missing: {gap}."), gap=gap[0]))
    if not phase.opts.envelopes:
        return _has_room(phase, len(proposals))
    lost = next((each for each in proposals if _envelope_of(phase, each) is None), None)
    if lost is not None:
        return No(
            format_lazy(
                _("The vote cannot open yet: “{project}” belongs to no envelope."),
                project=lost.in_language("title"),
            ),
            _("Add an envelope for all other projects."),
        )
    return _has_room_in_envelopes(phase, proposals)


def unfit(options: Any) -> list[tuple[Words, str]]:
    """What is wrong with the kind of ballot: words, and the option they are about. The studio shows them as gaps."""
    found: list[tuple[Words, str]] = []
    if options.kind not in Kind.values:
        return [(_("A kind of ballot"), "kind")]
    if not kinds.fits(options.kind, kinds.rule_for(options.kind, options.rule)):
        found.append((_("A rule that can count this kind of ballot"), "rule"))
    found += [(said, "envelopes") for said in envelopes.gaps(options)]
    if options.kind == Kind.POINTS:
        if not 1 <= options.points <= envelopes.MOST_POINTS:
            found.append((_("How many points one may share out, from 1 to 1000"), "points"))
        if options.most_points is not None and not 1 <= options.most_points <= options.points:
            found.append(
                (_("The most points for one project, from 1 to all that may be shared out"), "most_points")
            )
    if options.compares and (
        options.kind != Kind.APPROVAL or kinds.rule_for(options.kind, options.rule) not in RULES_TO_COMPARE
    ):
        found.append(
            (_("A rule of equal shares to hold against “most votes first”, or no comparison"), "compares")
        )
    if options.paper and options.kind != Kind.APPROVAL:
        found.append((_("On paper people can only choose projects: set the kind of ballot to that"), "paper"))
    if options.kind == Kind.ANSWERS:
        asked = questions.read(options.questions)
        found += [(said, "questions") for said in questions.gaps(asked)]
        if len(questions.lines_of(asked)) > room_for(options.kind):
            found.append((_("Fewer options to grade: they do not all fit on one ballot"), "questions"))
    if options.kind == Kind.RANKING and options.min_choices < 2 and not options.envelopes:
        # The last one of a list gets no points: an order of one project would say nothing.
        found.append((_("An order counts from at least two projects on"), "min_choices"))
    return found


def _has_room(phase: Phase, projects: int) -> Answer:
    """Every choice is sealed at one length; a ballot on which more could be named than fits is not opened."""
    options = phase.opts
    most = min(projects, options.max_choices or projects)
    if options.kind == Kind.POINTS:
        most = min(most, options.points)
    return _fits_in_a_seal(options.kind, most)


def _has_room_in_envelopes(phase: Phase, proposals: Sequence[Proposal]) -> Answer:
    """The same over all envelopes in which one person can vote."""
    listed = envelopes.read(phase.opts.envelopes)
    there = dict.fromkeys((each.code for each in listed), 0)
    for proposal in proposals:
        if (mine := _envelope_of(phase, proposal)) is not None:
            there[mine.code] += 1
    most = {}
    for each in listed:
        n = there[each.code]
        most[each.code] = min(n, each.max_choices or n, each.points if phase.opts.kind == Kind.POINTS else n)
    free = sum(most[each.code] for each in listed if each.besides)
    others = sorted((most[each.code] for each in listed if not each.besides), reverse=True)
    return _fits_in_a_seal(phase.opts.kind, free + sum(others[: phase.opts.most_envelopes]))


def _envelope_of(phase: Phase, proposal: Proposal) -> envelopes.Envelope | None:
    return envelopes.home_of(envelopes.read(phase.opts.envelopes), proposal.place.slug, proposal.theme)


def _fits_in_a_seal(kind: str, most: int) -> Answer:
    room = room_for(kind)
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
    if phase.opts.kind == Kind.ANSWERS:
        return []
    found = rules.eligible_for_ballot(phase.process).select_related("place")
    if chosen:
        found = found.filter(receipt__in=chosen)
    best = found.order_by("-supports", "receipt")[: min(most or MOST_OPTIONS, MOST_OPTIONS)]
    return sorted(best, key=lambda proposal: (proposal.cost, proposal.receipt))


def wanted_for(phase: Phase, proposals: Sequence[Proposal]) -> Wanted:
    """What goes on the ballot, in its order. With envelopes one after the other, each project numbered within its own: A.01."""
    if not phase.opts.envelopes or phase.opts.kind == Kind.ANSWERS:
        return [(proposal, proposal.cost or Decimal(0), "") for proposal in proposals]
    found: list[tuple[Proposal, Decimal, str]] = []
    for each in envelopes.read(phase.opts.envelopes):
        mine = [proposal for proposal in proposals if _envelope_of(phase, proposal) == each]
        width = max(2, len(str(len(mine))))
        found += [
            (proposal, proposal.cost or Decimal(0), f"{each.code}.{number:0{width}}")
            for number, proposal in enumerate(mine, start=1)
        ]
    return found


def complete(vote: Vote, phase: Phase, options: Sequence[BallotOption]) -> None:
    """Set what of the vote speaks of its options: shares of the money, or envelopes."""
    if phase.opts.kind == Kind.ANSWERS:
        return
    vote.reserves = reserved(phase.opts.shares, vote.budget, options)
    vote.envelopes = _fixed(phase, options)


def _fixed(phase: Phase, options: Sequence[BallotOption]) -> list[dict[str, Any]]:
    """The envelopes with their letters, sums and the codes of their projects."""
    opts = phase.opts
    listed = envelopes.read(opts.envelopes)
    amounts = envelopes.sums(listed, opts.budget, opts.by_place)
    return [
        {
            "code": each.code,
            "name": dict(each.name),
            "place": each.place,
            "theme": each.theme,
            "amount": plain(amount or Decimal(0)),
            "rule": kinds.rule_for(opts.kind, each.rule),
            "min_choices": each.min_choices,
            "max_choices": each.max_choices,
            "points": each.points if opts.kind == Kind.POINTS else None,
            "most_points": each.most_points if opts.kind == Kind.POINTS else None,
            "besides": each.besides,
            "projects": [option.code for option in options if envelopes.code_of(option.code) == each.code],
        }
        for each, amount in zip(listed, amounts, strict=True)
    ]


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
