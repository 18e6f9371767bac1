"""What a process means for the data of those who take part, thought through before it begins (Art. 35 GDPR)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cocreation.models.processes import Process


class PrivacyAssessment(models.Model):
    """What the office says about a process, the risks it sees and what it does about them; somebody else signs that."""

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="privacy_assessment"
    )
    special = models.BooleanField(default=False)
    large = models.BooleanField(default=False)
    technology = models.BooleanField(default=False)
    risks = models.TextField(_("risks"), max_length=4000, blank=True)
    measures = models.TextField(_("measures"), max_length=4000, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("data protection impact assessment")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(risks="") & ~Q(measures=""),
                name="cocreation_privacyassessment_signed_is_written",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | Q(written_by__isnull=True)
                | ~Q(signed_by=F("written_by")),
                name="cocreation_privacyassessment_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.process_id}"
