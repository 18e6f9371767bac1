"""The public life record: every step in order, with who took it, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from groundwork.answer import Words
from groundwork.html import say
from proposals import memory
from proposals.models import Assessment, Proposal, Stage, StageMove

_ICONS = {
    Stage.RECEIVED: "inbox",
    Stage.FEASIBLE: "circle-check",
    Stage.NOT_FEASIBLE: "circle-x",
    Stage.ON_BALLOT: "vote",
    Stage.CHOSEN: "circle-check-big",
    Stage.NOT_CHOSEN: "circle-minus",
    Stage.ANSWERED: "message-square-reply",
    Stage.PROMISED: "handshake",
    Stage.UNDER_WAY: "shovel",
    Stage.DELIVERED: "badge-check",
    Stage.EVALUATED: "star",
    Stage.WITHDRAWN: "undo-2",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. `by` is a public name or an office, never more of a person than that."""

    at: datetime
    words: Words
    by: str
    why: str = ""
    cost: Decimal | None = None
    icon: str = "circle-dot"


def record_of(
    proposal: Proposal, moves: Sequence[StageMove], assessments: Sequence[Assessment]
) -> list[Entry]:
    """Pure but for names of offices, which are in memory. Oldest first."""
    reasons = {(a.office_id, a.at): a for a in assessments}
    entries = []
    for move in moves:
        assessment = reasons.get((move.office_id or 0, move.at))
        office = memory.offices.get(move.office_id)
        if office is not None:
            by = office.name
        elif move.stage in (Stage.RECEIVED, Stage.WITHDRAWN):
            by = _author_of(proposal)
        else:
            by = ""
        entries.append(
            Entry(
                at=move.at,
                words=Stage(move.stage).label,
                by=by,
                why=assessment.reason if assessment else move.detail,
                cost=assessment.cost if assessment and move.stage == Stage.FEASIBLE else None,
                icon=_ICONS.get(Stage(move.stage), "circle-dot"),
            )
        )
    return entries


def _author_of(proposal: Proposal) -> str:
    contribution = proposal.contribution
    organisation = memory.organisations.get(contribution.organisation_id)
    if organisation:
        return f"{organisation.name} · {organisation.get_kind_display()}"
    return contribution.author.public_name if contribution.author else _("Someone from here")


def cost_words(assessment: Assessment) -> str:
    """€42,000, then €1,200 a year"""
    if assessment.cost is None:
        return ""
    once = say.money(assessment.cost)
    if assessment.yearly_cost:
        return _("%(once)s, then %(yearly)s a year") % {
            "once": once,
            "yearly": say.money(assessment.yearly_cost),
        }
    return once
