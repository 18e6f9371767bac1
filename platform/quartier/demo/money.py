"""Budgets of the demo that are divided over districts and villages: one the vote keeps to, one for comparison."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cocreation.models import Process
from proposals.budgets.actions import publish_division
from proposals.budgets.dividing import Plan
from proposals.budgets.formula import Formula, Measures

if TYPE_CHECKING:
    from quartier.demo.seed import Town


def divide_money(town: Town, process: Process, total: Decimal, plans: dict[str, Any]) -> None:
    """Every version of this process, the oldest first. At once: nothing may be handed in before it."""
    measures = [
        Measures(each["slug"], town.places[each["slug"]].population, each["deprivation"], each["deficit"])
        for each in plans["places"]
    ]
    for each in plans["divisions"]:
        if each["process"] != process.slug:
            continue
        formula = Formula(
            **each["weights"],
            base=each["base"] * 100,
            solidarity_percent=each["solidarity_percent"],
            solidarity_places=each["solidarity_places"],
        )
        plan = Plan(
            total=total,
            common=Decimal(each["common"]),
            formula=formula,
            measures=measures,
            binding=each["binding"],
            source=each["source"],
            reason=each.get("reason", {}),
        )
        publish_division(
            process=process, plan=plan, by=town.people["sofia-lindqvist"], at=town.at(each["at"])
        )
