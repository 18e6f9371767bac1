"""What offices find about a proposal, in the open: whose work it is, what they ask its authors, what they say.

An `Assignment` is the work of one office at one proposal, with the draft nobody else sees. An `Assessment` is what was
published: its row is never changed but for the moment a later one took its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office
from proposals.models.proposals import Proposal


class ReasonCode(models.TextChoices):
    """Why something is not feasible, in one of a few words that can be counted."""

    NOT_CITY = "not_city", _("Not for the city to decide")
    EXISTS = "exists", _("There already or decided already")
    LAW = "law", _("The law does not allow it")
    TOO_DEAR = "too_dear", _("Too expensive for this budget")
    IMPOSSIBLE = "impossible", _("Technically impossible")
    OUT_OF_SCOPE = "out_of_scope", _("Not what this process is about")
    DUPLICATE = "duplicate", _("The same as another proposal")
    OTHER = "other", _("Another reason")


class Competence(models.TextChoices):
    CITY = "city", _("The city")
    OTHER = "other", _("Another body")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def newest_first(self) -> Iterable[Assessment]:
        return self.select_related("office").order_by("-at")

    def standing(self) -> AssessmentQuerySet:
        """Those that hold: not replaced by a correction."""
        return self.filter(replaced_at__isnull=True)


class Assessment(models.Model):
    """What an office found: feasible or not, the cost, and why, in words for everybody."""

    class Verdict(models.TextChoices):
        FEASIBLE = "feasible", _("Feasible")
        WITH_CHANGE = "feasible_with_change", _("Feasible with a change")
        NOT_FEASIBLE = "not_feasible", _("Not feasible")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="assessments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="assessments")
    verdict = models.CharField(_("Is it feasible?"), max_length=20, choices=Verdict.choices)
    # A range: from `cost_from` (empty: no lower end was given) to `cost`.
    cost_from = models.DecimalField(
        _("One-off cost from, in euros"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(
        _("One-off cost in euros"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    # What stands on a ballot, where it is not the upper end.
    ballot_cost = models.DecimalField(
        _("Figure on the ballot, in euros"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    yearly_cost = models.DecimalField(
        _("Cost per year in euros"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    estimate = models.CharField(_("How the cost was estimated"), max_length=500, blank=True)
    competence = models.CharField(
        _("Who may decide this?"), max_length=5, choices=Competence.choices, default=Competence.CITY,
        db_default=Competence.CITY,
    )  # fmt: skip
    body = models.CharField(_("Which body"), max_length=160, blank=True)
    permit = models.CharField(_("Permits that are needed"), max_length=500, blank=True)
    implementer = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who would do it")
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(
        _("Earliest year"), null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )  # fmt: skip
    reason_code = models.CharField(_("Reason"), max_length=12, choices=ReasonCode.choices, blank=True)
    duplicate_of = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("The other proposal"),
    )  # fmt: skip
    reason = models.TextField(_("Reason for the public"), max_length=1500)
    way_on = models.TextField(_("Alternative or way on"), max_length=1000, blank=True)
    # The version of the text that was assessed; empty where nobody wrote it down.
    revision = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    needs_signature = models.BooleanField(default=False, db_default=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    # Why it was corrected, where it takes the place of an earlier one; when a later one took its own.
    correction = models.CharField(_("Why it is corrected"), max_length=300, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="not_feasible") | Q(cost__isnull=False),
                name="proposals_assessment_feasible_has_cost",
                violation_error_message=_("A feasible proposal needs its cost."),
            ),
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(yearly_cost__isnull=True) | Q(yearly_cost__gte=0))
                & (Q(cost_from__isnull=True) | Q(cost_from__gte=0))
                & (Q(ballot_cost__isnull=True) | Q(ballot_cost__gte=0)),
                name="proposals_assessment_costs_not_negative",
                violation_error_message=_("Costs cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(cost_from__isnull=True) | Q(cost__isnull=True) | Q(cost_from__lte=F("cost")),
                name="proposals_assessment_range_in_order",
                violation_error_message=_("The lower end of the cost is above the upper end."),
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(signed_by__isnull=True) | ~Q(signed_by=F("by")),
                name="proposals_assessment_two_people",
                violation_error_message=_("Somebody else has to sign: you wrote it yourself."),
            ),
            models.CheckConstraint(
                condition=Q(needs_signature=False) | Q(signed_at__isnull=False),
                name="proposals_assessment_signed_where_needed",
                violation_error_message=_("A second person has to sign before it is published."),
            ),
            models.UniqueConstraint(
                fields=["proposal", "office"],
                condition=Q(replaced_at__isnull=True),
                name="proposals_assessment_one_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.verdict}"

    @property
    def figure(self) -> Decimal | None:
        """What a ballot counts with: the figure the office set for it, else the upper end."""
        return self.ballot_cost if self.ballot_cost is not None else self.cost

    @property
    def is_range(self) -> bool:
        return self.cost_from is not None and self.cost is not None and self.cost_from < self.cost


OPEN = Q(ended_at__isnull=True)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def held(self) -> AssignmentQuerySet:
        """Those an office has, done or not; without the ones that went to another."""
        return self.filter(OPEN)

    def to_do(self) -> AssignmentQuerySet:
        return self.filter(OPEN, done_at__isnull=True)


class Assignment(models.Model):
    """One office and one proposal: until when, who does it, the draft, and where it went. A row is never deleted but by
    undoing a distribution nobody has worked on."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="assignments")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("office")
    )
    due = models.DateTimeField(_("due"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    # Why it came here, where an office handed it on.
    note = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handed_to = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The distributions that made and ended it, so that each can be undone.
    batch = models.CharField(max_length=22, blank=True)
    ended_batch = models.CharField(max_length=22, blank=True)
    # While the authors are asked the time stands still.
    paused_until = models.DateTimeField(null=True, blank=True)
    # The draft as it was typed: {field: words}. Nobody outside the office sees it.
    content = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Waiting for the second signature.
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_revision = models.PositiveIntegerField(null=True, blank=True)
    returned_note = models.CharField(max_length=500, blank=True)
    # Why a published assessment is written anew.
    correction = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # The version of the text the office has looked at last.
    seen_revision = models.PositiveIntegerField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "office"],
                condition=OPEN,
                name="proposals_assignment_once_per_office",
                violation_error_message=_("This office has this proposal already."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(done_at__isnull=True),
                name="proposals_assignment_done_waits_for_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "due"], name="proposals_assignment_queue", condition=OPEN),
            models.Index(fields=["batch"], name="proposals_assignment_batch", condition=~Q(batch="")),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} at {self.office_id}"

    def is_paused(self, at: datetime) -> bool:
        return self.paused_until is not None and at < self.paused_until

    def is_overdue(self, at: datetime) -> bool:
        return self.done_at is None and self.due is not None and self.due < at and not self.is_paused(at)


class ClarificationQuerySet(models.QuerySet["Clarification"]):
    def open(self) -> ClarificationQuerySet:
        return self.filter(answered_at__isnull=True)


class Clarification(models.Model):
    """A question of an office to the authors, and their answer: both public at once."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="clarifications")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(_("question"), max_length=600)
    language = models.CharField(max_length=5, default="de")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    due = models.DateTimeField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=2000, blank=True)
    answer_language = models.CharField(max_length=5, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # The version of the text that belongs to the answer, where the authors changed it.
    revision = models.PositiveIntegerField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due__gt=F("asked_at")), name="proposals_clarification_due_after_asking"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="proposals_clarification_answer_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due"], name="proposals_clarification_open", condition=Q(answered_at__isnull=True))
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.question[:40]}"
