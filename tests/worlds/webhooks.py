"""Two addresses that are told: one of Amina's, with messages that went well and badly, and one of the team of a process."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from feedback.webhooks import actions
from feedback.webhooks.models import Delivery

if TYPE_CHECKING:
    from tests.world import World

HOUR = timedelta(hours=1)


def build_webhooks(world: World) -> None:
    at, fountain = world.now - 2 * HOUR, world.proposals["fountain"]
    mine = actions.register(
        by=world.amina, name="Chat des Vereins", url="https://chat.example.org/hooks/quartier", at=at,
        chosen=["proposals", "answers"], process=None, for_team=False,
    )  # fmt: skip
    team = actions.register(
        by=world.ada, name="Anzeige im Rathaus", url="https://screen.example.org/in", at=at,
        chosen=["processes", "votes"], process=world.collecting, for_team=True,
    )  # fmt: skip
    about = {
        "verb": "proposal.published", "subject_label": "proposals.Proposal", "subject_key": str(fountain.pk),
        "process": fountain.process, "contribution": fountain.contribution, "at": at, "made_at": at, "attempts": 1,
        "tried_at": at + HOUR / 2,
    }  # fmt: skip
    world.webhooks = {"amina": mine, "team": team}
    world.deliveries = {
        "amina": Delivery.objects.create(webhook=mine, state="delivered", status=204, milliseconds=84, **about),
        "team": Delivery.objects.create(
            webhook=team, verb="phase.opened", subject_label="cocreation.Process", subject_key=str(world.collecting.pk),
            process=world.collecting, at=at, made_at=at, state="failed", status=500, trouble="status", attempts=10,
            milliseconds=9, tried_at=at + HOUR,
        ),
    }  # fmt: skip
    Delivery.objects.create(
        webhook=mine,
        due_at=world.now + 9 * HOUR,
        **about | {"verb": "proposal.revised", "attempts": 3, "trouble": "slow"},
    )
    Delivery.objects.create(
        webhook=mine,
        verb="test",
        at=at,
        made_at=at,
        state="delivered",
        status=200,
        milliseconds=31,
        attempts=1,
        tried_at=at,
    )
