"""What the room publishes as data: suggested changes and what became of them."""

from django.utils.translation import gettext_lazy as _

from cocreation.datasets import TAKING_PART, process_column, receipt_column
from groundwork.datasets import MOMENT, Column, Dataset, add
from proposals.amendments.models import Amendment, Decision, TextField
from proposals.datasets import PROPOSAL

add(
    Dataset(
        "amendments",
        _("Suggested changes"),
        _("Where people suggested another wording for a proposal, and whether the authors took it."),
        rows=lambda: Amendment.objects.visible_to(None),
        columns=(
            receipt_column(),
            process_column(),
            PROPOSAL,
            Column("part", "field", _("Part"), _("Which part of the text it is about."), choices=tuple(TextField.choices), required=True),
            Column("suggested", "contribution__published_at", _("Suggested"), _("When it was suggested."), MOMENT, required=True),
            Column("outcome", "decision__outcome", _("Outcome"), _("What became of it; empty while it is open."), choices=tuple(Decision.Outcome.choices)),
            Column("decided", "decision__at", _("Decided"), _("When it was decided."), MOMENT),
        ),
        chart="outcome",
        receipts="number",
        keywords=(*TAKING_PART, _("proposals")),
    )
)  # fmt: skip
