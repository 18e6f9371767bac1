"""What the room publishes as data: how the money of a process is divided over places."""

from django.utils.translation import gettext_lazy as _

from cocreation.datasets import place_column, process_column
from cocreation.models import Process
from groundwork.datasets import INTEGER, NUMBER, Column, Dataset, add
from proposals.budgets.models import Share

add(
    Dataset(
        "shares",
        _("Shares of the places"),
        _("What every place gets of the money of a process, part by part, in every published version of the formula."),
        rows=lambda: Share.objects.filter(division__process__in=Process.objects.visible_to(None)),
        order=("division", "rank"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the share."), INTEGER, key=True, required=True),
            process_column("division__process__slug"),
            Column("version", "division__number", _("Version"), _("Which version of the formula, counted from 1."), INTEGER, required=True),
            place_column(),
            Column("base", "base", _("Base"), _("What every place gets alike."), NUMBER, unit=_("euros"), required=True),
            Column("solidarity", "solidarity", _("Solidarity"), _("What places in need get first."), NUMBER, unit=_("euros"), required=True),
            Column("weighted", "weighted", _("By the weights"), _("What is divided by residents and need."), NUMBER, unit=_("euros"), required=True),
            Column("amount", "amount", _("Together"), _("The sum of the three parts."), NUMBER, unit=_("euros"), required=True),
        ),
        theme="ECON",
        keywords=(_("budget"), _("places")),
    )
)  # fmt: skip
