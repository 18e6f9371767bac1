"""Questions about designs. To note something is to comment, to prefer one is to support: the process says who may."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No
from proposals.models import Proposal
from proposals.rules import may_revise

if TYPE_CHECKING:
    from accounts.models import Person

NOT_PUBLIC = No(_("This proposal is not public."))


def may_add(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Who may change the text may add and remove designs."""
    return may_revise(person, proposal, at)


def may_note(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    return proposal.process.allows("comment", person, at) if proposal.is_public else NOT_PUBLIC


def may_prefer(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    return proposal.process.allows("support", person, at) if proposal.is_public else NOT_PUBLIC
