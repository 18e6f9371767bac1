"""Where a city does without this room, its tests go with it."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import pytest

from tests.world import World

if find_spec("feedback.defects") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def closed(world: World) -> Any:
    """One more report, which the parks office has closed."""
    from feedback.defects.actions import Report, answer_defect, report_defect
    from feedback.defects.models import Service
    from quartier.builders import both

    lamp, now = Service.objects.get(code="lamp"), world.now
    report = Report(lamp, "Die Lampe am Markt flackert.", world.town, map_x=292.0, map_y=214.0)
    made = report_defect(report=report, by=world.ines, at=now - timedelta(days=4))
    reason = both("Die Lampe ist getauscht.", "The lamp has been replaced.")
    answer_defect(defect=made, status="done", by=world.olga, at=now - timedelta(days=1), reason=reason)
    made.refresh_from_db()
    world.defects["closed"] = made
    return made
