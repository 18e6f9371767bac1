"""What the writers of a proposal see beside it: the shared draft, and who is writing now. No query."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from proposals.cowriting import live
from proposals.cowriting.rules import may_write_together

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models import Proposal


def of_proposal(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    if not may_write_together(person, proposal, at):
        return None
    draft: dict[str, str] | None = proposal.story_draft  # type: ignore[attr-defined]
    writers = [hand["person_id"] for hand in proposal.story_hands if hand["role"] != "contributor"]
    there = live.there(draft["key"], writers) if draft else set()
    return {
        "draft": draft and {"at": datetime.fromisoformat(draft["at"])},
        "alone": len(writers) < 2,
        "writing": len(there),
    }
