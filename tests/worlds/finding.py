"""A search Amina keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proposals.queries import Choice
from proposals.searches.actions import save_search

if TYPE_CHECKING:
    from tests.world import World


def build_searches(world: World) -> None:
    world.search = save_search(
        by=world.amina, process=world.collecting, choice=Choice(themes=("green",)), name="Geheimnis Grün",
        rhythm="daily", at=world.now,
    )  # fmt: skip
