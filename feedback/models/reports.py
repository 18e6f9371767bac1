"""The evaluation of a process: its figures as they stood on the day of the report, and what was learned."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process


class EvaluationReport(models.Model):
    """Published once, never changed. `numbers` is `feedback.reports.Numbers` as JSON; `due` was the last day for it."""

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.PROTECT, related_name="evaluation_report"
    )
    numbers = models.JSONField()
    learned = models.TextField(_("what we learned"), max_length=3000)
    changes = models.TextField(_("what we do differently next time"), max_length=2000, blank=True)
    due = models.DateField()
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("evaluation report")
        constraints = [
            models.CheckConstraint(
                condition=Q(learned_de__isnull=False) & ~Q(learned_de=""),
                name="feedback_report_says_what_was_learned",
                violation_error_message=_("Please say in German what was learned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.published_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("feedback:report", args=[self.process.slug])

    @property
    def published_on(self) -> date:
        from feedback.models.commitments import day_of

        return day_of(self.published_at)
