"""What happens to a promise on its way: news with pictures, money spent, another office, an end without delivery, a new start."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office
from feedback.models.commitments import Commitment

UPDATE = "update"  # the kind of contribution an Update is


class Update(models.Model):
    """How a promise goes on, told by its office. Pictures and documents stand beside its contribution."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="update"
    )
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField(_("what is new"), max_length=1500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-contribution"]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.at:%Y-%m-%d}"


class Spending(models.Model):
    """An amount spent for a promise, in euros; below zero it corrects an earlier one or is money that came back."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="spendings")
    day = models.DateField(_("day"))
    amount = models.DecimalField(_("amount in euros"), max_digits=14, decimal_places=2)
    what_for = models.CharField(_("what for"), max_length=140)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="feedback_spending_is_an_amount",
                violation_error_message=_("An amount of nothing is no spending."),
            ),
            models.CheckConstraint(
                condition=Q(what_for_de__isnull=False) & ~Q(what_for_de=""),
                name="feedback_spending_says_what_for",
                violation_error_message=_("Please say in German what the money was for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.amount}"


class HandOver(models.Model):
    """Another office takes over a promise. What was promised, and what the first office did, stays."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="hand_overs")
    old_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    new_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("new office")
    )
    reason = models.TextField(_("reason"), max_length=600)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_office=F("new_office")),
                name="feedback_handover_is_to_another",
                violation_error_message=_("It is this office's already."),
            ),
            models.CheckConstraint(
                condition=Q(reason_de__isnull=False) & ~Q(reason_de=""),
                name="feedback_handover_has_reason",
                violation_error_message=_("A hand-over needs a reason in German."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.old_office_id} → {self.new_office_id}"


class Ending(models.Model):
    """A promise that is given up: it stays where it is, with the reason."""

    commitment = models.OneToOneField(
        Commitment, primary_key=True, on_delete=models.PROTECT, related_name="ending"
    )
    reason = models.TextField(_("reason"), max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason_de__isnull=False) & ~Q(reason_de=""),
                name="feedback_ending_has_reason",
                violation_error_message=_("Giving a promise up needs a reason in German."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: given up"


class Reopening(models.Model):
    """Too few said that it works: the question is asked again as a new idea, which quotes how it went."""

    commitment = models.OneToOneField(
        Commitment, primary_key=True, on_delete=models.PROTECT, related_name="reopening"
    )
    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="reopens")
    answers = models.PositiveIntegerField()
    works = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__gte=5, works__lte=F("answers")), name="feedback_reopening_after_answers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} → {self.contribution_id}"

    @property
    def share(self) -> float:
        return 100 * self.works / self.answers
