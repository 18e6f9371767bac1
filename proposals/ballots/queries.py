"""Reading votes for the pages of a ballot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cocreation.models import Phase, Process
from cocreation.querysets import newest_entry_of
from groundwork.prepared import Prepared
from proposals.ballots import rules

if TYPE_CHECKING:
    from accounts.models import Person

_published: Prepared[Any] = Prepared(
    lambda slug: (
        Phase.objects.filter(method="ballot", process__slug=slug, process__published_at__isnull=False)
        .select_related("process", "vote")
        .annotate(newest_entry=newest_entry_of("process_id"))
    ),
    slug="?",
)


def find_phase(slug: str, person: Person | None, at: datetime, key: str = "") -> Phase | None:
    """The ballot phase of this key, else the one a page is about (`rules.pick_phase`), with its process and its vote, if this
    person may see it. What is published is asked first: one query."""
    if phases := _published(slug=slug):
        for phase in phases:
            phase.process.newest_entry = (
                phase.newest_entry
            )  # by it is told what is out of date (cocreation/kept.py)
        return rules.pick_phase(sorted(phases, key=Phase.in_line), at, key)
    process = Process.objects.visible_to(person).filter(slug=slug).first()
    return None if process is None else rules.ballot_phase(process, at, key)
