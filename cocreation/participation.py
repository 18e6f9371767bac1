"""What a person can do now in a process: the participation box, and the rows on the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No, Words, Yes

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.methods import Invitation
    from cocreation.models import Phase, Process

Kind = Literal["do", "done", "wait", "soon", "over", "undated", "stopped"]


@dataclass(frozen=True, slots=True)
class Participation:
    """One of: something to do, done already, the city is working, begins later, over, no dates yet, stopped."""

    kind: Kind
    phase: Phase | None = None
    invitation: Invitation | None = None
    next: Phase | None = None
    who: Words = ""


def invitations_of(process: Process, person: Person | None, at: datetime) -> list[tuple[Phase, Invitation]]:
    """What the open phases ask for, the main lane first; at most one query an open phase."""
    found = []
    for phase in process.open_phases(at):
        phase.process = process
        if invitation := phase.kind.invitation(phase, person, at):
            found.append((phase, invitation))
    return found


def participation_of(process: Process, person: Person | None, at: datetime) -> Participation:
    if process.is_stopped(at):
        return Participation("stopped")
    offers = invitations_of(process, person, at)
    ahead = [(phase.starts, phase.pk, phase) for phase in process.line if phase.starts and phase.starts > at]
    coming = min(ahead)[2] if ahead else None
    for phase, invitation in offers:
        if not invitation.done:
            return Participation("do", phase, invitation, coming, who_may(phase))
    if offers:
        return Participation("done", *offers[0], coming)
    if open_now := process.open_phases(at):
        return Participation("wait", open_now[0], next=coming)
    if coming:
        return Participation("soon", next=coming)
    past = [phase for phase in process.line if phase.is_over(at)]
    return Participation("over", past[-1]) if past else Participation("undated")


def who_may(phase: Phase) -> Words:
    """The audience of the first act of the phase, in words."""
    act = next((act.slug for act in phase.kind.acts if act.slug in phase.acts), None)
    return phase.audience_of(act).sentence() if act else ""


def may_follow(person: Person) -> Answer:
    """Messages go to an address: who takes part without an account has none yet."""
    if person.is_guest:
        return No(
            _("To tell you what happens we need your e-mail address. What you did so far comes along."),
            _("Make it an account"),
            "cocreation:claim",
            identify=True,
        )
    return Yes()
