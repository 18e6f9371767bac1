"""The cache of visitors' pages, for those who look at what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from groundwork.shared_pages import breaker
from groundwork.shared_pages.kept import memory
from tests.world import World


@pytest.fixture
def keeping(settings: Any, world: World) -> Iterator[time_machine.Traveller]:
    """The cache is on, the clock stands, and half a minute has passed since anything happened."""
    settings.SHARED_PAGES = True
    memory.clear()
    breaker.mend()
    with time_machine.travel(world.now + timedelta(seconds=1), tick=False) as clock:
        yield clock
    memory.clear()
