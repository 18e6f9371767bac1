"""The next version of the fountain is being written together; the draft of another proposal was discarded yesterday."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from tests.world import World


def build_shared_drafts(world: World) -> None:
    if not apps.is_installed("proposals.cowriting"):
        return
    from proposals.actions import Wording
    from proposals.cowriting import actions

    at = world.now - timedelta(days=1)
    draft = actions.open_draft(proposal=world.fountain, by=world.amina, at=at)
    words = Wording(
        "Trinkbrunnen am Dorfplatz",
        "Trinkbrunnen am Dorfplatz, bald.",
        "Trinkbrunnen am Dorfplatz, weil er fehlt und weil es heiß ist.",
    )
    actions.write_words(draft=draft, seen=bytes(draft.snapshot), words=words, by=world.amina, at=at)
    gone = actions.open_draft(proposal=world.trees, by=world.ines, at=at)
    actions.discard_draft(draft=gone, by=world.ines, at=at)
