"""Phases open and close by the clock; here it is only written into the journal, so that followers hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from cocreation.models import Phase
from groundwork.journal import api as journal
from groundwork.journal.models import Entry

# What opened longer ago is no news: a process taken over from elsewhere brings its past with it.
NEWS = timedelta(days=2)


def announce_phases(at: datetime) -> int:
    """Record every opening and every end of the last two days that nobody has recorded yet. Returns how many."""
    return _announce("phase.opened", "starts", at) + _announce("phase.closed", "ends", at)


@transaction.atomic
def _announce(verb: str, border: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        # Two workers at once: the second leaves it to the first, whose entries it could not see yet.
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [f"announce {verb}"])
        if not cursor.fetchone()[0]:
            return 0
    told = Entry.objects.filter(
        subject_label=Phase._meta.label, subject_key=Cast(OuterRef("pk"), CharField()), verb=verb
    )
    phases = (
        Phase.objects.published()
        .filter(**{f"{border}__lte": at, f"{border}__gt": at - NEWS})
        .filter(~Exists(told))
    )
    new = [phase for phase in phases if not phase.kind.announces_itself]
    for phase in new:
        journal.record(verb, on=phase, process=phase.process_id, at=getattr(phase, border))
    return len(new)
