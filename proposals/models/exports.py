"""A long list as a file: asked for by somebody of an office, made in the background, kept for a day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ListExportQuerySet(models.QuerySet["ListExport"]):
    def unmade(self) -> ListExportQuerySet:
        return self.filter(ready_at__isnull=True)

    def expired(self, at: datetime) -> ListExportQuerySet:
        """Their file has to go; that they were made stays readable as long as their job does."""
        return self.filter(expires_at__lte=at).exclude(file="")


class ListExport(models.Model):
    """The proposals of a process as a table, as the filters in `query` choose. How far it is stands in its job."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    process = models.ForeignKey("cocreation.Process", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=4, choices=Form.choices)
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list as a file")
        constraints = [
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True, expires_at__isnull=True, file="")
                | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="proposals_listexport_ready_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.pk} of {self.process_id}"

    def get_absolute_url(self) -> str:
        return reverse("proposals:list_file", args=[self.pk])
