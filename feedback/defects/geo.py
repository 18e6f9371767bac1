"""Between the city's own map, whose units are the product's, and latitude and longitude, which other programs speak.

The setting CITY_MAP_CORNERS says which part of the world the map shows: north, west, south and east edge in degrees
(WGS 84). A town is small enough for straight lines between them: over 10 km they err by less than two metres. Without the
setting there are no coordinates: reports name a place in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

from django.conf import settings
from django.core import checks

from cocreation.models import Place
from cocreation.spots import HEIGHT, WIDTH


def corners() -> tuple[float, float, float, float] | None:
    """North, west, south, east; None where the city has not said so. ValueError for what is no rectangle."""
    said = settings.CITY_MAP_CORNERS
    if not said:
        return None
    north, west, south, east = (float(each) for each in said.split(","))
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise ValueError("CITY_MAP_CORNERS is north,west,south,east in degrees.")
    return north, west, south, east


@checks.register("defects")
def corners_are_corners(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    try:
        corners()
    except ValueError:
        words = "CITY_MAP_CORNERS is north,west,south,east in degrees, for example 50.975,10.9,50.895,11.073."
        return [checks.Error(words, id="defects.E001")]
    return []


def on_map(lat: float, long: float) -> tuple[float, float] | None:
    """Where it lies on the map; None outside of it."""
    if (edges := corners()) is None:
        return None
    north, west, south, east = edges
    if not (south <= lat <= north and west <= long <= east):
        return None
    return (long - west) / (east - west) * WIDTH, (north - lat) / (north - south) * HEIGHT


def in_world(x: float | None, y: float | None) -> tuple[float, float] | None:
    """Latitude and longitude of a point of the map, to about ten centimetres."""
    if x is None or y is None or (edges := corners()) is None:
        return None
    north, west, south, east = edges
    return round(north - y / HEIGHT * (north - south), 6), round(west + x / WIDTH * (east - west), 6)


def nearest(x: float, y: float, places: Iterable[Place]) -> Place | None:
    """The place whose middle is nearest, as the map beside the form says it."""
    drawn = [place for place in places if place.map_x is not None and place.map_y is not None]
    return min(drawn, key=lambda place: hypot((place.map_x or 0) - x, (place.map_y or 0) - y), default=None)
