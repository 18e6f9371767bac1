"""The money of the process that was voted on is divided: for comparison, so that its count is as ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quartier.builders import both

if TYPE_CHECKING:
    from tests.world import World


def divide_money(world: World) -> None:
    from proposals.budgets.actions import publish_division
    from proposals.budgets.dividing import Plan
    from proposals.budgets.formula import Formula, Measures

    plan = Plan(
        total=Decimal(50_000),
        common=Decimal(10_000),
        formula=Formula(
            population=1, deprivation=1, base=5_000_00, solidarity_percent=10, solidarity_places=1
        ),
        measures=[Measures("lindach", 900, 20, 30)],
        binding=False,
        source=both("Statistik der Stadt", "Statistics of the city"),
    )
    publish_division(
        process=world.processes["answering"],
        plan=plan,
        by=world.people["ada"],
        at=world.now - timedelta(days=122),
    )
