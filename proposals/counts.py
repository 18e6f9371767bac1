"""The numbers beside the filters: added up from rows, never counted over the proposals (proofs: 18 ms per 10,000)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from cocreation.kept import STRETCH, version_of
from groundwork.journal.models import Entry
from groundwork.prepared import Prepared
from proposals import memory
from proposals.models import ListCount

if TYPE_CHECKING:
    from cocreation.models import Process

# What lists filter by, in the order of the cells.
FACETS = ("place", "theme", "stage", "author_kind", "is_answered", "seeks_coauthors")
# A choice: facet -> the values that are shown; a facet that is not in it, or empty, shows all.
Chosen = dict[str, Collection[Any]]
MOST_SUMS = 500


@dataclass(frozen=True)
class Counts:
    """The cells of one list: six values and a number each. Sums of a few hundred answer every question filters ask; what
    was added up once is remembered, as the object lives only as long as its numbers are true."""

    cells: list[tuple[Any, ...]]
    # What changes when the numbers do: whatever is drawn of them may be kept under it. Empty where nothing is kept.
    version: str = field(default="", compare=False)
    _sums: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def total(self, chosen: Chosen | None = None) -> int:
        """How many proposals a choice shows."""
        return int(self._once("", chosen or {})[None])

    def by(self, facet: str, chosen: Chosen | None = None) -> Counter[Any]:
        """What each value of a facet shows under the choices made in the others."""
        return self._once(facet, {name: values for name, values in (chosen or {}).items() if name != facet})

    def by_stage(self) -> Counter[str]:
        return self.by("stage")

    def _once(self, facet: str, chosen: Chosen) -> Counter[Any]:
        key = (facet, *((name, tuple(values)) for name, values in sorted(chosen.items()) if values))
        sums: Counter[Any] | None = self._sums.get(key)
        if sums is None:
            sums = self._added(facet, chosen)
            if len(self._sums) < MOST_SUMS:
                self._sums[key] = sums
        return sums

    def _added(self, facet: str, chosen: Chosen) -> Counter[Any]:
        asked = [(FACETS.index(name), frozenset(values)) for name, values in chosen.items() if values]
        at = FACETS.index(facet) if facet else None
        sums: Counter[Any] = Counter()
        for cell in self.cells:
            if all(cell[place] in values for place, values in asked):
                sums[cell[at] if at is not None else None] += cell[-1]
        return sums


def _sums_of(**which: object) -> QuerySet[ListCount, tuple[Any, ...]]:
    rows = ListCount.objects.filter(**which).values_list(*FACETS)
    return rows.annotate(sum=Sum("n")).order_by()


_of_one: Prepared[tuple[Any, ...]] = Prepared(lambda process: _sums_of(process=process), process=-1)
_of_all: Prepared[tuple[Any, ...]] = Prepared(lambda: _sums_of(process__published_at__isnull=False))


def counts_of(process: Process | None = None) -> Counts:
    """The cells of a process, or of all published ones. One query; an unpublished process has no list and no counts."""
    if process is not None and not process.is_published:
        return Counts([])
    cells = _of_one(process=process.pk) if process is not None else _of_all()
    return Counts([cell for cell in cells if cell[-1]])


def sums_of_many(processes: Collection[int]) -> Counter[str]:
    """How many public proposals of these processes stand at each stage. One query."""
    rows = (
        ListCount.objects.filter(process__in=processes).values_list("stage").annotate(sum=Sum("n")).order_by()
    )
    return Counter(dict(rows))


_kept: dict[int, tuple[str, Counts]] = {}
memory.also_forget.append(_kept.clear)
_MOST = 200
_newest: Prepared[int] = Prepared(lambda: Entry.objects.order_by("-id").values_list("id", flat=True)[:1])


def kept_counts_of(process: Process | None, at: datetime) -> Counts:
    """The same, kept in this process until something happens in the process, or anywhere for the list of the city. No
    query where the numbers of a process still stand, one small one for the city."""
    if process is not None:
        version, key = version_of(process, at), process.pk
    else:
        version, key = f"0:{_newest.first() or 0}:{int(at.timestamp()) // STRETCH}", 0
    known = _kept.get(key)
    if known is not None and known[0] == version:
        return known[1]
    counts = replace(counts_of(process), version=version)
    if len(_kept) < _MOST or key in _kept:
        _kept[key] = (version, counts)
    return counts


def fold_counts() -> int:
    """Add the lines of each cell up to one. Returns how many lines went away. Two at once take different lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with crowded as (
              select process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors
              from proposals_listcount group by 1, 2, 3, 4, 5, 6, 7 having count(*) > 1
            ), gone as (
              delete from proposals_listcount c using crowded k
              where (c.process_id, c.place_id, c.theme, c.stage, c.author_kind, c.is_answered, c.seeks_coauthors)
                = (k.process_id, k.place_id, k.theme, k.stage, k.author_kind, k.is_answered, k.seeks_coauthors)
              returning c.*
            ), kept as (
              insert into proposals_listcount (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, n)
              select process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, sum(n) from gone
              group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0 returning 1
            )
            select (select count(*) from gone) - (select count(*) from kept)
            """
        )
        (less,) = cursor.fetchone()
    return int(less)


def rebuild_counts() -> None:
    """Count everything anew, in one transaction: after a restore, or to prove the rows right."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with gone as (delete from proposals_listcount)
            insert into proposals_listcount (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, n)
            select process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, count(*)
            from proposals_proposal where is_public group by 1, 2, 3, 4, 5, 6, 7
            """
        )


@transaction.atomic
def rebuild_supports() -> int:
    """Bring `Proposal.supports` in line with the rows and with what was counted elsewhere. Returns how many numbers were wrong."""
    with connection.cursor() as cursor:
        # No support can come or go while they are counted.
        cursor.execute("lock table proposals_support in share mode")
        cursor.execute(
            "update proposals_proposal p set supports = n.supports from ("
            " select q.contribution_id, q.supports_taken_over + count(s.id) supports from proposals_proposal q"
            " left join proposals_support s on s.proposal_id = q.contribution_id group by q.contribution_id) n"
            " where n.contribution_id = p.contribution_id and n.supports <> p.supports"
        )
        return cursor.rowcount
