"""The world before the city has voted, answered and promised: these tests do that themselves."""

from __future__ import annotations

import pytest

import tests.world
from tests import keepsake
from tests.world import World, build_world


def before_the_votes() -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tests.world, "build_votes", lambda world: None)
        patch.setattr(tests.world, "build_feedback", lambda world: None)
        return keepsake.world(build_world, "before the votes")


@pytest.fixture
def world(db: None, standing_world: None) -> World:
    return before_the_votes()
