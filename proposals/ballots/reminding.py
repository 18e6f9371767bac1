"""One day before the end of a vote: one message, the same words for everybody who wants to hear of the process.

Nobody's slot is looked at. A message that goes only to those who have not voted is a list of those who have
(docs/decisions/0011).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from cocreation.models import Phase
from groundwork.journal import api as journal
from proposals.ballots.models import Vote

BEFORE = timedelta(hours=24)
# Whoever was told of the opening a moment ago needs no reminder.
SHORTEST = 2 * BEFORE


def is_long_enough(phase: Phase) -> bool:
    """Whether a vote of this length has a reminder."""
    return phase.starts is not None and phase.ends is not None and phase.ends - phase.starts >= SHORTEST


@transaction.atomic
def remind(*, vote: Vote, at: datetime) -> bool:
    """Record once that the vote is about to end; False when it is not time, too short a vote, or done already."""
    vote = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    phase = vote.phase
    if vote.reminded_at or vote.counted_at or phase.ends is None or phase.starts is None:
        return False
    if phase.process.is_stopped(at) or not phase.is_open(at) or phase.ends - at > BEFORE:
        return False
    vote.reminded_at = at
    vote.save(update_fields=["reminded_at"])
    if not is_long_enough(phase):
        return False
    journal.record(
        "vote.ending",
        on=vote,
        process=phase.process_id,
        at=at,
        data={"act": "vote", "slug": phase.process.slug, "phase": phase.key, "until": phase.ends.isoformat()},
    )
    return True
