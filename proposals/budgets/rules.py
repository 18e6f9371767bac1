"""Questions about money; no writes, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.models import Phase, Process
from groundwork.answer import Answer, No, Yes
from proposals.models import Theme

if TYPE_CHECKING:
    from accounts.models import Person

BALLOT = "ballot"


def ballots_of(process: Process) -> list[Phase]:
    """The phases in which people vote on the money."""
    return [phase for phase in process.line if phase.method == BALLOT]


def may_set_envelope(person: Person | None, process: Process, at: datetime) -> Answer:
    """Only the administration, and never once a vote on this money has begun."""
    begun = next((phase for phase in ballots_of(process) if not phase.is_ahead(at)), None)
    if begun is not None:
        return roles.may_configure(person, process) and No(
            format_lazy(
                _("“{phase}” has begun: the budget is fixed now, because people vote on it."),
                phase=begun.name,
            )
        )
    return roles.may_configure(person, process) and Yes()


def are_shares(reserves: Sequence[Mapping[str, Any]]) -> Answer:
    """Whether these shares of a budget can be reserved: each theme once, each share above nothing, 100 percent at most."""
    themes = [reserve["theme"] for reserve in reserves]
    if not set(themes) <= set(Theme.values) or len(set(themes)) != len(themes):
        return No(_("A share can be reserved once for each theme."))
    if any(reserve["percent"] <= 0 for reserve in reserves) or sum(r["percent"] for r in reserves) > 100:
        return No(_("The shares can be 100 percent at most."))
    return Yes()
