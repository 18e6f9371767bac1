"""What guards a process: how it was prepared, what was changed in it, and who may look before it is public."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.models.processes import Process

# A reason in both languages: neither empty nor absent.
GIVEN = {
    f"reason_{code}__{look}": value
    for code in ("de", "en")
    for look, value in (("gt", ""), ("isnull", False))
}


def new_token() -> str:
    return secrets.token_urlsafe(24)


class GateAnswer(models.Model):
    """One item of the publish gate for one process: answered in words, or left out with a public reason.

    `checked_by` and `checked_on` say who looked at it and when, where an item asks for that.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="gate_answers")
    item = models.PositiveSmallIntegerField()
    text = models.TextField(_("answer"), max_length=1000, blank=True)
    checked_by = models.CharField(_("who checked it"), max_length=120, blank=True)
    checked_on = models.DateField(_("when it was checked"), null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(_("why it was left out"), max_length=600, blank=True)
    # The standard sentence of the recipe, taken over as it stands when the process was published.
    suggested = models.BooleanField(default=False)

    class Meta:
        ordering = ["item"]
        constraints = [
            models.UniqueConstraint(fields=["process", "item"], name="cocreation_gateanswer_once"),
            models.CheckConstraint(
                condition=Q(item__gte=1, item__lte=20), name="cocreation_gateanswer_item_exists"
            ),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True) | Q(**GIVEN),
                name="cocreation_gateanswer_waiver_has_reason",
                violation_error_message=_("Whatever is left out needs a public reason in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.item}"

    @property
    def is_waived(self) -> bool:
        return self.waived_at is not None


class ChangeRecord(models.Model):
    """A public change of scope, promise or dates after the start, with its reason. Written once, never changed.

    `changes` is a list of `{"field", "before", "after"}`, for a phase with its "phase" and "name".
    """

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="change_records")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("reason for the change"), max_length=600)
    changes = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(**GIVEN), name="cocreation_changerecord_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}, {self.at:%Y-%m-%d}"


class ConfigChange(models.Model):
    """One step in the history of a configuration, for staff: who, what, when, and what it was before."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="config_changes")
    at = models.DateTimeField()
    # Nobody: the clock did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    what = models.SlugField(max_length=24)
    # The part it is about: a phase, or the number of the item of the gate.
    part = models.SlugField(max_length=40, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["process", "-id"], name="cocreation_config_by_process")]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.what}"


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self) -> PreviewLinkQuerySet:
        return self.filter(revoked_at__isnull=True)


class PreviewLink(models.Model):
    """Whoever holds the link sees the page of a process before it is public, and nothing else."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="preview_links")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.process_id}"

    def get_absolute_url(self) -> str:
        return reverse("cocreation:preview", args=[self.token])


def moment_of(text: str | None) -> datetime | None:
    """A moment as JSON keeps it."""
    return datetime.fromisoformat(text) if text else None
