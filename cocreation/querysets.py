"""Reading processes: where they stand is computed in SQL as it is in Python, from phases and the clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, DateTimeField, FloatField, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Extract

from cocreation.kept import keep, version_of
from cocreation.models import Phase, Process
from cocreation.models.processes import ProcessQuerySet, phases_of
from groundwork.journal.models import Entry
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person


def newest_entry_of(process: str) -> Subquery:
    """The newest entry in the journal of the process this column names: by it `kept.py` tells what is out of date."""
    return Subquery(Entry.objects.filter(process_id=OuterRef(process)).order_by("-id").values("id")[:1])


_published: Prepared[Process] = Prepared(
    lambda slug: (
        Process.objects.published()
        .select_related("office")
        .annotate(newest_entry=newest_entry_of("pk"))
        .filter(slug=slug)
    ),
    slug="?",
)


def find_process(slug: str, person: Person | None) -> Process | None:
    """The process of this slug, with its office, if this person may see it. What is published is asked first."""
    if found := _published.first(slug=slug):
        return found
    return Process.objects.visible_to(person).select_related("office").filter(slug=slug).first()


def with_line(process: Process, at: datetime) -> None:
    """The process of a page that fetched its newest entry gets its phases from what is kept: for drawing, never for
    deciding, since somebody may be changing them at this moment."""
    if not hasattr(process, "newest_entry") or "line" in process.__dict__:
        return
    process.line = keep(version_of(process, at), "line", lambda: phases_of(process.pk))
    for phase in process.line:
        phase.process = process


STATES = ("open", "announced", "over")
ARCHIVED = "archived"
ORDER = ("rank", "moment", "pk")
_FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def standing(queryset: ProcessQuerySet, at: datetime) -> ProcessQuerySet:
    """Adds `rank` (0 open, 1 coming, 2 over) and `moment`, by which each rank is sorted: what ends soon, what begins
    soon, what ended last."""
    of_this = Phase.objects.filter(process=OuterRef("pk"))
    open_until = of_this.open(at).order_by(Coalesce("ends", Value(_FAR)))
    begins = of_this.filter(starts__gt=at).order_by("starts")
    ended = of_this.filter(ends__lte=at).order_by("-ends")
    moment = DateTimeField()
    return queryset.annotate(
        open_until=Subquery(open_until.values_list(Coalesce("ends", Value(_FAR)))[:1], output_field=moment),
        begins_at=Subquery(begins.values("starts")[:1], output_field=moment),
        ended_at=Subquery(ended.values("ends")[:1], output_field=moment),
    ).annotate(
        rank=Case(
            When(stopped_at__lte=at, then=2),
            When(open_until__isnull=False, then=0),
            When(begins_at__isnull=False, then=1),
            default=2,
            output_field=IntegerField(),
        ),
        moment=Case(
            When(stopped_at__lte=at, then=-Extract("stopped_at", "epoch")),
            When(open_until__isnull=False, then=Extract("open_until", "epoch")),
            When(begins_at__isnull=False, then=Extract("begins_at", "epoch")),
            default=-Coalesce(Extract("ended_at", "epoch"), Value(0.0)),
            output_field=FloatField(),
        ),
    )


def in_state(processes: ProcessQuerySet, state: str, at: datetime) -> ProcessQuerySet:
    """Those that stand so at this moment, one of STATES."""
    found: ProcessQuerySet = standing(processes, at).filter(rank=STATES.index(state))  # type: ignore[misc]  # an annotation
    return found


def listed(person: Person | None, at: datetime, *, place: str = "", state: str = "") -> ProcessQuerySet:
    """Published processes for lists, with what a card shows: constant queries. What is in the archive stands there alone."""
    published = Process.objects.published().filter(archived_at__isnull=state != ARCHIVED)
    found = in_state(published, state, at) if state in STATES else standing(published, at)
    if place:
        found = found.filter(places__slug=place)
    return found.prefetch_related("places", "phases")
