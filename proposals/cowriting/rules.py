"""Questions about writing together; no writes, no request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.request import NEEDS_ACCOUNT
from groundwork.answer import Answer, No, Yes
from proposals.cowriting.models import SharedDraft
from proposals.models import Proposal
from proposals.rules import may_revise

if TYPE_CHECKING:
    from accounts.models import Person

# A discarded draft can be brought back this long; what ended earlier is swept away.
KEPT = timedelta(days=30)


def may_write_together(person: Person | None, proposal: Proposal, at: datetime) -> Answer:
    """Whoever may publish a new version may also write on it together; with an account, as others see the name."""
    answer = may_revise(person, proposal, at)
    if answer and getattr(person, "is_guest", False):
        return NEEDS_ACCOUNT
    return answer


def may_write(person: Person | None, draft: SharedDraft, at: datetime) -> Answer:
    """Whether this person may change this draft now."""
    answer = may_write_together(person, draft.proposal, at)
    if answer and not draft.is_open:
        return No(_("This shared draft is closed."))
    return answer


def may_restore(person: Person | None, draft: SharedDraft, at: datetime) -> Answer:
    """For 30 days, while nobody has started another one."""
    answer = may_write_together(person, draft.proposal, at)
    if not answer:
        return answer
    if draft.discarded_at is None or at >= draft.discarded_at + KEPT:
        return No(_("This draft cannot be brought back any more."))
    if SharedDraft.objects.open().filter(proposal=draft.proposal_id).exists():
        return No(_("There is a shared draft already."))
    return Yes()
