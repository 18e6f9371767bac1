"""Questions about money; no writes, no request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.models import Phase, Process
from groundwork.answer import Answer, No, Yes

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
        return roles.may_configure(person) and No(
            format_lazy(
                _("“{phase}” has begun: the budget is fixed now, because people vote on it."),
                phase=begun.name,
            )
        )
    return roles.may_configure(person) and Yes()
