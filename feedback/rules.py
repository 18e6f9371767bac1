"""Questions about answers and commitments; no writes, no request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.request import NEEDS_ACCOUNT
from cocreation.models import Contribution, Office, Process, RoleGrant
from cocreation.roles import may_act_for
from feedback.models import (
    AnswerDraft,
    Commitment,
    FollowUp,
    Milestone,
    OfficialAnswer,
    ReplyClock,
    SignedAs,
    day_of,
)
from groundwork.answer import Answer, No, Yes
from groundwork.registry import Registry
from proposals.models import Authorship, Proposal, Stage, Support

if TYPE_CHECKING:
    from accounts.models import Person

# Kinds that are answered whatever the phases say: a room registers the rule of its own. (person, contribution, office, at).
OwnRule = Callable[["Person | None", Contribution, "Office | None", datetime], Answer]
own_rules: Registry[OwnRule] = Registry("rule of who answers a kind")

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
    if (own := own_rules.find(contribution.kind)) is not None:
        return own(person, contribution, office, at)
    proposal = _proposal_of(contribution)
    if proposal is not None and proposal.stage == Stage.ON_BALLOT:
        return No(_("People are voting on this now. The city answers after the vote."))
    acts = may_act_for(person, office)
    if not acts:
        return acts
    if proposal is not None and proposal.stage not in _UNASSESSED:
        return Yes()
    if ReplyClock.objects.filter(
        contribution=contribution
    ).exists():  # so many support it that it does not wait
        return Yes()
    return _phase_allows(person, contribution.process, at)


def _phase_allows(person: Person | None, process: Process, at: datetime) -> Answer:
    """Open, or over: what was not answered in time is owed all the more."""
    allowed = process.allows("answer", person, at)
    phases = [each for each in process.line if each.method == "answer" and "answer" in each.acts]
    if (
        not allowed
        and process.is_published
        and not process.is_stopped(at)
        and any(e.is_over(at) for e in phases)
    ):
        return Yes()
    return allowed


def answerable(
    person: Person | None,
    proposals: Sequence[Proposal],
    process: Process,
    office: Office | None,
    at: datetime,
) -> tuple[list[Proposal], list[Proposal]]:
    """`may_answer` for many of one process: those it says yes to, and the others. Two queries, however many."""
    if not may_act_for(person, office):
        return [], list(proposals)
    own = set(
        ReplyClock.objects.filter(contribution__in=[each.pk for each in proposals]).values_list(
            "pk", flat=True
        )
    )
    open_now = bool(_phase_allows(person, process, at))
    fit: list[Proposal] = []
    left: list[Proposal] = []
    for each in proposals:
        waits = each.stage in _UNASSESSED and not open_now and each.pk not in own
        (left if not each.is_public or each.stage == Stage.ON_BALLOT or waits else fit).append(each)
    return fit, left


# --- the second reader ---


def needs_reader(person: Person | None, process: Process, office: Office, at: datetime) -> bool:
    """Whether somebody else has to read what this person answers, by the options of the answer phase."""
    if process.is_dry_run:
        return False
    phase = next((each for each in reversed(process.line) if each.method == "answer"), None)
    skip = getattr(phase.opts, "alone", "everybody") if phase else "everybody"
    if skip == "heads":
        return role_at(person, office, at) != SignedAs.HEAD
    return skip == "nobody"


def role_at(person: Person | None, office: Office, at: datetime) -> str:
    """The role somebody signs with for an office. One query."""
    if person is None:
        return ""
    grants = RoleGrant.objects.valid(at).filter(person=person, role=RoleGrant.Role.OFFICIAL, office=office)
    heads = list(grants.values_list("head", flat=True))
    return SignedAs.HEAD if any(heads) else SignedAs.OFFICIAL if heads else SignedAs.ADMIN


def may_write(person: Person | None, draft: AnswerDraft) -> Answer:
    return may_act_for(person, draft.office)


def may_read(person: Person | None, draft: AnswerDraft) -> Answer:
    """Be the second reader: somebody of the office who neither wrote it last nor handed it in."""
    acts = may_act_for(person, draft.office)
    if not acts:
        return acts
    if draft.submitted_at is None:
        return No(_("This does not wait for a reader."))
    if person is not None and person.pk in (draft.submitted_by_id, draft.changed_by_id):
        return No(_("Somebody else has to read it: you wrote it yourself."))
    return Yes()


# --- what readers say back ---


def _writes(person: Person, contribution: int) -> bool:
    return (
        Contribution.objects.filter(pk=contribution, author=person).exists()
        or Authorship.objects.writing().filter(proposal=contribution, person=person).exists()
    )


def may_say_helpful(person: Person | None, answer: OfficialAnswer) -> Answer:
    """Whether an answer helped is for those it was given to: authors and supporters."""
    if person is None or not person.is_authenticated or not person.is_active:
        return No(_("Please sign in to answer."), _("Sign in"), "account_login", identify=True)
    supports = Support.objects.filter(proposal=answer.contribution_id, person=person)
    if _writes(person, answer.contribution_id) or supports.exists():
        return Yes()
    return No(_("Authors and supporters say whether an answer helped."))


def may_ask(person: Person | None, answer: OfficialAnswer) -> Answer:
    """One question about an answer, by an author, while it is the newest one."""
    if person is None or not person.is_authenticated or not _writes(person, answer.contribution_id):
        return No(_("Only the authors may ask about an answer."))
    newest = OfficialAnswer.objects.filter(contribution=answer.contribution_id).newest_first().first()
    if newest is None or newest.pk != answer.pk:
        return No(_("There is a newer answer. Ask about that one."))
    if FollowUp.objects.filter(answer=answer).exists():
        return No(_("The one question about this answer has been asked."))
    return Yes()


def may_reply(person: Person | None, follow_up: FollowUp) -> Answer:
    acts = may_act_for(person, follow_up.answer.office)
    if acts and follow_up.replied_at:
        return No(_("The office has replied already. A reply is given once."))
    return acts


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
