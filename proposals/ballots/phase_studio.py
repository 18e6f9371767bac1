"""What the questions and the envelopes of a vote share in the studio: who may set them, where they are kept, which are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cocreation import roles
from cocreation.actions import PhaseChange, change_phase
from groundwork.answer import Answer, Yes
from proposals.ballots.questions import LANGUAGES

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase, Process


def may_set(person: Person | None, phase: Phase, at: datetime) -> Answer:
    """Whoever sets up the process may, until the vote opens."""
    may = roles.may_configure(person, phase.process)
    if not may:
        return may
    return Yes() if phase.is_ahead(at) and not hasattr(phase, "vote") else phase.kind.stays


def set_options(*, phase: Phase, options: Any, by: Person, at: datetime) -> Phase:
    """The phase with these options and everything else as it was."""
    change = PhaseChange(
        name={code: getattr(phase, f"name_{code}") for code in LANGUAGES},
        text={code: getattr(phase, f"text_{code}") for code in LANGUAGES},
        starts=phase.starts,
        ends=phase.ends,
        acts=list(phase.acts),
        audience=dict(phase.audience),
        options=options,
    )
    return change_phase(phase=phase, change=change, by=by, at=at)


def shown_of(process: Process, phases: Sequence[Phase], at: datetime) -> Phase:
    """The next of these votes that has not opened, else the last one: one form at a time."""
    for phase in phases:
        phase.process = process
    return next((phase for phase in phases if phase.is_ahead(at)), phases[-1])
