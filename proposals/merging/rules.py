"""Questions about joining proposals; no writes, no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from cocreation.roles import Role, roles_of
from groundwork.answer import Answer, No, Words, Yes
from proposals.models import Assessment, Authorship, Proposal, Stage, StageMove
from proposals.rules import writes

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.merging.models import Merge, MergePart

# Until the vote a proposal may become a part of another one.
MAY_JOIN = (Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE)


def accompanies(person: Person | None, process: Process) -> bool:
    """Facilitators and moderators of the process, and the office it belongs to."""
    roles = roles_of(person)
    return roles.where(Role.ADMIN, Role.FACILITATOR, Role.MODERATOR).covers(process) or roles.acts_for(
        process.office_id
    )


def may_join(proposal: Proposal) -> Answer:
    """Whether this proposal can be at the table, as it stands now."""
    if not proposal.is_public:
        return No(format_lazy(_("{number} is not public any more."), number=proposal.receipt))
    if proposal.stage not in MAY_JOIN:
        return No(format_lazy(_("{number} is on the ballot or decided already."), number=proposal.receipt))
    return Yes()


def may_propose_merge(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Any writer of it, and whoever accompanies the process."""
    if person is None or not person.is_authenticated:
        return No(_("Please sign in first."), _("Sign in"), "account_login", identify=True)
    if not (writes(person, proposal) or accompanies(person, proposal.process)):
        return No(
            _("Only its authors and those who accompany the process can propose to join it with others.")
        )
    if proposal.process.is_stopped(at):
        return No(_("This process was stopped."))
    return may_join(proposal)


def sits_at(person: Person | None, merge: Merge) -> Answer:
    """The writers of the parts that are at the table."""
    keys = [part.proposal_id for part in merge.here]
    if person is None or not Authorship.objects.writing().filter(person=person, proposal__in=keys).exists():
        return No(_("Only the authors of these proposals can change the joint text."))
    return _is_open(merge)


def _is_open(merge: Merge) -> Answer:
    if merge.is_open:
        return Yes()
    return No(_("This is over: the joint text cannot be changed here any more."))


def may_steer(person: Person | None, merge: Merge) -> Answer:
    """Going on without a part, or ending it: everybody at the table, and who accompanies the process."""
    if accompanies(person, merge.process):
        return _is_open(merge)
    return sits_at(person, merge)


def may_stop(person: Person | None, merge: Merge) -> Answer:
    """Whoever proposed it takes it back, or who accompanies the process ends it."""
    if person is not None and (merge.proposed_by_id == person.pk or accompanies(person, merge.process)):
        return _is_open(merge)
    return No(_("Only who proposed it can take it back. As a lead author you can decline."))


def leads_of(keys: Iterable[int]) -> dict[int, int]:
    """Proposal -> the person who leads it. One query."""
    led = Authorship.objects.standing().filter(proposal__in=list(keys), role=Authorship.Role.LEAD)
    return dict(led.exclude(person=None).values_list("proposal", "person"))


def has_agreed(part: MergePart, version: int, leads: dict[int, int]) -> bool:
    """To this version, by whoever leads it now."""
    return (
        part.consented_to == version
        and part.consented_by_id is not None
        and part.consented_by_id == leads.get(part.proposal_id)
    )


def obstacle(part: MergePart, leads: dict[int, int]) -> Words:
    """What keeps a part from being joined now; empty when nothing does."""
    answer = may_join(part.proposal)
    if isinstance(answer, No):
        return answer.reason
    if part.proposal_id not in leads:
        return _("It has no lead author at the moment. It waits until somebody leads it again.")
    return ""


def overtaken(merge: Merge, newest: dict[int, int]) -> list[MergePart]:
    """Parts whose own text was changed since the joint text was written from it."""
    read = merge.text.read
    return [part for part in merge.here if newest.get(part.proposal_id) != read.get(str(part.proposal_id))]


def may_agree(person: Person | None, part: MergePart, leads: dict[int, int]) -> Answer:
    if person is None or leads.get(part.proposal_id) != person.pk:
        return No(_("Only the lead author decides for a proposal."))
    return _is_open(part.merge)


# --- separating again ---


def may_split(
    person: Person | None, part: MergePart, leads: dict[int, int], at: datetime, *, newest: int | None = None
) -> Answer:
    """The lead of the part, or who accompanies the process; while the phase lasts in which it was joined, or nothing
    happened to the living page since. At most three queries."""
    merge = part.merge
    if merge.state != merge.State.COMPLETED or part.is_target or part.left_at or part.split_at:
        return No(_("There is nothing to separate here."))
    if person is None or not (leads.get(part.proposal_id) == person.pk or accompanies(person, merge.process)):
        return No(_("Only the lead author of the part and those who accompany the process can separate it."))
    target = merge.target.proposal
    if target.lives_in_id is not None:
        return No(_("Both live on in another proposal now. Separate that one first."))
    if target.stage not in MAY_JOIN:
        return No(_("It is on the ballot or decided already. It stays one proposal."))
    if not _next_phase_began(merge, at) or not _something_happened(merge, target, newest):
        return Yes()
    return No(_("The next phase has begun and the joint proposal was worked on. It stays one proposal."))


def _next_phase_began(merge: Merge, at: datetime) -> bool:
    since = merge.ended_at
    return any(
        phase.starts is not None and since is not None and since < phase.starts <= at
        for phase in merge.process.main_lane()
    )


def _something_happened(merge: Merge, target: Proposal, newest: int | None) -> bool:
    """A version, an assessment or a move of the living page after the joint text."""
    if newest is None:
        newest = target.revisions.order_by("-number").values_list("number", flat=True).first()
    since = merge.ended_at
    return (
        newest != merge.after
        or Assessment.objects.filter(proposal=target, at__gt=since).exists()
        or StageMove.objects.filter(proposal=target, at__gt=since).exists()
    )


# --- clusters ---


def may_cluster(person: Person | None, process: Process) -> Answer:
    if accompanies(person, process):
        return Yes()
    return No(_("Only those who accompany this process can group its proposals."))


def are_enough(proposals: Sequence[Proposal]) -> Answer:
    from proposals.merging.models import FEWEST, MOST

    if len({proposal.process_id for proposal in proposals}) > 1:
        return No(_("Only proposals of the same process can be joined."))
    if len(proposals) < FEWEST:
        return No(_("Choose at least one other proposal."))
    if len(proposals) > MOST:
        return No(format_lazy(_("At most {most} proposals can be joined at once."), most=MOST))
    return Yes()
