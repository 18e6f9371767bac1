"""The money of a process, and how it is divided over places."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
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


class Division(models.Model):
    """A version of the formula by which the money of a process is divided over places. Published, never changed; no new
    one once people may hand in (migration 0003 keeps both). The newest counts."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="divisions")
    number = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    # So much of it is not divided: for projects of all places.
    common = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    by_points = models.BooleanField(default=False)
    # Weights, relative to each other.
    population = models.PositiveSmallIntegerField()
    deprivation = models.PositiveSmallIntegerField()
    deficit = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    # From so many residents on a place gets 2, 3 and 4 points; only looked at by points.
    bands = ArrayField(models.PositiveIntegerField(), size=3)
    base = models.DecimalField(max_digits=14, decimal_places=2)
    solidarity_percent = models.PositiveSmallIntegerField()
    solidarity_places = models.PositiveSmallIntegerField()
    # Whether the vote keeps to the shares: the share of a place goes first to its own projects.
    binding = models.BooleanField(default=True)
    # Where the figures of the places come from.
    source = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    published_at = models.DateTimeField()

    objects: models.Manager[Division] = models.Manager()

    class Meta:
        ordering = ["process", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="budgets_division_numbered"),
            models.CheckConstraint(
                condition=Q(total__gt=F("common"), common__gte=0, base__gte=0),
                name="budgets_division_of_money",
            ),
            models.CheckConstraint(
                condition=Q(solidarity_percent__lte=100)
                & (Q(solidarity_percent=0) | Q(solidarity_places__gte=1)),
                name="budgets_division_solidarity_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(population__gt=0) | Q(deprivation__gt=0) | Q(deficit__gt=0) | Q(priority__gt=0),
                name="budgets_division_has_weights",
            ),
            models.CheckConstraint(
                condition=Q(number=1)
                | Q(reason_de__isnull=False, reason_de__gt="", reason_en__isnull=False, reason_en__gt=""),
                name="budgets_division_later_ones_say_why",
                violation_error_message=_("Please say why the money is divided differently."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}/{self.number}"


class Share(models.Model):
    """What one place gets, to the cent, and what was known of it then."""

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="shares")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    population = models.PositiveIntegerField()
    deprivation = models.PositiveSmallIntegerField()
    deficit = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    base = models.DecimalField(max_digits=14, decimal_places=2)
    solidarity = models.DecimalField(max_digits=14, decimal_places=2)
    weighted = models.DecimalField(max_digits=14, decimal_places=2)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    rank = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["division", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["division", "place"], name="budgets_share_once"),
            models.CheckConstraint(
                condition=Q(
                    amount=F("base") + F("solidarity") + F("weighted"), weighted__gte=0, solidarity__gte=0
                ),
                name="budgets_share_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(population__gte=1, deprivation__lte=100, deficit__lte=100, priority__lte=4),
                name="budgets_share_measures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.amount}"
