"""Questions about answers and commitments; no writes, no request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.request import NEEDS_ACCOUNT
from cocreation.models import Contribution, Office
from cocreation.roles import may_act_for
from feedback.models import Commitment, Milestone, day_of
from groundwork.answer import Answer, No, Yes
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

# Nobody has looked at these yet, or they are gone: only an open answer phase lets the city speak.
_UNASSESSED = (Stage.DRAFT, Stage.RECEIVED, Stage.WITHDRAWN)
_GIVEN_UP = No(_("This promise was given up."))


def _proposal_of(contribution: Contribution) -> Proposal | None:
    return getattr(contribution, "proposal", None)


def may_answer(
    person: Person | None, contribution: Contribution, office: Office | None, at: datetime
) -> Answer:
    """The office answers in the open answer phase, or any time after the assessment; never while people vote."""
    if not contribution.is_public:
        return No(_("This contribution is not public. There is nothing to answer in public."))
    proposal = _proposal_of(contribution)
    if proposal is not None and proposal.stage == Stage.ON_BALLOT:
        return No(_("People are voting on this now. The city answers after the vote."))
    acts = may_act_for(person, office)
    if not acts:
        return acts
    if proposal is not None and proposal.stage not in _UNASSESSED:
        return Yes()
    return contribution.process.allows("answer", person, at)


def may_promise(
    person: Person | None, office: Office | None, contribution: Contribution | None, at: datetime
) -> Answer:
    """An office promises for itself; what hangs on a contribution must have been looked at first."""
    if contribution is not None:
        if not contribution.is_public:
            return No(_("This contribution is not public. There is nothing to answer in public."))
        proposal = _proposal_of(contribution)
        if proposal is not None and proposal.stage == Stage.ON_BALLOT:
            return No(_("People are voting on this now. The city answers after the vote."))
        if proposal is not None and proposal.stage in _UNASSESSED:
            return No(_("This has not been answered yet. Answer first, then promise."))
    return may_act_for(person, office)


def may_manage(person: Person | None, commitment: Commitment) -> Answer:
    """Whether this person speaks for the office that promised."""
    return may_act_for(person, commitment.office)


def may_start(person: Person | None, commitment: Commitment) -> Answer:
    if commitment.started_at:
        return No(_("This is under way already."))
    if commitment.given_up_at:
        return _GIVEN_UP
    return may_manage(person, commitment)


def may_complete(person: Person | None, milestone: Milestone) -> Answer:
    if milestone.done_at:
        return No(_("This step is done already."))
    if milestone.commitment.given_up_at:
        return _GIVEN_UP
    return may_manage(person, milestone.commitment)


def may_delay(person: Person | None, commitment: Commitment) -> Answer:
    if commitment.is_delivered:
        return No(_("This is delivered. Its date cannot move any more."))
    if commitment.given_up_at:
        return _GIVEN_UP
    return may_manage(person, commitment)


def may_deliver(person: Person | None, commitment: Commitment) -> Answer:
    if commitment.is_delivered:
        return No(_("This is delivered already."))
    if commitment.given_up_at:
        return _GIVEN_UP
    return may_manage(person, commitment)


def may_evaluate(person: Person | None, commitment: Commitment) -> Answer:
    if not commitment.is_delivered:
        return No(_("Only what was delivered can be evaluated."))
    if commitment.evaluated_at:
        return No(_("This is evaluated already."))
    return may_manage(person, commitment)


def may_say_whether_it_works(person: Person | None, commitment: Commitment, at: datetime) -> Answer:
    """Everyone with an account, from the delivery to the day people are asked until."""
    if commitment.evaluate_by is None:
        return No(_("This is not finished yet."))
    if commitment.evaluated_at or day_of(at) > commitment.evaluate_by:
        return No(_("The question is closed. Thank you to everyone who answered."))
    if person is None or not person.is_authenticated or not person.is_active:
        return No(_("Please sign in to answer."), _("Sign in"), "account_login", identify=True)
    if person.is_guest:  # one account, one answer
        return NEEDS_ACCOUNT
    return Yes()
