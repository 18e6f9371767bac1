"""The money of a process."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Place, Process


class Envelope(models.Model):
    """So much money is there: for the whole process, or for one of its places."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="envelopes")
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("place")
    )
    title = models.CharField(_("what the money is for"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=14, decimal_places=2)

    objects: models.Manager[Envelope] = models.Manager()

    class Meta:
        verbose_name = _("budget")
        ordering = ["process", "-amount"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="budgets_envelope_amount_positive",
                violation_error_message=_("The budget must be more than zero."),
            ),
            models.UniqueConstraint(
                fields=["process", "place"],
                nulls_distinct=False,
                name="budgets_envelope_once",
                violation_error_message=_("There is a budget for this already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.amount}"
