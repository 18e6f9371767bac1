from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import Person
from proposals.cowriting import actions
from proposals.cowriting.models import SharedDraft
from proposals.models import Authorship, Proposal
from tests.world import World


def also_writes(proposal: Proposal, person: Person, at: datetime, role: str = "author") -> Authorship:
    return Authorship.objects.create(
        proposal=proposal, person=person, role=role, invited_at=at, accepted_at=at
    )


@pytest.fixture
def together(world: World) -> SharedDraft:
    """Amina and Jonas write the next version of the fountain."""
    also_writes(world.fountain, world.jonas, world.now)
    return SharedDraft.objects.open().get(proposal=world.fountain)


def body_of(draft: SharedDraft) -> str:
    return actions.words_of(draft).body
