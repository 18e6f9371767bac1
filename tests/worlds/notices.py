"""A newsletter that is tested and planned, a mailbox that refuses what is sent to Olga, and a device of Mo's: what the
desk and they see of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from feedback.notices.models import Device, Newsletter, Stopped

if TYPE_CHECKING:
    from tests.world import World


def build_newsletter(world: World) -> None:
    at = world.now - timedelta(hours=2)
    world.newsletter = Newsletter.objects.create(
        audience="process", process=world.collecting, subject_de="Was aus den Ideen wird",
        subject_en="What becomes of the ideas", text_de="Bald prüfen die Ämter.\n\nDanach stimmen Sie ab.",
        text_en="Soon the offices check.\n\nThen you vote.", made_by=world.ada, made_at=at, tested_at=at,
        send_at=world.now + timedelta(days=2),
    )  # fmt: skip
    Stopped.objects.create(person=world.olga, why="bounced", said="5.1.1 mailbox unknown", at=at)
    Device.objects.create(
        person=world.mo, endpoint="https://push.example.org/send/mo", p256dh="-", auth="-", kinds=["followed"],
        name="Firefox, Android", made_at=at,
    )  # fmt: skip
