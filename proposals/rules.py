"""Questions about proposals; no writes, no request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from cocreation.models import Office, Process
from cocreation.roles import may_act_for
from groundwork.answer import Answer, No, Yes
from proposals.models import Proposal, Stage, Support

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


def may_withdraw(person: Person | None, proposal: Proposal) -> Answer:
    if person is None or proposal.contribution.author_id != person.pk:
        return No(_("Only the author can take this back."))
    if proposal.stage not in (Stage.DRAFT, Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE):
        return No(_("It is on the ballot or decided already and belongs to everyone now."))
    return Yes()


def may_assess(person: Person | None, proposal: Proposal, office: Office | None, at: datetime) -> Answer:
    if proposal.stage not in (Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE):
        return No(_("This proposal cannot be assessed any more."))
    return may_act_for(person, office) and proposal.process.allows("assess", person, at)
