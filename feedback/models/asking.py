"""What was built, does it work? Answers without a name from a poster, and the figures that are shown of all answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models.commitments import Commitment, Opinion


class PosterAnswer(models.Model):
    """Three answers of somebody who stood before the poster. Nothing says who: no account, no time of day."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="poster_answers")
    day = models.DateField()
    value = models.CharField(max_length=6, choices=Opinion.Value.choices)
    as_promised = models.CharField(max_length=6, choices=Opinion.Value.choices, blank=True)
    used = models.CharField(max_length=6, choices=Opinion.Used.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["commitment", "day"], name="feedback_poster_day")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.value}"


class Release(models.Model):
    """The figures as they were shown from one day on. The next ones come when so many more have answered that the
    difference says nothing of anybody (groundwork/small_numbers.py). None: too few have answered this question."""

    class Source(models.TextChoices):
        PEOPLE = "people", _("People concerned")
        POSTER = "poster", _("On the spot, without an account")

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="releases")
    source = models.CharField(max_length=6, choices=Source.choices)
    at = models.DateTimeField()
    answers = models.PositiveIntegerField()
    yes = models.PositiveIntegerField()
    partly = models.PositiveIntegerField()
    no = models.PositiveIntegerField()
    promised_yes = models.PositiveIntegerField(null=True)
    promised_partly = models.PositiveIntegerField(null=True)
    promised_no = models.PositiveIntegerField(null=True)
    used_often = models.PositiveIntegerField(null=True)
    used_seldom = models.PositiveIntegerField(null=True)
    used_never = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__gte=5, answers=F("yes") + F("partly") + F("no")),
                name="feedback_release_of_enough",
            ),
            models.UniqueConstraint(fields=["commitment", "source", "answers"], name="feedback_release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.source} {self.answers}"
