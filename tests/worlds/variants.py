"""Two designs of the fountain: a public note, one that moderation took off the page, what people think of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from cocreation.actions import hide_contribution

if TYPE_CHECKING:
    from tests.world import World


def build_variants(world: World) -> None:
    if not apps.is_installed("proposals.variants"):
        return
    from proposals.variants.actions import add_variant, note_at, prefer

    for title, picture in (("Rund", world.files["fountain"]), ("Eckig", None)):
        variant = add_variant(
            proposal=world.fountain,
            title=title,
            words="Aus Sandstein.",
            picture=picture,
            by=world.amina,
            at=world.now,
        )
        prefer(variant=variant, choice="like", by=world.ines, at=world.now)
    first = world.fountain.variants.get(number=1)
    note_at(
        variant=first, x=10, y=90, text="Hier ist es rutschig.", language="de", by=world.ines, at=world.now
    )
    note = note_at(variant=first, x=50, y=50, text="Geheimnis", language="de", by=world.jonas, at=world.now)
    hide_contribution(
        contribution=note.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Beleidigt."
    )
