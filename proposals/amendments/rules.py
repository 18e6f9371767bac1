"""Questions about suggested changes; no writes, no request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.words import Moment
from groundwork.answer import Answer, No, Yes
from proposals import rules as hall
from proposals.amendments.models import Amendment
from proposals.amendments.places import MOST

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase
    from proposals.models import Proposal

# The page on which writers change their text themselves, where the city has it.
EDIT = "proposals:edit"


def may_amend(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Whoever the open phase admits, until the proposal is on a ballot. Who writes it needs nobody's consent."""
    if not proposal.is_public:
        return No(_("This proposal is not public."))
    if proposal.stage not in hall.OPEN_TO_CHANGE:
        return No(_("It is on the ballot or decided already. Its text stays as people read it."))
    if hall.writes(person, proposal):
        return No(_("You write this proposal: you can change its text yourself."))
    return proposal.process.allows("amend", person, at)


def is_writable(field: str, text: str) -> Answer:
    """Whether a field can say this."""
    if field != "body" and not text.strip():
        return No(_("The title and the sentence below it cannot be empty."))
    if len(text) > MOST[field]:
        return No(
            format_lazy(_("With this the text has {n} characters too many."), n=len(text) - MOST[field])
        )
    return Yes()


def may_decide(person: Person | None, amendment: Amendment, proposal: Proposal, at: datetime) -> Answer:
    """The writers, once, and after the supporters had their say where they were asked."""
    if isinstance(answer := hall.may_revise(person, proposal, at), No):
        return answer
    if isinstance(answer := is_undecided(amendment), No):
        return answer
    if amendment.asked is not None and amendment.asked.is_open(at):
        when = Moment(amendment.asked.ends)
        return No(format_lazy(_("The supporters can answer until {when}. Decide after that."), when=when))
    return Yes()


def is_undecided(amendment: Amendment) -> Answer:
    if amendment.verdict is not None:
        return No(_("This was decided already."))
    if not amendment.is_public:
        return No(_("This is not shown any more."))
    return Yes()


def phase_of(proposal: Proposal, at: datetime) -> Phase | None:
    """The open phase in which changes may be suggested."""
    return proposal.process.phase_with("amend", at)


def may_ask(person: Person | None, amendment: Amendment, proposal: Proposal, at: datetime) -> Answer:
    """Put it to the supporters: the writers, once, while the phase is open."""
    if isinstance(answer := may_decide(person, amendment, proposal, at), No):
        return answer
    if amendment.asked is not None:
        return No(_("The supporters were asked already."))
    if not proposal.supports:
        return No(_("Nobody supports this proposal yet."))
    if phase_of(proposal, at) is None:
        return No(_("The time for changes is over. Supporters cannot be asked any more."))
    return Yes()


def may_end(proposal: Proposal, ends: datetime, at: datetime) -> Answer:
    """When the supporters' time may be over: after now and not after the phase."""
    if ends <= at:
        return No(_("Please give a day that is not over yet."))
    phase = phase_of(proposal, at)
    if phase is not None and phase.ends is not None and ends > phase.ends:
        return No(format_lazy(_("At the latest on {when}, when the phase ends."), when=Moment(phase.ends)))
    return Yes()


def may_answer(
    person: Person | None, amendment: Amendment, at: datetime, *, supports: bool, answered: bool
) -> Answer:
    """Supporters of the proposal, once each, while they are asked."""
    poll = amendment.asked
    if poll is None:
        return No(_("The supporters were not asked."))
    if isinstance(answer := is_undecided(amendment), No):
        return answer
    if not poll.is_open(at):
        return No(format_lazy(_("The time to answer was over on {when}."), when=Moment(poll.ends)))
    if person is None or not supports:
        return No(_("Only people who support the proposal are asked."))
    if answered:
        return No(_("You have answered already."))
    return Yes()


def may_withdraw(person: Person | None, amendment: Amendment) -> Answer:
    """Who suggested it, while nobody decided."""
    if person is None or amendment.contribution.author_id != person.pk:
        return No(_("Only the author can take this back."))
    return is_undecided(amendment)


def may_adapt(person: Person | None, amendment: Amendment, proposal: Proposal, at: datetime) -> Answer:
    """Who suggested it may suggest it anew for the text as it stands now; the old one then says so."""
    if isinstance(answer := may_withdraw(person, amendment), No):
        return answer
    if amendment.asked is not None:
        return No(_("The supporters were asked about this wording. It stays as it is."))
    return may_amend(person, proposal, at)
