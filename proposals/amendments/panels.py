"""What the room shows on other pages: the panel of a proposal and the entries of its life record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from groundwork.answer import No
from proposals import rules as hall
from proposals.amendments import rules
from proposals.amendments.models import Amendment
from proposals.amendments.queries import name_of, numbers_of
from proposals.record import Entry

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models import Proposal


def of_proposal(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The numbers and the way in. No query: the numbers came with the proposal."""
    numbers = numbers_of(proposal)
    answer = rules.may_amend(person, proposal, at)
    may = bool(answer) or (isinstance(answer, No) and answer.identify)
    if not may and not numbers.total:
        return None
    return {"numbers": numbers, "may_amend": may, "writes": hall.writes(person, proposal)}


def own_of_proposal(proposal: Proposal, person: Person, at: datetime, page: str) -> str | None:
    """The same for whoever may suggest something, or could after identifying, like a visitor."""

    def may(who: Person | None) -> bool:
        answer = rules.may_amend(who, proposal, at)
        return bool(answer) or (isinstance(answer, No) and answer.identify)

    return page if may(person) == may(None) else None


def record(proposal: Proposal) -> Iterable[Entry]:
    """What was suggested and what became of it. One query."""
    if not proposal.is_public:
        return
    rows = Amendment.objects.filter(proposal=proposal.pk, is_public=True)
    for each in rows.select_related("contribution__author", "decision__by", "poll"):
        of = {"number": each.receipt}
        suggested = _("Suggested by %(name)s.") % {"name": name_of(each)}
        if each.asked is not None:
            yield Entry(
                each.asked.at, _("Suggested change %(number)s put to the supporters") % of, "", icon="users"
            )
        decision = each.verdict
        if decision is None:
            yield Entry(
                each.contribution.created_at,
                _("Change suggested, No. %(number)s") % of,
                name_of(each),
                icon="file-diff",
            )
        elif decision.is_accepted or decision.outcome == decision.Outcome.DECLINED:
            words = (
                _("Suggested change %(number)s accepted")
                if decision.is_accepted
                else _("Suggested change %(number)s declined")
            )
            by = decision.by.public_name if decision.by else ""
            icon = "circle-check" if decision.is_accepted else "circle-x"
            yield Entry(decision.at, words % of, by, why=f"{suggested} {decision.reason}".strip(), icon=icon)
