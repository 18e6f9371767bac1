"""Versions of data sets and the files of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Process

# Older than this, a data set is late: everybody sees it, and the page of jobs says so.
STALE_AFTER = timedelta(hours=26)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest(self) -> ReleaseQuerySet:
        """The newest version of each data set."""
        return self.order_by("dataset", "-number").distinct("dataset")


class Release(models.Model):
    """One version of a data set. Ready from the moment the row is there; written again only to take rows out of it.

    `made_at` is the moment its rows were read, `fresh_at` the last moment they were compared with the city and found the
    same. `digest` stands for content and columns; `counts` are the rows by value of the column the picture is about.
    """

    dataset = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    fresh_at = models.DateTimeField()
    rows = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    columns = models.JSONField()
    counts = models.JSONField(default=list)
    licence = models.CharField(max_length=20)
    # Rows that were taken out since, because what they were about was erased or hidden.
    taken_out = models.PositiveIntegerField(default=0)
    taken_out_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a data set")
        ordering = ["dataset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="opendata_release_number_once"),
            models.CheckConstraint(
                condition=Q(fresh_at__gte=models.F("made_at")), name="opendata_release_fresh_after_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    def is_stale(self, at: datetime) -> bool:
        return at - self.fresh_at > STALE_AFTER


class ReleaseFile(models.Model):
    """One file of a version: size in bytes, SHA-256 of what is downloaded."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        LINES = "jsonl", "JSON Lines"
        PACKAGE = "package", "Data Package"
        CSVW = "csvw", "CSV on the Web"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    form = models.CharField(max_length=8, choices=Form.choices)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="opendata_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def media_type(self) -> str:
        return MEDIA[self.form]


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "package": "application/json",
    "csvw": "application/csvm+json",
}


class FigureQuerySet(models.QuerySet["Figure"]):
    def newest(self) -> FigureQuerySet:
        """The figure of each metric that holds now."""
        return self.order_by("metric", "-at").distinct("metric")


class Figure(models.Model):
    """What a metric said from `at` on: a new row whenever it says something else. `fresh_at` is when it was counted last.

    Of people, `held` is the number the figure stands for (groundwork/small_numbers.py); `value` is what is published.
    """

    metric = models.SlugField(max_length=40)
    at = models.DateTimeField()
    fresh_at = models.DateTimeField()
    value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    held = models.PositiveBigIntegerField(default=0)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        constraints = [models.UniqueConstraint(fields=["metric", "at"], name="opendata_figure_once")]

    def __str__(self) -> str:
        return f"{self.metric}: {self.value}"


class ProcessPackageQuerySet(models.QuerySet["ProcessPackage"]):
    def downloadable(self) -> ProcessPackageQuerySet:
        """Of public processes, and without a word of anything that left the pages since: one that has is written anew."""
        left = Q()
        for moment in ("hidden_at", "held_at", "withdrawn_at", "erased_at", "set_aside_at"):
            left |= Q(**{f"{moment}__gte": OuterRef("made_at")})
        gone = Contribution.objects.filter(left, process=OuterRef("process"))
        return self.filter(~Exists(gone), process__published_at__isnull=False)


class ProcessPackage(models.Model):
    """Everything public about one process in one file, as it is now: only the newest is kept.

    `content` stands for what is in it, `sha256` for the file; `counts` are the records by type.
    """

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="data_package"
    )
    made_at = models.DateTimeField()
    fresh_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    counts = models.JSONField()
    stored = models.CharField(max_length=200)

    objects = ProcessPackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("data package of a process")
        constraints = [
            models.CheckConstraint(
                condition=Q(fresh_at__gte=models.F("made_at")), name="opendata_package_fresh_after_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.content[:12]}"

    @property
    def records(self) -> int:
        return sum(self.counts.values())
