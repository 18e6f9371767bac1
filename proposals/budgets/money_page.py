"""What the page "How the money is divided" shows: the formula in plain words, the table, the chart, the map, who got what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cocreation.models import Place, Process
from cocreation.outlines import LEVELS, Shape, levels, shape_of
from groundwork.html import say
from proposals import memory
from proposals.budgets import rules
from proposals.budgets.dividing import Plan, formula_of, in_euros
from proposals.budgets.formula import Share as Cents
from proposals.budgets.formula import solidarity_of
from proposals.budgets.models import Division
from proposals.models import Proposal, Stage


@dataclass(slots=True)
class Row:
    """A place in the table: amounts in euros, `level` 1 to 5 by what it gets a head, `width` of its bar from 0 to 100."""

    place: Place
    population: int
    deprivation: int
    deficit: int
    priority: int
    base: Decimal
    solidarity: Decimal
    weighted: Decimal
    amount: Decimal
    rank: int
    points: int | None
    number: int = 0
    head: Decimal = Decimal(0)
    width: str = "0"
    level: int = 1
    given: Decimal = Decimal(0)
    given_head: Decimal = Decimal(0)
    given_width: str = "0"
    given_level: int = 1
    projects: list[Got] = field(default_factory=list)

    @property
    def head_shown(self) -> str:
        return per_head(self.head)

    @property
    def given_head_shown(self) -> str:
        return per_head(self.given_head)

    @property
    def in_solidarity(self) -> bool:
        return self.solidarity > 0


@dataclass(frozen=True, slots=True)
class Got:
    """A project that got money."""

    title: str
    lang: str
    url: str
    cost: Decimal


def rows_of(division: Division) -> list[Row]:
    """The stored shares, the neediest place first. One query."""
    return _measured(
        [
            Row(
                share.place, share.population, share.deprivation, share.deficit, share.priority, share.base,
                share.solidarity, share.weighted, share.amount, share.rank, share.points,
            )
            for share in division.shares.select_related("place").order_by("rank")
        ]
    )  # fmt: skip


def planned_rows(plan: Plan, places: Sequence[Place]) -> list[Row]:
    """The same of a division that is only planned."""
    known = {place.slug: place for place in places}
    measures = {each.key: each for each in plan.measures}
    cents: list[Cents] = sorted(plan.shares(), key=lambda each: each.rank)
    return _measured(
        [
            Row(
                known[each.key], measures[each.key].population, measures[each.key].deprivation,
                measures[each.key].deficit, measures[each.key].priority, in_euros(each.base), in_euros(each.solidarity),
                in_euros(each.weighted), in_euros(each.amount), each.rank, each.points,
            )
            for each in cents
        ]
    )  # fmt: skip


def _measured(rows: list[Row]) -> list[Row]:
    for number, row in enumerate(rows, start=1):
        row.number, row.head = number, row.amount / row.population
    most = max((row.head for row in rows), default=Decimal(0))
    steps = levels([row.head for row in rows])
    for row, level in zip(rows, steps, strict=True):
        row.level, row.width = level, _width(row.head, most)
    return rows


def _width(value: Decimal, most: Decimal) -> str:
    return f"{100 * value / most:.2f}" if most else "0"


# --- the formula in words ---


def sentences(plan: Plan, rows: Sequence[Row], *, in_envelopes: bool = False) -> list[str]:
    """How this was reckoned, step by step. `in_envelopes`: the vote has a count of its own for each place."""
    formula, divided = plan.formula, in_euros(plan.cents)
    said = []
    if plan.common:
        said.append(
            _(
                "%(total)s are there. %(common)s of it stay for projects of all places, %(divided)s are divided."
            )
            % {
                "total": say.money(plan.total),
                "common": say.money(plan.common),
                "divided": say.money(divided),
            }
        )
    if formula.base:
        said.append(
            _("Every place first gets %(base)s, however small it is.")
            % {"base": say.money(in_euros(formula.base))}
        )
    pot = in_euros(solidarity_of(plan.cents, formula))
    if pot:
        names = [str(row.place) for row in rows[: formula.solidarity_places]]
        said.append(
            ngettext(
                "%(pot)s (%(percent)s) are the solidarity share. It goes to the place that needs most: %(names)s.",
                "%(pot)s (%(percent)s) are the solidarity share. It goes to the %(n)s places that need most, by residents and"
                " need: %(names)s.",
                len(names),
            )
            % {
                "pot": say.money(pot), "percent": say.percent(formula.solidarity_percent), "n": len(names),
                "names": ", ".join(names),
            }
        )  # fmt: skip
    rest = divided - pot - in_euros(formula.base) * len(rows)
    said.append(_by_weights(plan, rest))
    said.append(
        _(
            "Everything is worked out to the cent. Cents that are left over go to the places that were rounded down most;"
            " between equal ones to the one with more residents."
        )
    )
    said.append(
        _(
            "In the vote, the share of a place is an envelope with a ballot and a count of its own. What is left of it stays with"
            " the city."
        )
        if plan.binding and in_envelopes
        else _(
            "In the vote, the share of a place goes first to its own projects, most votes first. What is left of it goes to all."
        )
        if plan.binding
        else _("The shares are for comparison: the vote does not keep to them.")
    )
    return said


def _by_weights(plan: Plan, rest: Decimal) -> str:
    formula = plan.formula
    weights = [
        (formula.population, _("residents")),
        (formula.deprivation, _("deprived residents")),
        (formula.deficit, _("residents who lack services")),
        (formula.priority, _("what residents put first")),
    ]
    whole = sum(weight for weight, _name in weights)
    if formula.by_points:
        listed = ", ".join(f"{name} × {weight}" for weight, name in weights if weight)
        return _("%(rest)s are divided by points. Each criterion gives 1 to 4 points, times its weight: %(listed)s.") % {
            "rest": say.money(rest), "listed": listed,
        }  # fmt: skip
    listed = ", ".join(
        f"{name} {say.percent(round(Decimal(100 * weight) / whole, 1))}" for weight, name in weights if weight
    )
    return _("%(rest)s are divided by need and size. These count: %(listed)s.") % {
        "rest": say.money(rest), "listed": listed,
    }  # fmt: skip


def points_sentences(plan: Plan) -> list[str]:
    """What gives how many points."""
    formula = plan.formula
    if not formula.by_points:
        return []
    first, second, third = (say.number(bound) for bound in formula.bands)
    said = []
    if formula.population:
        said.append(
            _(
                "Residents: from %(third)s on 4 points, from %(second)s on 3, from %(first)s on 2, otherwise 1."
            )
            % {"first": first, "second": second, "third": third}
        )
    if formula.deprivation or formula.deficit:
        said.append(
            _(
                "Deprivation and missing services: from 76 percent on 4 points, from 51 on 3, from 26 on 2, otherwise 1."
            )
        )
    if formula.priority:
        said.append(
            _(
                "What residents put first counts 4 points, then 3, 2 and 1; what is not among the first four counts none."
            )
        )
    return said


# --- who got what ---


def give_out(process: Process, rows: list[Row]) -> dict[str, Any] | None:
    """Adds to every row what its projects got; None before there is a result. Projects of places without a share stand
    apart. One query for the result, one for its projects."""
    chosen = Proposal.objects.public(process).filter(moves__stage=Stage.CHOSEN).distinct().order_by("receipt")
    found = list(chosen)
    if not found:
        return None
    language = get_language() or "de"
    mine = {row.place.pk: row for row in rows}
    elsewhere: list[Got] = []
    for proposal in found:
        said_in = proposal.text_language(language)
        got = Got(
            proposal.in_language("title", language), "" if said_in == language else said_in,
            proposal.get_absolute_url(), proposal.cost or Decimal(0),
        )  # fmt: skip
        row = mine.get(share_place(proposal.place_id, mine) or 0)
        (row.projects if row else elsewhere).append(got)
    for row in rows:
        row.given = sum((got.cost for got in row.projects), Decimal(0))
        row.given_head = row.given / row.population
    most = max(row.given_head for row in rows)
    for row, level in zip(rows, levels([row.given_head for row in rows]), strict=True):
        row.given_width, row.given_level = _width(row.given_head, most), level
    beside = sum((got.cost for got in elsewhere), Decimal(0))
    return {
        "count": len(found),
        "elsewhere": elsewhere,
        "beside": beside,
        "whole": sum((row.given for row in rows), beside),
        "nothing": [str(row.place) for row in rows if not row.projects],
    }


def share_place(key: int | None, among: Collection[int]) -> int | None:
    """The place itself or the nearest one around it that is among these."""
    seen: set[int] = set()
    while key is not None and key not in among and key not in seen:
        seen.add(key)
        place = memory.places.get(key)
        key = place.parent_id if place else None
    return key if key in among else None


# --- the map ---


def shapes(rows: Sequence[Row], *, given: bool) -> list[Shape]:
    """The places that lie on the city's map, coloured by their share a head or by what they got a head."""
    found = []
    for row in rows:
        place, head = row.place, row.given_head if given else row.head
        label = _("%(number)s. %(place)s: %(money)s per resident") % {
            "number": row.number, "place": place, "money": per_head(head),
        }  # fmt: skip
        level = row.given_level if given else row.level
        found.append(shape_of(place, number=row.number, level=level, label=label))
    return [shape for shape in found if shape is not None]


