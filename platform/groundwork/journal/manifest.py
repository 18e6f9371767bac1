"""What of the journal may be left undone, for the page of jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from groundwork.jobs import api as jobs
from groundwork.journal.models import Cursor, Entry


def unsealed(at: datetime) -> tuple[int, datetime | None]:
    found = Entry.objects.filter(seq__isnull=True).aggregate(n=Count("pk"), oldest=Min("at"))
    return found["n"], found["oldest"]


def unread(at: datetime) -> tuple[int, datetime | None]:
    """What the slowest reader has not seen yet. Two queries."""
    slowest = Cursor.objects.aggregate(seq=Min("seq"))["seq"]
    if slowest is None:
        return 0, None
    found = Entry.objects.filter(seq__gt=slowest).aggregate(n=Count("pk"), oldest=Min("at"))
    return found["n"], found["oldest"]


jobs.backlogs.add(
    "sealing", jobs.Backlog("sealing", _("Events without a number"), unsealed, late=timedelta(minutes=2))
)
jobs.backlogs.add("reading", jobs.Backlog("reading", _("Events a reader has not seen"), unread))
