"""What the room publishes as data: the catalogue, and where what was reported and when it was closed. Words stay on the pages."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cocreation.datasets import (
    TAKING_PART,
    address_of,
    in_both,
    office_column,
    place_column,
    process_column,
    receipt_column,
)
from feedback.defects.models import Defect, Service
from groundwork.datasets import ADDRESS, BOOLEAN, INTEGER, MOMENT, NUMBER, Column, Dataset, add

WORDS = (*TAKING_PART, _("problem reports"))

add(
    Dataset(
        "services",
        _("Catalogue of services"),
        _("What residents can report, which office looks after it, and in how many days it replies."),
        rows=lambda: Service.objects.all(),
        order=("code",),
        columns=(
            Column("code", "code", _("Code"), _("What programs know it by. It stays the same for ever."), key=True, required=True),
            *in_both("name", "name", _("Name"), _("What it is called.")),
            *in_both("group", "group", _("Group"), _("The group of the catalogue it stands in.")),
            office_column(),
            Column("days", "days", _("Days"), _("In how many days the office replies."), INTEGER, unit=_("days"), required=True),
            Column("offered", "is_offered", _("Offered"), _("Whether it can be reported now."), BOOLEAN, required=True),
        ),
        chart="office",
        keywords=WORDS,
    )
)  # fmt: skip

add(
    Dataset(
        "defects",
        _("Problem reports"),
        _("What was reported where and when, until when the office owed its reply, and when it was closed. The words are on the pages."),
        rows=lambda: Defect.objects.visible_to(None),
        columns=(
            receipt_column(),
            process_column(),
            Column("service", "service__code", _("Service"), _("What kind of problem it is."), required=True, refers=("services", "code")),
            place_column(),
            Column("map_x", "map_x", _("Position, across"), _("The point on the picture map of the city, from the left."), NUMBER, unit=_("units of the map")),
            Column("map_y", "map_y", _("Position, down"), _("The point on the picture map of the city, from the top."), NUMBER, unit=_("units of the map")),
            Column("reported", "contribution__published_at", _("Reported"), _("When it became public."), MOMENT, required=True),
            Column("due", "due", _("Due"), _("Until when the office owes its reply."), MOMENT, required=True),
            Column("closed", "closed_at", _("Closed"), _("When the office closed it; empty while it is open."), MOMENT),
            Column("address", F("receipt"), _("Page"), _("The address of its page."), ADDRESS, show=address_of("defects/"), required=True),
        ),
        chart="service",
        receipts="number",
        keywords=WORDS,
    )
)  # fmt: skip
