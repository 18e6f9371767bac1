"""Somebody who is asked to write the fountain, a letter on its way, an offer, and a second version of the trees.

Nothing here changes who is an author: what other tests say about authors and their messages holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from proposals.models import Authorship, Revision, TakeOver

if TYPE_CHECKING:
    from tests.world import World

LETTER, CODE = "bea@example.org", "Zm9yLXRlc3RzLWEtbGV0dGVy"


def build_hands(world: World) -> None:
    at = world.now - timedelta(hours=20)
    fountain, trees = world.proposals["fountain"], world.proposals["trees"]
    invited = {
        "proposal": fountain,
        "invited_by": world.amina,
        "invited_at": at,
        "expires_at": at + timedelta(days=30),
    }
    first = trees.revisions.get()
    Revision.objects.create(
        proposal=trees, number=2, title=first.title, summary=first.summary, body=f"{first.body}\n\nZehn reichen.",
        language=first.language, translations=first.translations, by=world.ines, at=at, note="Zehn statt vieler",
    )  # fmt: skip
    world.hands = {
        "lead": Authorship.objects.get(proposal=fountain),
        "clara": Authorship.objects.create(person=world.clara, role=Authorship.Role.CONTRIBUTOR, **invited),
        "letter": Authorship.objects.create(email=LETTER, code=CODE, **invited),
    }
    world.offer = TakeOver.objects.create(
        proposal=fountain, person=world.jonas, offered_at=at, decide_by=at + timedelta(days=14)
    )