def per_head(amount: Decimal) -> str:
    return say.money(round(amount, 2))


def legend(rows: Sequence[Row], *, given: bool) -> list[tuple[int, str]]:
    """The colours of the map with the least and the most that each stands for."""
    values = [row.given_head if given else row.head for row in rows]
    least, most = min(values), max(values)
    if least == most:
        return [((LEVELS + 1) // 2, per_head(least))]
    step = (most - least) / LEVELS
    bounds = [*(int(least + step * level) for level in range(LEVELS)), ceil(most)]
    return [
        (level, _("%(low)s to %(high)s") % {"low": say.money(low), "high": say.money(high)})
        for level, (low, high) in enumerate(pairwise(bounds), start=1)
    ]


def freeze(process: Process, at: datetime) -> tuple[bool, datetime | None]:
    """Whether the division is fixed, and since or from when."""
    phase = rules.freezes(process)
    return (phase is not None and not phase.is_ahead(at), phase.starts if phase else None)


def plan_of(division: Division) -> Plan:
    """A stored division as a plan, for its words."""
    return Plan(
        total=division.total,
        common=division.common,
        formula=formula_of(division),
        measures=(),
        binding=division.binding,
    )


def average(rows: Sequence[Row]) -> Decimal:
    people = sum(row.population for row in rows)
    return sum((row.amount for row in rows), Decimal(0)) / people if people else Decimal(0)
