"""What the city promises: commitments with milestones and delays, and what people think of them once they are delivered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Contribution, Office, Process

if TYPE_CHECKING:
    from accounts.models import Person

# How long people are asked whether a delivered thing works.
ASK_FOR = timedelta(days=92)


def day_of(at: datetime) -> date:
    """The day of a moment where the city is."""
    return timezone.localtime(at).date()


class State(models.TextChoices):
    """Where a commitment stands: computed from its rows and the clock, never stored."""

    PROMISED = "promised", pgettext_lazy("state of a commitment", "Promised")
    UNDER_WAY = "under_way", pgettext_lazy("state of a commitment", "Under way")
    DELAYED = "delayed", pgettext_lazy("state of a commitment", "Delayed")
    DELIVERED = "delivered", pgettext_lazy("state of a commitment", "Delivered")
    EVALUATED = "evaluated", pgettext_lazy("state of a commitment", "Evaluated")
    GIVEN_UP = "given_up", pgettext_lazy("state of a commitment", "Given up")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, person: Person | None) -> CommitmentQuerySet:
        """Public with its process; what hangs on a contribution is as visible as that."""
        return self.filter(process__in=Process.objects.visible_to(person)).filter(
            Q(contribution__isnull=True) | Q(contribution__in=Contribution.objects.visible_to(person))
        )

    def public(self) -> CommitmentQuerySet:
        return self.filter(process__published_at__isnull=False).filter(
            Q(contribution__isnull=True) | Q(contribution__is_public=True)
        )

    def in_state(self, state: str, today: date) -> CommitmentQuerySet:
        """The same states as `Commitment.state`, in SQL."""
        return self.filter(state_conditions(today)[state])

    def for_board(self) -> CommitmentQuerySet:
        return self.select_related("office", "process", "contribution__proposal").prefetch_related(
            "milestones"
        )

    def newest_movement_first(self) -> CommitmentQuerySet:
        return self.order_by("-moved_at", "-pk")

    def for_offices(self, offices: frozenset[int] | None) -> CommitmentQuerySet:
        """Those of these offices; all of them for None."""
        return self if offices is None else self.filter(office__in=offices)


def state_conditions(today: date) -> dict[str, Q]:
    """One condition for each state; every commitment satisfies exactly one of them."""
    undelivered = Q(delivered_at__isnull=True, given_up_at__isnull=True)
    late = undelivered & (Q(due__gt=F("first_due")) | Q(due__lt=today))
    punctual = undelivered & Q(due=F("first_due"), due__gte=today)
    return {
        State.PROMISED.value: punctual & Q(started_at__isnull=True),
        State.UNDER_WAY.value: punctual & Q(started_at__isnull=False),
        State.DELAYED.value: late,
        State.DELIVERED.value: Q(delivered_at__isnull=False, evaluated_at__isnull=True),
        State.EVALUATED.value: Q(evaluated_at__isnull=False),
        State.GIVEN_UP.value: Q(given_up_at__isnull=False),
    }


class Commitment(models.Model):
    """A promise with an office, a date and money. Kept, delayed with a reason, or late; never deleted."""

    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="commitments")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("office")
    )
    title = models.CharField(_("what is promised"), max_length=140)
    text = models.TextField(_("how it stands"), max_length=1500, blank=True)
    budget = models.DecimalField(_("budget in euros"), max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(_("spent so far in euros"), max_digits=14, decimal_places=2, default=0)
    due = models.DateField(_("done by"))
    first_due = models.DateField(_("first promised for"), editable=False)
    promised_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    evaluate_by = models.DateField(_("people are asked until"), null=True, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    # The reason stands in its Ending.
    given_up_at = models.DateTimeField(null=True, blank=True)
    # The last thing that happened to it: what lists sort by.
    moved_at = models.DateTimeField()
    # How many have answered; `works_…` is what is shown of it (Release), in steps nobody can be read from.
    opinions_count = models.PositiveIntegerField(default=0, editable=False)
    works_yes = models.PositiveIntegerField(default=0, editable=False)
    works_partly = models.PositiveIntegerField(default=0, editable=False)
    works_no = models.PositiveIntegerField(default=0, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        constraints = [
            models.CheckConstraint(
                condition=Q(due__gte=F("first_due")),
                name="feedback_commitment_due_not_before_first",
                violation_error_message=_("The date cannot be earlier than the one first promised."),
            ),
            models.CheckConstraint(
                condition=(Q(budget__isnull=True) | Q(budget__gte=0)) & Q(spent__gte=0),
                name="feedback_commitment_money_not_negative",
                violation_error_message=_("Amounts of money cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(started_at__isnull=False),
                name="feedback_commitment_delivered_was_started",
                violation_error_message=_("What was never started cannot be delivered."),
            ),
            models.CheckConstraint(
                condition=Q(evaluated_at__isnull=True) | Q(delivered_at__isnull=False),
                name="feedback_commitment_evaluated_was_delivered",
                violation_error_message=_("Only what was delivered can be evaluated."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, evaluate_by__isnull=True)
                | Q(delivered_at__isnull=False, evaluate_by__isnull=False),
                name="feedback_commitment_delivered_is_asked_about",
                violation_error_message=_(
                    "A delivered commitment needs a date until which people are asked."
                ),
            ),
            models.CheckConstraint(
                condition=Q(given_up_at__isnull=True) | Q(delivered_at__isnull=True),
                name="feedback_commitment_delivered_or_given_up",
                violation_error_message=_("What was delivered is not given up."),
            ),
        ]
        indexes = [
            models.Index(fields=["-moved_at", "-id"], name="feedback_commitment_moved"),
            models.Index(
                fields=["due"], name="feedback_commitment_due", condition=Q(delivered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:commitment", args=[self.pk])

    def state(self, at: datetime) -> State:
        if self.evaluated_at:
            return State.EVALUATED
        if self.delivered_at:
            return State.DELIVERED
        if self.given_up_at:
            return State.GIVEN_UP
        if self.due > self.first_due or self.due < day_of(at):
            return State.DELAYED
        return State.UNDER_WAY if self.started_at else State.PROMISED

    @property
    def is_delivered(self) -> bool:
        return self.delivered_at is not None

    @property
    def is_over(self) -> bool:
        """Delivered or given up: nothing more is owed."""
        return self.delivered_at is not None or self.given_up_at is not None

    @property
    def delivered_on(self) -> date | None:
        return day_of(self.delivered_at) if self.delivered_at else None

    @property
    def was_on_time(self) -> bool:
        """Delivered by the day that was promised first."""
        return self.delivered_on is not None and self.delivered_on <= self.first_due

    @property
    def days_late(self) -> int:
        """Days between the first promise and the date that counts now (the delivery once there is one)."""
        return max(0, ((self.delivered_on or self.due) - self.first_due).days)

    @cached_property
    def steps(self) -> list[Milestone]:
        """The milestones in order; one query, or none when they were prefetched."""
        return sorted(self.milestones.all(), key=lambda step: step.order)

    @property
    def next_step(self) -> Milestone | None:
        return next((step for step in self.steps if step.done_at is None), None)

    @property
    def last_delay(self) -> Delay | None:
        return max(self.delays.all(), key=lambda delay: (delay.at, delay.pk), default=None)

    @property
    def _proposal(self) -> object | None:
        return getattr(self.contribution, "proposal", None) if self.contribution_id else None

    @property
    def hue(self) -> str:
        return str(getattr(self._proposal, "hue", "") or self.process.hue)

    @property
    def pattern(self) -> str:
        return str(getattr(self._proposal, "pattern", "") or self.process.pattern)


class Milestone(models.Model):
    """A step on the way, with its own date."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="milestones")
    name = models.CharField(_("step"), max_length=80)
    due = models.DateField(_("by"))
    done_at = models.DateTimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "order"],
                name="feedback_milestone_order_once",
                violation_error_message=_("Two steps cannot stand in the same place."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delay(models.Model):
    """A promise that takes longer: the old date, the new one and the reason, for everybody to read."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="delays")
    old_due = models.DateField()
    new_due = models.DateField(_("new date"))
    reason = models.TextField(_("reason"), max_length=600)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due__gt=F("old_due")),
                name="feedback_delay_is_later",
                violation_error_message=_("The new date must be later than the old one."),
            ),
            models.CheckConstraint(
                condition=Q(reason_de__isnull=False) & ~Q(reason_de=""),
                name="feedback_delay_has_reason",
                violation_error_message=_("A delay needs a reason in German."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.old_due} → {self.new_due}"


class Opinion(models.Model):
    """Does it work? One answer per person, as long as people are asked."""

    class Value(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    class Used(models.TextChoices):
        OFTEN = "often", pgettext_lazy("how often somebody uses it", "Often")
        SELDOM = "seldom", pgettext_lazy("how often somebody uses it", "Seldom")
        NEVER = "never", pgettext_lazy("how often somebody uses it", "Never")

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=6, choices=Value.choices)
    as_promised = models.CharField(max_length=6, choices=Value.choices, blank=True)
    used = models.CharField(max_length=6, choices=Used.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "person"],
                name="feedback_opinion_once_per_person",
                violation_error_message=_("You have said this already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.value}"
