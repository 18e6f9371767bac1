"""Places drawn on the city's own map, coloured in five steps: templates/cocreation/outlines.html shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cocreation.models import Place

# Of the city's own map, whose y grows downwards; boundaries are GeoJSON, whose y grows upwards.
HEIGHT = 440.0
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """A place on the map: the outline as a path, or a point where the city has drawn none; where its number stands."""

    number: int
    level: int
    label: str
    path: str
    x: str
    y: str
    y_of_number: str


def shape_of(place: Place, *, number: int, level: int, label: str) -> Shape | None:
    """None for a place that does not lie on the map."""
    if place.map_x is None or place.map_y is None:
        return None
    return Shape(
        number,
        level,
        label,
        path_of(place.boundary),
        f"{place.map_x:g}",
        f"{place.map_y:g}",
        f"{place.map_y + 4.5:g}",
    )


def path_of(boundary: Mapping[str, Any] | None) -> str:
    """A GeoJSON polygon, or several, as the path of an SVG; empty for anything else."""
    kind = (boundary or {}).get("type")
    if kind not in ("Polygon", "MultiPolygon") or boundary is None:
        return ""
    polygons = [boundary["coordinates"]] if kind == "Polygon" else boundary["coordinates"]
    return "".join(
        "M" + "L".join(f"{float(x):g} {HEIGHT - float(y):g}" for x, y, *_more in ring) + "Z"
        for polygon in polygons
        for ring in polygon
    )


def levels(values: Sequence[Decimal]) -> list[int]:
    """1 to 5 in equal steps from the least to the most; all the same are all in the middle."""
    least, most = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if least == most:
        return [(LEVELS + 1) // 2] * len(values)
    return [min(LEVELS, 1 + int(LEVELS * (value - least) / (most - least))) for value in values]
