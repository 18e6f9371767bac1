"""Questions about proposals; no writes, no request."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from cocreation.models import Office, Process
from cocreation.roles import may_act_for, may_facilitate, may_moderate, roles_of
from groundwork.answer import Answer, No, Yes
from proposals.models import Assignment, Authorship, Clarification, Proposal, Stage, Support, TakeOver

if TYPE_CHECKING:
    from accounts.models import Person


def may_propose(person: Person | None, process: Process, at: datetime) -> Answer:
    return process.allows("propose", person, at)


def may_propose_for(person: Person, organisation: Organisation | None) -> Answer:
    if (
        organisation is None
        or Membership.objects.confirmed().filter(person=person, organisation=organisation).exists()
    ):
        return Yes()
    return No(_("Only confirmed members may write for this organisation."))


def may_support(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Whether a person may add their support; asking costs no query beyond the process and its phases."""
    if not proposal.is_public:
        return No(_("This proposal is not public."))
    return proposal.process.allows("support", person, at)


def is_supported_by(person: Person | None, proposal: Proposal) -> bool:
    return (
        person is not None
        and person.is_authenticated
        and Support.objects.filter(proposal=proposal, person=person).exists()
    )


# Until it is on a ballot a proposal may become better.
OPEN_TO_CHANGE = (Stage.DRAFT, Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE)


def writes(person: Person | None, proposal: Proposal) -> bool:
    """Whether a person is one of its writers: the lead or an author. At most one query."""
    if person is None or not person.is_authenticated:
        return False
    hands = getattr(proposal, "story_hands", None)
    if hands is not None:
        return any(hand["person_id"] == person.pk and hand["role"] != "contributor" for hand in hands)
    return Authorship.objects.writing().filter(proposal=proposal.pk, person=person).exists()


