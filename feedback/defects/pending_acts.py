"""A report of somebody nobody knows yet waits until they have identified themselves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from cocreation import files, pending
from cocreation.models import Place
from feedback.defects.actions import Report, report_defect
from feedback.defects.models import Service
from feedback.defects.rules import ACT
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person


def report_from(written: dict[str, Any]) -> Report:
    """What a form or a kept act holds. Refused where the service or the place is gone."""
    service = Service.objects.select_related("office").filter(code=written["service"]).first()
    place = Place.objects.filter(pk=int(written["place"])).first()
    if service is None or place is None:
        raise Refused(No(_("This kind of problem cannot be reported here any more.")))
    return Report(
        service=service,
        text=written["text"],
        place=place,
        language=written.get("language") or "de",
        address=written.get("address", ""),
        map_x=written.get("map_x"),
        map_y=written.get("map_y"),
    )


def complete(person: Person, payload: dict[str, Any], at: datetime) -> str:
    draft, listed = files.from_payload(payload.get("files"))
    defect = report_defect(report=report_from(payload), by=person, at=at, draft=draft, listed=listed)
    return f"{defect.get_absolute_url()}?new=1"


def _title(payload: dict[str, Any]) -> str:
    return Truncator(" ".join(str(payload.get("text", "")).split())).chars(120)


pending.acts.add(ACT, pending.PendingKind(ACT, _("Your report of a problem"), complete, _title, act=ACT))
