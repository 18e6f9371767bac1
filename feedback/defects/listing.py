"""What a reader chose on the list of reports, what it finds, and where that lies on the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.http import urlencode

from cocreation.spots import HEIGHT, beside
from feedback.defects.models import Defect, DefectQuerySet, Service
from proposals import memory

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from accounts.models import Person
    from cocreation.models import Place

STATES = ("open", "overdue", "closed")
MOST = 1000
# Reports of the same kind within this distance on the map may be the same problem.
NEAR = 24.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Read from the address; unknown values are ignored, so an old link still opens."""

    status: str = ""
    services: tuple[str, ...] = ()
    place: str = ""
    mine: bool = False
    as_map: bool = False

    @classmethod
    def read(cls, query: MultiValueDict[str, str], services: Iterable[Service]) -> Choice:
        asked = query.getlist("service")
        wanted = str(query.get("place") or "")
        places = memory.places.by_slug([wanted]) if wanted else []
        return cls(
            status=next((state for state in STATES if state == query.get("status")), ""),
            services=tuple(each.code for each in services if each.code in asked),
            place=next((place.slug for place in places), ""),
            mine=query.get("mine") == "yes",
            as_map=query.get("view") == "map",
        )

    def __bool__(self) -> bool:
        return bool(self.status or self.services or self.place or self.mine)

    def drawn(self, as_map: bool) -> Choice:
        return replace(self, as_map=as_map)

    def address(self, **more: str) -> str:
        """The choice as the end of an address: "" or "?status=open&…"."""
        pairs = [
            ("status", self.status), *(("service", code) for code in self.services), ("place", self.place),
            ("mine", "yes" if self.mine else ""), ("view", "map" if self.as_map else ""), *more.items(),
        ]  # fmt: skip
        filled = [(name, value) for name, value in pairs if value]
        return f"?{urlencode(filled)}" if filled else ""

    def found(self, person: Person | None, at: datetime) -> DefectQuerySet:
        """Of what anybody sees; of one's own also what waits or was taken off the pages."""
        if self.mine and person is not None:
            found = Defect.objects.visible_to(person).filter(contribution__author=person)
        else:
            found = Defect.objects.public()
        if self.status == "open":
            found = found.open()
        elif self.status == "overdue":
            found = found.overdue(at)
        elif self.status == "closed":
            found = found.filter(closed_at__isnull=False)
        if self.services:
            found = found.filter(service__code__in=self.services)
        if self.place:
            found = found.filter(place__slug=self.place)
        return found


@dataclass(frozen=True, slots=True)
class Pin:
    number: int
    defect: Defect
    x: float | None
    y: float | None
    y_of_number: float | None
    is_exact: bool


def pins(defects: Sequence[Defect]) -> list[Pin]:
    """On the map; a report without a point of its own lies at its place, a little beside the others."""
    found, at_place = [], dict[int, int]()
    for number, defect in enumerate(defects, 1):
        place: Place = defect.place
        x, y = defect.map_x, defect.map_y
        exact = x is not None and y is not None
        if not exact and place.map_x is not None and place.map_y is not None:
            turn = at_place[place.pk] = at_place.get(place.pk, -1) + 1
            x, y = beside(place.map_x, place.map_y, turn, apart=24)
        found.append(Pin(number, defect, x, y, y + 4.5 if y is not None else None, exact))
    return found


def as_geojson(defects: Sequence[Defect], at: datetime, words: Any) -> dict[str, Any]:
    """In the units of the city's map, y upwards. `words(defect)` says how it stands."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(pin.x, 1), round(HEIGHT - pin.y, 1)]},
            "properties": {
                "number": pin.defect.receipt,
                "title": f"{pin.defect.service.name}: {pin.defect.short}",
                "lang": pin.defect.contribution.language,
                "url": pin.defect.get_absolute_url(),
                "place": pin.defect.place.name,
                "stage": str(words(pin.defect)),
                "hue": hue_of(pin.defect, at),
                "exact": pin.is_exact,
            },
        }
        for pin in pins(defects[:MOST])
        if pin.x is not None and pin.y is not None
    ]
    places = [
        {
            "type": "Feature",
            "geometry": place.boundary
            or {"type": "Point", "coordinates": [place.map_x, HEIGHT - (place.map_y or 0)]},
            "properties": {
                "name": place.name,
                "kind": place.kind,
                "at": [place.map_x, HEIGHT - (place.map_y or 0)],
            },
        }
        for place in memory.places.all().values()
        if place.map_x is not None
    ]
    return {
        "type": "FeatureCollection", "total": len(defects), "more": len(defects) > MOST, "features": features,
        "places": places,
    }  # fmt: skip


def hue_of(defect: Defect, at: datetime) -> str:
    return "moss" if defect.closed_at else "clay" if defect.is_overdue(at) else "sun"


def alike(written: dict[str, Any], most: int = 4) -> list[Defect]:
    """Open reports of the same kind close by: within a short distance of the point, or in the same place where one of the
    two has no point. One query."""
    same = Defect.objects.public().open().filter(service__code=written.get("service", ""))
    here = Q(place=int(written["place"]))
    x, y = written.get("map_x"), written.get("map_y")
    if x is not None and y is not None:
        box = Q(map_x__range=(x - NEAR, x + NEAR), map_y__range=(y - NEAR, y + NEAR))
        here = box | here & Q(map_x__isnull=True)
    return list(same.filter(here).as_shown().order_by("-pk")[:most])
