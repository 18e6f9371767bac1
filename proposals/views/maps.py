"""The proposals of a list as GeoJSON, in the units of the city's own map: what the map draws its pins from.

Public proposals only, so every reader gets the same; at most 1,000, the ones the order puts in front, with their number.
Coordinates grow to the right and upwards, as GeoJSON has it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.models import Process
from cocreation.querysets import find_process
from cocreation.spots import HEIGHT, beside
from groundwork import clock
from proposals import memory
from proposals.counts import kept_counts_of
from proposals.models import Proposal, Stage
from proposals.queries import COUNTED, Choice
from proposals.views.lists import settled

MOST = 1000
_COLUMNS = (
    "pk", "receipt", "title", "language", "translations", "place_id", "map_x", "map_y", "hue", "stage", "supports",
)  # fmt: skip


@require_safe
def geojson_all(request: HttpRequest) -> HttpResponse:
    return _geojson(request, None)


@require_safe
def geojson(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    return _geojson(request, process)


def _geojson(request: HttpRequest, process: Process | None) -> HttpResponse:
    at, language = clock.now(), get_language() or "de"
    choice = settled(Choice.read(request.GET), at)
    asked = choice.asked(process)
    found = choice.narrow(Proposal.objects.public(process), language, asked=asked)
    here = next(iter(memory.places.by_slug([choice.near])), None) if choice.order == "near" else None
    # A row too many says that there are more.
    rows = list(choice.ordered(found, asked, here).order_by(*choice.key_order).only(*_COLUMNS)[: MOST + 1])
    total = choice.total(kept_counts_of(process, at)) if not choice.q else min(len(rows), COUNTED)
    stages = dict(Stage.choices)
    features = [feature for row in rows[:MOST] if (feature := _feature(row, language, stages))]
    body = {
        "type": "FeatureCollection",
        "total": total,
        "more": len(rows) > MOST,
        "features": features,
        "places": [_place(place) for place in memory.places.all().values() if place.map_x is not None],
    }
    answer = JsonResponse(body)
    answer["Content-Type"] = "application/geo+json"
    answer["ETag"] = f'"{blake2b(answer.content, digest_size=12).hexdigest()}"'
    answer["Cache-Control"] = "public, max-age=60" if request.user.is_anonymous else "private, no-store"
    if request.headers.get("If-None-Match") == answer["ETag"]:
        return HttpResponse(
            status=304, headers={"ETag": answer["ETag"], "Cache-Control": answer["Cache-Control"]}
        )
    return answer


def _feature(row: Proposal, language: str, stages: dict[str, Any]) -> dict[str, Any] | None:
    place = memory.places.get(row.place_id)
    x, y = row.map_x, row.map_y
    exact = x is not None and y is not None
    if not exact and place and place.map_x is not None and place.map_y is not None:
        # Without a point of its own it lies at its place.
        turn = row.pk % 61
        x, y = beside(place.map_x, place.map_y, turn, apart=4)
    if x is None or y is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(x, 1), round(HEIGHT - y, 1)]},
        "properties": {
            "number": row.receipt,
            "title": row.in_language("title", language),
            "lang": row.text_language(language),
            "url": row.get_absolute_url(),
            "place": place.name if place else "",
            "stage": str(stages.get(row.stage, "")),
            "supports": row.supports,
            "hue": row.hue,
            "exact": exact,
        },
    }


def _place(place: Any) -> dict[str, Any]:
    """A place with its boundary, where the city has drawn one."""
    return {
        "type": "Feature",
        "geometry": place.boundary or {"type": "Point", "coordinates": [place.map_x, HEIGHT - place.map_y]},
        "properties": {"name": place.name, "kind": place.kind, "at": [place.map_x, HEIGHT - place.map_y]},
    }
