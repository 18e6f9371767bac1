"""One number, one definition: every figure the city tells about itself is declared once and counted in one place.

metrics.add(Metric("proposals", _("Proposals"), _("public proposals in all processes"), _("number of proposals that anybody sees"),
    value=lambda at: Proposal.objects.public().count()))

Pages, staff, the public interface and open data read what was counted (feedback.opendata.figures); nobody counts again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from groundwork.answer import Words
from groundwork.registry import Registry


@dataclass(frozen=True, slots=True)
class Metric:
    """`about` is what the figure says in one sentence, `formula` how it is counted. `value` counts now; None: there is
    nothing to count yet. `people`: it counts people, so it passes the rule of small numbers before anybody reads it."""

    slug: str
    words: Words
    about: Words
    formula: Words
    value: Callable[[datetime], int | Decimal | None] = field(repr=False)
    unit: Words = ""
    people: bool = False


metrics: Registry[Metric] = Registry("metric")


def add(metric: Metric) -> Metric:
    return metrics.add(metric.slug, metric)
