"""Co-production: what residents and organisations take on for a promise of the city, and the hours they are thanked for."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from feedback.models.commitments import Commitment, day_of


class Task(models.Model):
    """Something to do together: what, how many people, about how many hours each, until when."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("what there is to do"), max_length=140)
    people = models.PositiveSmallIntegerField(_("people wanted"))
    hours = models.DecimalField(_("hours each, about"), max_digits=5, decimal_places=1)
    until = models.DateField(_("until"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["until", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=500, hours__gt=0, hours__lte=200),
                name="feedback_task_is_of_a_size",
                violation_error_message=_("A task is for 1 to 500 people and takes up to 200 hours each."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and day_of(at) <= self.until


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def standing(self) -> PledgeQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Pledge(models.Model):
    """Somebody takes a task on, for themselves or an organisation. `is_named`: they agreed to be thanked by name."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="pledges")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_named = models.BooleanField(default=False)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    hours_done = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "person"],
                condition=Q(withdrawn_at__isnull=True),
                name="feedback_pledge_once",
                violation_error_message=_("You have taken this on already."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, hours_done__isnull=True)
                | Q(done_at__isnull=False, hours_done__gt=0, hours_done__lte=200),
                name="feedback_pledge_done_has_hours",
                violation_error_message=_("Please give the hours, between a half and 200."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.at:%Y-%m-%d}"
