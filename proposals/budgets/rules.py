"""Questions about money; no writes, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.models import Phase, Process
from groundwork.answer import Answer, No, Yes
from proposals.models import Proposal, Theme

if TYPE_CHECKING:
    from accounts.models import Person

BALLOT = "ballot"
PROPOSE = "propose"


def ballots_of(process: Process) -> list[Phase]:
    """The phases in which people vote on the money."""
    return [phase for phase in process.line if phase.method == BALLOT]


def is_about_money(phase: Phase) -> bool:
    """Whether a vote gives out money; one on questions does not."""
    return getattr(phase.opts, "kind", "") != "answers"


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


def freezes(process: Process) -> Phase | None:
    """The phase with whose opening the division of the money is fixed: the first in which people hand in, or vote."""
    found = [phase for phase in process.line if PROPOSE in phase.acts or phase.method == BALLOT]
    return min(found, key=lambda phase: (phase.starts is None, phase.starts or 0, phase.order), default=None)


def may_divide(person: Person | None, process: Process, at: datetime) -> Answer:
    """Only the administration, and never once people hand in: nobody shall look at the ideas first."""
    phase = freezes(process)
    if phase is not None and not phase.is_ahead(at):
        return roles.may_configure(person, process) and No(
            format_lazy(
                _("“{phase}” has begun: how the money is divided is fixed now, because it was told before."),
                phase=phase.name,
            )
        )
    if Proposal.objects.filter(process=process, is_public=True).exists():
        return roles.may_configure(person, process) and No(
            _("There are proposals already: how the money is divided is fixed, because it was told before.")
        )
    return roles.may_configure(person, process) and Yes()


def fits_division(total: Decimal, amount: Decimal) -> Answer:
    """The budget of a process is what was divided over its places; it is changed there."""
    if total != amount:
        return No(
            _("The money is divided over the places, so the sum is fixed here."),
            _("Change it with the shares of the places."),
        )
    return Yes()


def are_shares(reserves: Sequence[Mapping[str, Any]]) -> Answer:
    """Whether these shares of a budget can be reserved: each theme once, each share above nothing, 100 percent at most."""
    themes = [reserve["theme"] for reserve in reserves]
    if not set(themes) <= set(Theme.values) or len(set(themes)) != len(themes):
        return No(_("A share can be reserved once for each theme."))
    if any(reserve["percent"] <= 0 for reserve in reserves) or sum(r["percent"] for r in reserves) > 100:
        return No(_("The shares can be 100 percent at most."))
    return Yes()


def may_reserve_beside_places(reserves: Sequence[Mapping[str, Any]]) -> Answer:
    """A vote keeps to the shares of places or to those of themes: a project could not lie in two pots."""
    if reserves:
        return No(
            _("The vote keeps to the shares of the places: no share can be reserved for a theme beside them.")
        )
    return Yes()


def says_why(reason: Mapping[str, str]) -> Answer:
    if not all(reason.get(language, "").strip() for language in ("de", "en")):
        return No(
            _("Please say in both languages why the money is divided differently. Everybody can read it.")
        )
    return Yes()
