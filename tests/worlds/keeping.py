"""Promises on their way: a task with Ines' hand in it, one on what is hidden, and the report of the process that is answered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from feedback import actions
from feedback.models import EvaluationReport
from feedback.reports import Numbers
from quartier.builders import both

if TYPE_CHECKING:
    from tests.world import World


def build_keeping(world: World) -> None:
    today = world.now.date()
    for name, german, english in [
        ("answering0", "Bänke streichen", "Paint the benches"),
        ("answering2", "Geheimnis streichen", "Secret paint"),
    ]:
        world.tasks[name] = actions.offer_task(
            commitment=world.commitments[name], title=both(german, english), people=5, hours=Decimal(3),
            until=today.replace(year=today.year + 1, day=1), by=world.ada, at=world.now,
        )  # fmt: skip
        actions.take_on(task=world.tasks[name], by=world.ines, at=world.now)
    EvaluationReport.objects.create(
        process=world.answering, numbers=Numbers(people=12, proposals=3, influenced=2).as_json(), due=today,
        learned_de="Bänke werden gebraucht.", learned_en="Benches are needed.", published_at=world.now, by=world.olga,
    )  # fmt: skip
