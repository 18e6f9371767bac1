"""What the tests of this room share: two proposals that nobody is joining yet."""

from __future__ import annotations

import pytest

from quartier.builders import both, make_proposal
from tests.world import DAY


@pytest.fixture
def pair(world):
    """Jonas' and Ines', in the process that collects."""

    def propose(by, german, **more):
        return make_proposal(
            world.collecting,
            by=by,
            place=world.village,
            at=world.now - 2 * DAY,
            title=both(german, german),
            **more,
        )

    return propose(world.jonas, "Wasser auf dem Platz"), propose(
        world.ines, "Schatten auf dem Platz", organisation=world.garden
    )
