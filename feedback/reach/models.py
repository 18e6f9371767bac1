"""Sealed answers that name nobody, what is asked where, who lives here, and the figures that are published."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process


class Answers(models.Model):
    """What somebody said about themselves. Neither who nor what can be read from the database: the handle is a keyed hash, the
    rest is encrypted, and both keys lie outside (sealed.py). No column points at a person, and no moment is kept."""

    handle = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField()
    # The first day of the month in which it was said last: so long it is kept, and no more can be told from it.
    month = models.DateField()

    class Meta:
        verbose_name = _("sealed answers")
        indexes = [models.Index(fields=["month"], name="reach_answers_old")]

    def __str__(self) -> str:
        return "sealed"


class Asking(models.Model):
    """Which questions of the catalogue are asked: by the city (no process), and which of those a process counts."""

    process = models.ForeignKey(Process, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    questions = ArrayField(models.CharField(max_length=12), default=list, blank=True)

    class Meta:
        verbose_name = _("questions about oneself")
        constraints = [
            models.UniqueConstraint(fields=["process"], name="reach_asking_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return ", ".join(self.questions)


class Population(models.Model):
    """How many people of the city would give an answer, from its register or a census. Parts of the city have their own number."""

    question = models.CharField(max_length=12)
    answer = models.CharField(max_length=60)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "answer"], name="reach_population_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}: {self.people}"


class Cell(models.Model):
    """How many of those who took part in a process gave an answer: the number it stands for, and what of it is shown.

    Kept for good, also while a process does not ask: a figure that began anew would tell the difference of two releases.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=12)
    answer = models.CharField(max_length=60)
    held = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "question", "answer"], name="reach_cell_once"),
            models.CheckConstraint(
                condition=Q(held=0, shown__isnull=True) | Q(held__gte=5, shown__isnull=False),
                name="reach_cell_speaks_of_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"