def may_revise(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """The writers of a public proposal, until it is on a ballot and while its process goes on."""
    if not writes(person, proposal):
        return No(_("Only the authors can change this text."))
    if not proposal.is_public:
        return No(_("This proposal is not public."))
    if proposal.stage not in OPEN_TO_CHANGE:
        return No(_("It is on the ballot or decided already. Its text stays as people read it."))
    if proposal.process.is_stopped(at):
        return No(_("This process was stopped."))
    return Yes()


def leads(person: Person | None, proposal: Proposal) -> bool:
    """Whether a person is its lead author. At most one query."""
    if person is None or not person.is_authenticated:
        return False
    hands = getattr(proposal, "story_hands", None)
    if hands is not None:
        return any(hand["person_id"] == person.pk and hand["role"] == "lead" for hand in hands)
    standing = Authorship.objects.standing()
    return standing.filter(proposal=proposal.pk, person=person, role=Authorship.Role.LEAD).exists()


def may_seek_coauthors(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Looking for more hands makes sense as long as the text may become better."""
    return may_revise(person, proposal, at)


def may_withdraw(person: Person | None, proposal: Proposal) -> Answer:
    """The lead, who may be somebody else than the first author by now."""
    if not leads(person, proposal):
        return No(_("Only the lead author can take this back."))
    if proposal.stage == Stage.MERGED:
        return No(_("It lives on in another proposal. Separate them first; then you can take it back."))
    if proposal.stage not in OPEN_TO_CHANGE:
        return No(_("It is on the ballot or decided already and belongs to everyone now."))
    holds = getattr(proposal, "holds_others", None)
    if holds if holds is not None else Proposal.objects.filter(lives_in=proposal.pk).exists():
        return No(_("Proposals of others live on in this one. It belongs to all of you now."))
    return Yes()


ASSESSABLE = (Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE)


def may_assess(person: Person | None, proposal: Proposal, office: Office | None, at: datetime) -> Answer:
    if proposal.stage not in ASSESSABLE:
        return No(_("This proposal cannot be assessed any more."))
    return may_act_for(person, office) and proposal.process.allows("assess", person, at)


# --- many hands ---


def may_invite(person: Person | None, proposal: Proposal) -> Answer:
    """Every writer asks others to join, while the text may still change."""
    if not writes(person, proposal):
        return No(_("Only the authors can invite somebody."))
    return _takes_hands(proposal)


def may_join(person: Person, proposal: Proposal) -> Answer:
    """Who was invited needs an account with an address: authors are told what happens to their text."""
    if person.is_guest:
        return No(
            _("To be named as an author you need an account with a confirmed e-mail address."),
            _("Make it an account"),
            "cocreation:claim",
        )
    return _takes_hands(proposal)


def _takes_hands(proposal: Proposal) -> Answer:
    if not proposal.is_public:
        return No(_("This proposal is not public."))
    if proposal.stage not in OPEN_TO_CHANGE:
        return No(_("It is on the ballot or decided already. Its authors stay as they are."))
    return Yes()


def may_end_invitation(person: Person | None, hand: Authorship) -> Answer:
    if hand.invited_by_id is not None and person is not None and hand.invited_by_id == person.pk:
        return Yes()
    return may_arrange(person, hand.proposal)


def may_arrange(person: Person | None, proposal: Proposal) -> Answer:
    """Roles, and who leads."""
    return Yes() if leads(person, proposal) else No(_("Only the lead author can do this."))


def is_orphan(proposal: Proposal) -> bool:
    """Nobody writes it any more, somebody did, and it may still change. Of the page's own query, or two queries."""
    if not proposal.is_public or proposal.stage not in OPEN_TO_CHANGE:
        return False
    story = getattr(proposal, "story_orphan", None)
    if story is not None:
        return bool(story)
    hands = Authorship.objects.filter(proposal=proposal.pk)
    return not hands.writing().exists() and hands.filter(accepted_at__isnull=False).exists()


def may_take_over(person: Person | None, proposal: Proposal) -> Answer:
    """Who is credited already, or supports it, and can be told what happens to it."""
    if not is_orphan(proposal):
        return No(_("This proposal has authors."))
    if person is None or not person.is_authenticated:
        return No(_("Please sign in first."), _("Sign in"), "account_login", identify=True)
    if not (allowed := may_join(person, proposal)):
        return allowed
    if is_supported_by(person, proposal) or _contributes(person, proposal):
        return Yes()
    return No(_("Support it first. Only who supports a proposal can take it over."))


def _contributes(person: Person, proposal: Proposal) -> bool:
    return Authorship.objects.standing().filter(proposal=proposal.pk, person=person).exists()


def may_decide(person: Person | None, offer: TakeOver, at: datetime) -> Answer:
    """The other contributors until the day; after it, or where there are none, who leads the conversation of the
    process or moderates it. At most two queries."""
    if person is None or not person.is_authenticated or offer.person_id == person.pk:
        return No(_("Somebody else decides about this offer."))
    others = Authorship.objects.standing().filter(proposal=offer.proposal_id).exclude(person=offer.person_id)
    keys = set(others.values_list("person", flat=True))
    if keys and at < offer.decide_by:
        return Yes() if person.pk in keys else No(_("The contributors decide about this offer first."))
    process = offer.proposal.process
    if (
        may_facilitate(person, process)
        or may_moderate(person, process)
        or may_act_for(person, process.office)
    ):
        return Yes()
    return No(_("The office responsible for the process decides about this offer."))


# --- the work of the offices ---


def needs_signature(process: Process, at: datetime) -> bool:
    """Whether a second person of the office has to sign, by the options of the assessment that is open."""
    phase = process.phase_with("assess", at)
    if phase is None:
        return False
    wanted = getattr(phase.opts, "signatures", "budget")
    if wanted == "budget":
        return money_at_stake(process) >= MUCH_MONEY
    return bool(wanted == "always")


# From here on two people of an office answer for what the city says it costs.
MUCH_MONEY = Decimal(100_000)


def money_at_stake(process: Process) -> Decimal:
    """The largest budget a phase of the process decides about."""
    return max((Decimal(getattr(p.opts, "budget", None) or 0) for p in process.line), default=Decimal(0))


def may_sign(person: Person | None, assignment: Assignment, at: datetime) -> Answer:
    """Another official of the office than those who wrote it and handed it in."""
    if assignment.submitted_at is None:
        return No(_("Nothing waits for a signature here."))
    if person is not None and person.pk in (assignment.submitted_by_id, assignment.changed_by_id):
        return No(_("Somebody else has to sign: you wrote it yourself."))
    return may_assess(person, assignment.proposal, assignment.office, at)


def may_work(person: Person | None, assignment: Assignment, at: datetime) -> Answer:
    """Write at the draft of an office, as long as the office has the proposal."""
    if assignment.ended_at is not None:
        return No(_("This proposal went to another office."))
    return may_assess(person, assignment.proposal, assignment.office, at)


def may_ask(person: Person | None, assignment: Assignment, asked: int, at: datetime) -> Answer:
    """`asked`: how many questions this office has asked already."""
    if (allowed := may_work(person, assignment, at)) and assignment.done_at is not None:
        return No(_("The assessment is published. Correct it, if something has to be asked again."))
    phase = assignment.proposal.process.phase_with("assess", at)
    most = getattr(phase.opts, "questions", 3) if phase else 0
    if allowed and asked >= most:
        return No(_("Your office has asked all the questions it may ask here."))
    return allowed


def may_answer(person: Person | None, clarification: Clarification, at: datetime) -> Answer:
    """Its writers, once; also after the date, while nobody has published an assessment without it."""
    proposal = clarification.proposal
    if not writes(person, proposal):
        return No(_("Only the authors can answer this."))
    if clarification.answered_at is not None:
        return No(_("This question has its answer."))
    if not proposal.is_public or proposal.stage not in OPEN_TO_CHANGE or proposal.process.is_stopped(at):
        return No(_("This question is closed."))
    return Yes()


def may_distribute(person: Person | None, process: Process) -> Answer:
    """Say which office is responsible for which proposal: who accompanies or sets up the process, and its own office."""
    roles = roles_of(person)
    if roles.acts_for(process.office_id) or roles.where(*DISTRIBUTORS).covers(process):
        return Yes()
    return No(_("Only the office responsible for this process may distribute its proposals."))


DISTRIBUTORS = ("admin", "owner", "facilitator")
