"""A process as a service of the city, and each of its dated phases as an event, in schema.org's words."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from cocreation.models import Process
from groundwork.html.linked import city


def of_process(process: Process, places: list[str]) -> dict[str, Any]:
    page = f"{settings.SITE_URL}{process.get_absolute_url()}"
    key = f"{settings.SITE_URL}/de/processes/{process.slug}/"
    service = {
        "@type": "GovernmentService",
        "@id": f"{key}#process",
        "name": process.title,
        "description": process.question or process.lead or process.title,
        "url": page,
        "serviceType": "Citizen participation",
        "provider": {"@type": "GovernmentOffice", "name": process.office.name, "parentOrganization": city()},
        "areaServed": [{"@type": "Place", "name": name} for name in places],
        "isAccessibleForFree": True,
    }
    events = [
        {
            "@type": "Event",
            "@id": f"{key}#{phase.key}",
            "name": f"{process.title}: {phase.name}",
            "description": phase.text or phase.name,
            "startDate": phase.starts.isoformat(timespec="minutes"),
            **({"endDate": phase.ends.isoformat(timespec="minutes")} if phase.ends else {}),
            "eventStatus": "https://schema.org/EventCancelled" if _called_off(process, phase.starts) else "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": page},
            "organizer": city(),
            "about": {"@id": f"{key}#process"},
        }
        for phase in process.line
        if phase.starts
    ]  # fmt: skip
    return {"@graph": [service, *events]}


def _called_off(process: Process, starts: Any) -> bool:
    return process.stopped_at is not None and starts >= process.stopped_at
