"""Between the formula, which knows no database, and what is stored: a division as somebody plans it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cocreation.models import Place, Process
from proposals.budgets.formula import Formula, Measures, divide
from proposals.budgets.formula import Share as Cents
from proposals.budgets.models import Division, Share

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be published. `measures` are keyed by the slugs of places; amounts are euros."""

    total: Decimal
    formula: Formula
    measures: Sequence[Measures]
    common: Decimal = Decimal(0)
    binding: bool = True
    source: Mapping[str, str] = field(default_factory=dict)
    reason: Mapping[str, str] = field(default_factory=dict)

    @property
    def cents(self) -> int:
        """The sum that is divided."""
        return in_cents(self.total - self.common)

    def shares(self) -> list[Cents]:
        return divide(self.cents, self.measures, self.formula)


def in_cents(euros: Decimal) -> int:
    return int(euros.scaleb(2).to_integral_exact())


def in_euros(cents: int) -> Decimal:
    return (Decimal(cents) * CENT).quantize(CENT)


def candidates(process: Process) -> list[Place]:
    """The places that money can be divided over: those inside the place of the process, or its several places. At most
    two queries."""
    own = list(process.places.all())
    if len(own) != 1:
        return sorted(own, key=lambda place: place.slug)
    return list(Place.objects.filter(parent=own[0]).order_by("slug"))


def formula_of(division: Division) -> Formula:
    """The formula of a stored division, in cents."""
    first, second, third = division.bands
    return Formula(
        population=division.population,
        deprivation=division.deprivation,
        deficit=division.deficit,
        priority=division.priority,
        by_points=division.by_points,
        bands=(first, second, third),
        base=in_cents(division.base),
        solidarity_percent=division.solidarity_percent,
        solidarity_places=division.solidarity_places,
    )


def measures_of(share: Share) -> Measures:
    return Measures(share.place.slug, share.population, share.deprivation, share.deficit, share.priority)


def newest(process: Process) -> Division | None:
    return Division.objects.filter(process=process).order_by("-number").first()
