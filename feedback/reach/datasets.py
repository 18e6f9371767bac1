"""Who took part, as a table and as a figure: what passed the rule of small numbers, and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import Consent
from cocreation.datasets import TAKING_PART, process_column
from cocreation.models import Process
from feedback.reach.catalogue import CHOICES
from feedback.reach.models import Cell
from feedback.reach.own import PURPOSE
from groundwork import metrics
from groundwork.datasets import INTEGER, Column, Dataset, add
from groundwork.metrics import Metric

add(
    Dataset(
        "who-took-part",
        _("Who took part"),
        _("What people who took part said about themselves, by process and question. Answering is optional, so these are not all who took part."),
        rows=lambda: Cell.objects.filter(process__in=Process.objects.visible_to(None)),
        order=("process__slug", "question", "answer"),
        columns=(
            Column("id", "pk", _("Number"), _("The number of the line. It stays the same."), INTEGER, key=True, required=True),
            process_column(),
            Column("question", "question", _("Question"), _("What people were asked."), required=True, choices=tuple(CHOICES)),
            Column("answer", "answer", _("Answer"), _("What they said; “-”: they would rather not say. Parts of the city by their short name."), required=True),
            Column("people", "shown", _("People"), _("Rounded to fives; empty where they are fewer than ten or none. It changes only by ten or more."), INTEGER, unit=_("people")),
        ),
        chart="question",
        keywords=TAKING_PART,
    )
)  # fmt: skip

metrics.add(
    Metric(
        "told-about-themselves",
        _("People who said something about themselves"),
        _("People who answered an optional question about their age, their part of the city and the like."),
        _("Number of people whose consent to it stands."),
        value=lambda at: Consent.objects.standing().filter(purpose=PURPOSE).count(),
        unit=_("people"),
        people=True,
    )
)
