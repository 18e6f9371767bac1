"""Four eyes: one person asks and says why, another one agrees; only then does it happen."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> ApprovalQuerySet:
        return self.filter(approved_at__isnull=True, declined_at__isnull=True)

    def on(self, what: str, thing: models.Model) -> ApprovalQuerySet:
        return self.filter(what=what, subject_label=thing._meta.label, subject_key=str(thing.pk))


class Approval(models.Model):
    """What two people do together, on which thing (by label and key), who asked and why, and who agreed or declined.

    `about` is the person whose data it opens, where it opens any: they see it among their data.
    """

    what = models.SlugField(max_length=20)
    subject_label = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    process = models.ForeignKey(
        "cocreation.Process", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="looked_up"
    )
    reason = models.CharField(_("reason"), max_length=300)
    language = models.CharField(max_length=5, default="de")  # of the reason
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_label", "subject_key"], name="cocreation_approval_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(approved_by=F("asked_by")),
                name="cocreation_approval_by_another",
                violation_error_message=_("Somebody else has to agree: you asked yourself."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True),
                name="cocreation_approval_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="cocreation_approval_has_a_moment",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cocreation_approval_has_a_reason"),
            models.UniqueConstraint(
                fields=["what", "subject_label", "subject_key"],
                condition=Q(approved_at__isnull=True, declined_at__isnull=True),
                name="cocreation_approval_asked_once",
                violation_error_message=_("Somebody has asked for this already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_label} {self.subject_key}"

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.declined_at is None

    def decided_at(self) -> datetime | None:
        return self.approved_at or self.declined_at
