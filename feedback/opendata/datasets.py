"""What the room itself publishes: every figure of the city, with the day from which on it held."""

from django.utils.translation import gettext_lazy as _

from feedback.opendata.models import Figure
from groundwork.datasets import INTEGER, MOMENT, NUMBER, Column, Dataset, add

add(
    Dataset(
        "figures",
        _("Figures of the city"),
        _("Every figure the city tells about its participation, and what it was before. Numbers of people are rounded."),
        rows=lambda: Figure.objects.all(),
        order=("at", "metric"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the row."), INTEGER, key=True, required=True),
            Column("metric", "metric", _("Figure"), _("Which figure it is; the page of figures says how it is counted."), required=True),
            Column("value", "value", _("Value"), _("What it says; empty where there is nothing to count, or too few people."), NUMBER),
            Column("since", "at", _("Since"), _("From when on it said so, until the next row of the same figure."), MOMENT, required=True),
        ),
        chart="metric",
        keywords=(_("figures"),),
    )
)  # fmt: skip
