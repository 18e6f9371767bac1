"""The figures of the city: counted by a job, kept as rows, read by everybody who tells one.

`current()` is what pages, the desk, open data and the public interface show. Nobody else counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from feedback.opendata.models import Figure
from groundwork import small_numbers
from groundwork.metrics import Metric, metrics


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric and what it says: `value` is None where there is nothing to count yet, or too few people stand behind it."""

    metric: Metric
    value: int | Decimal | None
    since: datetime | None
    fresh_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """For programs: numbers as numbers, moments in universal time."""
        from feedback.opendata.cells import plain
        from feedback.opendata.metadata import said

        return {
            "metric": self.metric.slug,
            "value": plain(self.value),
            "unit": said(self.metric.unit)["en"],
            "since": plain(self.since),
            "fresh_at": plain(self.fresh_at),
            "name": said(self.metric.words),
            "about": said(self.metric.about),
            "formula": said(self.metric.formula),
        }


def current() -> list[Reading]:
    """All metrics as they stand. One query."""
    rows = {row.metric: row for row in Figure.objects.newest()}
    return [_reading(metric, rows.get(metric.slug)) for metric in metrics]


def find(slug: str) -> Reading | None:
    """One metric as it stands; None for a name nobody declared."""
    metric = metrics.find(slug)
    if metric is None:
        return None
    return _reading(metric, Figure.objects.filter(metric=slug).order_by("-at").first())


def _reading(metric: Metric, row: Figure | None) -> Reading:
    if row is None:
        return Reading(metric, None, None, None)
    value = row.value
    whole = value is not None and value == value.to_integral_value()
    return Reading(metric, int(value) if whole and value is not None else value, row.at, row.fresh_at)


@transaction.atomic
def count(at: datetime) -> int:
    """Count everything anew. Returns how many figures say something else now."""
    last = {row.metric: row for row in Figure.objects.newest()}
    changed = 0
    for metric in metrics:
        before = last.get(metric.slug)
        held, value = _counted(metric, before, at)
        if before is not None and before.value == value:
            Figure.objects.filter(pk=before.pk).update(fresh_at=at, held=held)
        else:
            Figure.objects.create(metric=metric.slug, at=at, fresh_at=at, value=value, held=held)
            changed += 1
    return changed


def _counted(metric: Metric, before: Figure | None, at: datetime) -> tuple[int, Decimal | None]:
    found = metric.value(at)
    if not metric.people:
        return 0, None if found is None else Decimal(found)
    held = small_numbers.settle(before.held if before else 0, int(found or 0))
    shown = small_numbers.shown(held)
    return held, None if shown is None else Decimal(shown)
