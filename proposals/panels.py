"""What higher rooms add to the page of a proposal and to its line, without being imported from here.

    proposal_panels.add("answer", Panel("answer", "feedback/proposal_answer.html", answer_of, where="top", order=10))
    planned_stops.add("ballot", stops_of_the_ballot)

A panel's context function is asked once per page, with at most one query; None leaves the panel out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.line import Planned
    from proposals.models import Proposal

Where = Literal["top", "main", "side"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the proposal's page: `context(proposal, person, at)` fills `template`, or returns None to stay away.

    `where`: "top" above the text (the city's answer), "main" below it, "side" beside it; `order` within its place.

    To residents who are signed in a panel shows what visitors see, unless they write the proposal or work for the city. Where
    there is more to it, `own(proposal, person, at, page)` makes their page of the visitors' page, or says with None that the
    view has to draw it (cocreation/own_pages.py).
    """

    slug: str
    template: str
    context: Callable[[Proposal, Person | None, datetime], dict[str, Any] | None]
    where: Where = "main"
    order: int = 50
    own: Callable[[Proposal, Person, datetime, str], str | None] | None = None


proposal_panels: Registry[Panel] = Registry("panel of the proposal page")

# (proposal, at) -> stops that are promised for the time to come, beyond the phases of the process ("opens in June").
PlannedStops = Callable[["Proposal", datetime], "Iterable[Planned]"]
planned_stops: Registry[PlannedStops] = Registry("planned stops of a proposal")
