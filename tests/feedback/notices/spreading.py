"""The journal's reader and the fan-out inside one transaction of a test.

The sealer is left out here: it tells transactions apart, and a test is a single one. test_killed.py runs it all.
"""

from __future__ import annotations

from datetime import datetime

from feedback.notices import fanout
from feedback.notices.manifest import read
from groundwork.journal.models import Entry
from tests.world import World


def read_on(world: World) -> None:
    """Give the reader what was written since it read last."""
    until = world.__dict__.get("read_until", 0)
    entries = list(Entry.objects.filter(pk__gt=until).order_by("pk"))
    read([entry for entry in entries if entry.verb in fanout.VERBS])
    world.__dict__["read_until"] = entries[-1].pk if entries else until


def spread(world: World, at: datetime | None = None) -> int:
    """Tell everybody who is to be told. Returns how many notices were written."""
    read_on(world)
    return fanout.spread(at or world.now)
