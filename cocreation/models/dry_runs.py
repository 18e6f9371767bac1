"""A dry run: a copy of a draft in which invented people take part, to see how it goes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cocreation.models.processes import Process


class DryRun(models.Model):
    """How far the rehearsal has come. All of it, its people too, is gone when it is removed."""

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="dry_run"
    )
    # Keys of the phases whose contributions were invented, and of those that were brought to their end.
    played = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    ended = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    # Phase key -> what happened there, in the words of whoever started it.
    notes = models.JSONField(default=dict, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="dry_runs")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"dry run of {self.process.dry_run_of_id}"
