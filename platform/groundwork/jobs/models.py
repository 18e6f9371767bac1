"""A row for every long job, and one for every periodic task."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])

    def failed(self) -> JobQuerySet:
        return self.filter(state=Job.State.FAILED)

    def over(self) -> JobQuerySet:
        return self.exclude(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    """One long piece of work: `kind` and `key` say what of, `done` of `total` how far (total 0: not known), `result` holds
    facts its kind puts into words, `reason` why it failed (a slug its kind knows)."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a job", "waits")
        RUNNING = "running", pgettext_lazy("state of a job", "runs")
        DONE = "done", pgettext_lazy("state of a job", "done")
        FAILED = "failed", pgettext_lazy("state of a job", "failed")
        CANCELLED = "cancelled", pgettext_lazy("state of a job", "cancelled")

    kind = models.SlugField(max_length=40)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    # The last sign of life, and the end.
    beat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="jobs_job_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | (Q(state__in=["done", "failed", "cancelled"]) & Q(finished_at__isnull=False)),
                name="jobs_job_over_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(reason__gt=""), name="jobs_job_failed_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="jobs_newest"),
            models.Index(fields=["made_at"], name="jobs_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"

    @property
    def percent(self) -> int | None:
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else None


class Run(models.Model):
    """When a periodic task ran last, and whether it went well. `failure` is the kind of error, never its data."""

    task = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.task

    @property
    def is_broken(self) -> bool:
        """The last run that ended has failed."""
        return self.failed_at is not None and (self.ok_at is None or self.failed_at > self.ok_at)

    def silent_since(self, seconds: float, at: datetime) -> bool:
        """It should have run at least twice since."""
        return (at - self.started_at).total_seconds() > 3 * seconds + 60


class Removal(models.Model):
    """A rule of retention took something away: which one, when, and how many rows. Never whose."""

    rule = models.SlugField(max_length=40)
    at = models.DateTimeField()
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("removal")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["rule", "-at"], name="jobs_removal_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="jobs_removal_removes_something")
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.number}"
