"""What the room publishes as data: its decisions, without persons, texts and keys that lead to them."""

from django.db.models import TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cocreation.datasets import process_column
from cocreation.moderation.models import Decision
from groundwork.datasets import BOOLEAN, INTEGER, MOMENT, Column, Dataset, add

add(
    Dataset(
        "moderation",
        _("Decisions of the moderation"),
        _("What was taken off the pages or sent back, under which rule and how long it took. No texts, no people."),
        rows=lambda: Decision.objects.public(),
        order=("at", "pk"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the decision."), INTEGER, key=True, required=True),
            process_column(),
            Column("kind", "kind", _("Kind"), _("What kind of contribution it was about."), required=True),
            Column("outcome", "outcome", _("Outcome"), _("What was decided."), choices=tuple(Decision.Outcome.choices), required=True),
            Column("rule", KeyTextTransform("slug", "rule"), _("Rule"), _("The rule it was decided by; empty where nothing was wrong.")),
            Column("automated", "automated", _("By itself"), _("Whether a program decided."), BOOLEAN, required=True),
            Column("decided", "at", _("Decided"), _("When it was decided."), MOMENT, required=True),
            Column("took", Cast("took", TextField()), _("Time it took"), _("From the report to the decision, as days and hours:minutes:seconds."), required=True),
            Column("undone", "undone_at", _("Undone"), _("When the decision was undone; empty where it stands."), MOMENT),
        ),
        chart="outcome",
        keywords=(_("moderation"),),
    )
)  # fmt: skip
