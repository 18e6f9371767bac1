"""The city's own map: its size, and where things lie on it that have a place and no point of their own."""

from __future__ import annotations

import math

WIDTH, HEIGHT = 600.0, 440.0
# So near to its edge a pin is still whole.
EDGE = 14.0


def beside(x: float, y: float, turn: int, *, apart: float) -> tuple[float, float]:
    """Where the thing number `turn` (from 0) of a place lies whose middle is at x, y: like the seeds of a sunflower, about
    `apart` units from the next one, none upon another, on the map."""
    away, angle = apart * math.sqrt(turn), 2.4 * turn
    return (
        min(max(x + away * math.cos(angle), EDGE), WIDTH - EDGE),
        min(max(y + away * math.sin(angle), EDGE), HEIGHT - EDGE),
    )
