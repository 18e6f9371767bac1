"""What the offices work at in the world: one proposal with a question to its author."""

from __future__ import annotations

from datetime import timedelta

from proposals.assess_actions import ask_authors, assign_what_waits
from proposals.models import Assignment
from tests.world import World


def build_assessing(world: World) -> None:
    assign_what_waits(world.now)
    work = Assignment.objects.get(proposal=world.proposals["to_assess"])
    world.clarification = ask_authors(
        assignment=work, question="Sollen die Segel auch im Winter hängen?", due=world.now + timedelta(days=6),
        by=world.people["olga"], at=world.now,
    )  # fmt: skip
