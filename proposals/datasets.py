"""What the hall publishes as data: proposals, what offices found, and every step along the line."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cocreation.datasets import (
    TAKING_PART,
    address_of,
    office_column,
    place_column,
    process_column,
    receipt_column,
)
from groundwork import metrics
from groundwork.datasets import ADDRESS, BOOLEAN, INTEGER, MOMENT, NUMBER, Column, Dataset, add
from groundwork.metrics import Metric
from proposals.models import Assessment, Proposal, Stage, StageMove, Theme
from proposals.models.proposals import PERSON

KINDS = ((PERSON, _("a person")), *Organisation.Kind.choices)
PROPOSAL = Column("proposal", "proposal__receipt", _("Proposal"), _("The number of the proposal."), required=True, refers=("proposals", "number"))  # fmt: skip


def _seen() -> QuerySet[Any]:
    return Proposal.objects.visible_to(None).values("pk")


add(
    Dataset(
        "proposals",
        _("Proposals"),
        _("Everything people have proposed and that is public: where it stands, how many support it, what it costs."),
        rows=lambda: Proposal.objects.visible_to(None),
        columns=(
            receipt_column(),
            process_column(),
            Column("title", "title", _("Title"), _("The title, in the language it was written in."), required=True),
            Column("summary", "summary", _("In one sentence"), _("What is proposed, in one sentence."), required=True),
            Column("language", "language", _("Language"), _("The language it is written in."), required=True),
            Column("theme", "theme", _("Theme"), _("What it is about."), choices=tuple(Theme.choices), required=True),
            place_column(),
            Column("map_x", "map_x", _("Position, across"), _("The point on the picture map of the city, from the left."), NUMBER, unit=_("units of the map")),
            Column("map_y", "map_y", _("Position, down"), _("The point on the picture map of the city, from the top."), NUMBER, unit=_("units of the map")),
            Column("stage", "stage", _("Stage"), _("Where it stands on its line."), choices=tuple(Stage.choices), required=True),
            Column("author_kind", "author_kind", _("Kind of author"), _("A person or the kind of organisation that wrote it; never who."), choices=KINDS, required=True),
            Column("supports", "supports", _("Supporters"), _("How many people support it, as on its page."), INTEGER, unit=_("people"), required=True),
            Column("comments", "comments", _("Comments"), _("How many public comments there are."), INTEGER, unit=_("comments"), required=True),
            Column("cost", "cost", _("Cost"), _("What an office estimated that it costs; empty where none did."), NUMBER, unit=_("euros")),
            Column("answered", "is_answered", _("Answered"), _("Whether the city has answered."), BOOLEAN, required=True),
            Column("published", "contribution__published_at", _("Published"), _("When it became public."), MOMENT, required=True),
            Column("address", F("receipt"), _("Page"), _("The address of its page."), ADDRESS, show=address_of("proposals/"), required=True),
        ),
        chart="stage",
        receipts="number",
        keywords=(*TAKING_PART, _("proposals")),
    )
)  # fmt: skip

add(
    Dataset(
        "assessments",
        _("Assessments of the offices"),
        _("What the responsible offices found: feasible or not, what it costs, and why."),
        rows=lambda: Assessment.objects.standing().filter(proposal__in=_seen()),
        order=("at", "pk"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the assessment."), INTEGER, key=True, required=True),
            PROPOSAL,
            office_column(),
            Column("verdict", "verdict", _("Verdict"), _("Whether it is feasible."), choices=tuple(Assessment.Verdict.choices), required=True),
            Column("cost_from", "cost_from", _("Cost from"), _("The lower end of the estimate."), NUMBER, unit=_("euros")),
            Column("cost", "cost", _("Cost"), _("The estimate, or its upper end."), NUMBER, unit=_("euros")),
            Column("yearly_cost", "yearly_cost", _("Cost per year"), _("What it costs every year after it is there."), NUMBER, unit=_("euros a year")),
            Column("reason_de", "reason_de", _("Reason"), _("The reason of the office, in German.")),
            Column("reason_en", "reason_en", _("Reason (en)"), _("The reason of the office, in English.")),
            Column("assessed", "at", _("Assessed"), _("When the office said so."), MOMENT, required=True),
        ),
        chart="verdict",
        keywords=(_("proposals"), _("administration")),
    )
)  # fmt: skip

add(
    Dataset(
        "steps",
        _("Steps of the proposals"),
        _("Every step of every public proposal along its line: received, assessed, on the ballot, promised, delivered."),
        rows=lambda: StageMove.objects.filter(proposal__in=_seen()),
        order=("at", "id"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the step."), INTEGER, key=True, required=True),
            PROPOSAL,
            Column("stage", "stage", _("Stage"), _("Where the proposal stood from then on."), choices=tuple(Stage.choices), required=True),
            Column("at", "at", _("When"), _("The moment of the step."), MOMENT, required=True),
            Column("office", "office__slug", _("Office"), _("The office of the city that is responsible."), refers=("offices", "slug")),
        ),
        chart="stage",
        keywords=(_("proposals"),),
    )
)  # fmt: skip

metrics.add(
    Metric(
        "proposals",
        _("Proposals"),
        _("Proposals that anybody can read."),
        _("Number of public proposals in all public processes; what was merged counts once."),
        value=lambda at: Proposal.objects.public().count(),
        unit=_("proposals"),
    )
)
