"""Open311 GeoReport v2 as values: what its documents say, and how they are written as JSON and XML.

Nothing here knows of people: a request is described by its service, its words, its place and what the office said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cocreation.models import Attachment
from feedback.defects import geo
from feedback.defects.models import Defect, Service
from feedback.models import OfficialAnswer

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-26T00:00:00Z"
MOST_DAYS, MOST_ROWS = 90, 1000

Document = Any  # dicts, lists, text, numbers, booleans, None


@dataclass(frozen=True, slots=True)
class Shape:
    """How a document is called in XML: its root, and what one entry of each list is called."""

    root: str
    entries: Mapping[str, str]


SERVICES = Shape("services", {"": "service"})
DEFINITION = Shape("service_definition", {"attributes": "attribute"})
REQUESTS = Shape("service_requests", {"": "request"})
DISCOVERY = Shape("discovery", {"endpoints": "endpoint", "formats": "format"})
ERRORS = Shape("errors", {"": "error"})

# Signs that XML 1.0 cannot hold; in words of people they are no words.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(document: Document, form: str, shape: Shape) -> bytes:
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    root = ET.Element(shape.root)
    _fill(root, document, shape, "")
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def _fill(element: ET.Element, value: Document, shape: Shape, name: str) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(ET.SubElement(element, key), inner, shape, key)
    elif isinstance(value, list):
        for inner in value:
            _fill(ET.SubElement(element, shape.entries[name]), inner, shape, name)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NO_XML.sub("", str(value))


def jurisdiction() -> str:
    """The one this server speaks for: its own host."""
    return urlsplit(settings.SITE_URL).hostname or ""


def errors(found: Sequence[tuple[int, str]]) -> Document:
    return [{"code": code, "description": str(words)} for code, words in found]


# --- the documents ---


def discovery() -> Document:
    return {
        "changeset": CHANGED,
        "contact": settings.CITY_EMAIL,
        "key_service": _("Sign in, open “Programs” and make a key that may report problems: %(url)s")
        % {"url": f"{settings.SITE_URL}{reverse('tokens:tokens')}"},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.SITE_URL}/open311/v2",
                "changeset": CHANGED,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service(found: Service) -> Document:
    return {
        "service_code": found.code,
        "service_name": found.name,
        "description": found.text,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": found.group,
    }


def definition(found: Service) -> Document:
    """No service asks for more than its place and words."""
    return {"service_code": found.code, "attributes": []}


def receipt(number: str) -> Document:
    """The answer to a new request: its number is there at once."""
    notice = _("%(url)s shows what becomes of it.") % {"url": f"{settings.SITE_URL}/r/{number}"}
    return [{"service_request_id": number, "service_notice": notice, "account_id": None}]


def requests(defects: Sequence[Defect]) -> Document:
    """Two queries beside the rows: what the offices said last, and the first picture of each."""
    keys = [each.pk for each in defects]
    answers = {
        each.contribution_id: each
        for each in OfficialAnswer.objects.filter(contribution__in=keys).order_by("published_at", "pk")
    }
    pictures: dict[int, str] = {}
    rows = Attachment.objects.images().filter(contribution__in=keys).order_by("order", "id")
    for key, name in rows.values_list("contribution", "key"):
        pictures.setdefault(key, name)
    return [_request(each, answers.get(each.pk), pictures.get(each.pk, "")) for each in defects]


def _request(defect: Defect, answer: OfficialAnswer | None, picture: str) -> Document:
    point = geo.in_world(defect.map_x, defect.map_y)
    words = [defect.address, defect.place.name]
    return {
        "service_request_id": defect.receipt,
        "status": str(defect.status),
        "status_notes": f"{answer.get_status_display()}: {answer.reason}" if answer else None,
        "service_name": defect.service.name,
        "service_code": defect.service.code,
        "description": defect.text,
        "agency_responsible": defect.service.office.name,
        "service_notice": None,
        "requested_datetime": moment(defect.contribution.created_at),
        "updated_datetime": moment(defect.updated_at),
        "expected_datetime": _expected(defect, answer),
        "address": ", ".join(each for each in words if each),
        "address_id": None,
        "zipcode": None,
        "lat": point[0] if point else None,
        "long": point[1] if point else None,
        "media_url": f"{settings.SITE_URL}{reverse('cocreation:file', args=[picture])}" if picture else None,
    }


def _expected(defect: Defect, answer: OfficialAnswer | None) -> str | None:
    """The day the office named, else until when it owes its reply."""
    if defect.closed_at is not None:
        return None
    if answer is not None and answer.next_date is not None:
        noon = datetime.combine(answer.next_date, time(12), timezone.get_default_timezone())
        return moment(noon)
    return moment(defect.due)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
