"""Around an answer: drafts for a second reader, the dates it is owed by, what readers say back, and the adopted text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office, Process

if TYPE_CHECKING:
    from accounts.models import Person

_PERSON = settings.AUTH_USER_MODEL


class AnswerDraft(models.Model):
    """An answer as it was typed, to one contribution or to many; nobody outside the offices sees it.

    `targets` are the contributions it goes to, fixed when it is handed in: what the second reader sees is what happens.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    # Only for a draft to one contribution.
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="answer_drafts"
    )
    targets = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # In words, whom it goes to: the name of a group, of a theme, of a filter.
    scope = models.CharField(max_length=200, blank=True)
    content = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    returned_note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(published_at__isnull=True, contribution__isnull=False),
                name="feedback_answerdraft_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["office"], name="feedback_answerdraft_open", condition=Q(published_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class ReplyDate(models.Model):
    """Until when the city owes its answers in a process, as it stood at the publication. Never changed."""

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="reply_date"
    )
    due = models.DateTimeField()
    # From so many supports on a contribution has a clock of its own: `days` from the moment it got there. 0: none.
    threshold = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=30)
    fixed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process_id}: {self.due:%Y-%m-%d}"


class ReplyClock(models.Model):
    """A contribution that found so many supporters that the city owes it an answer by a date of its own."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="reply_clock"
    )
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    threshold = models.PositiveIntegerField()
    reached_at = models.DateTimeField()
    due = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.due:%Y-%m-%d}"


class ReplyReminder(models.Model):
    """An office was reminded of what is due on a day, or its head was told that it is late. Once each."""

    class Step(models.TextChoices):
        DAYS_14 = "14", _("14 days before")
        DAYS_3 = "3", _("3 days before")
        LATE = "late", _("overdue")
        HEAD = "head", _("to the head of the office")

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    due = models.DateField()
    step = models.CharField(max_length=4, choices=Step.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "process", "due", "step"], name="feedback_replyreminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.step}"


class Helpful(models.Model):
    """Whether an answer helped somebody it was given to. One per person and answer."""

    answer = models.ForeignKey("feedback.OfficialAnswer", on_delete=models.PROTECT, related_name="helpful")
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="+")
    yes = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "person"], name="feedback_helpful_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.yes}"


class FollowUp(models.Model):
    """The one question an author may ask about an answer, and the office's reply. Both public, both said once."""

    answer = models.OneToOneField(
        "feedback.OfficialAnswer", on_delete=models.PROTECT, related_name="follow_up"
    )
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(_("question"), max_length=600)
    language = models.CharField(max_length=5, default="de")
    asked_by = models.ForeignKey(_PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    reply = models.TextField(_("reply"), max_length=2000, blank=True)
    replied_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True)
                | Q(replied_at__isnull=False, reply_de__isnull=False) & ~Q(reply_de=""),
                name="feedback_followup_reply_whole",
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True) | Q(replied_at__gte=F("asked_at")),
                name="feedback_followup_reply_after",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:40]


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Person | None) -> PlanQuerySet:
        return self.filter(published_at__isnull=False, process__in=Process.objects.visible_to(person))


class Plan(models.Model):
    """A text the city adopted after a process. Public for ever once published; a later one stands beside it."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="plans")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="plans", verbose_name=_("office")
    )
    title = models.CharField(_("title"), max_length=160)
    link = models.URLField(_("Link to the decision"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(_PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("adopted text")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:plan", args=[self.pk])


class PlanParagraph(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="paragraphs")
    order = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="feedback_planparagraph_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} § {self.order}"


class PlanSource(models.Model):
    """A contribution stands behind a paragraph."""

    paragraph = models.ForeignKey(PlanParagraph, on_delete=models.CASCADE, related_name="sources")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="landed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "contribution"], name="feedback_plansource_once")
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.paragraph_id}"


def days_between(due: datetime, at: datetime) -> int:
    """Whole days of the city from now until then; negative once it is past."""
    from feedback.models.commitments import day_of

    return (day_of(due) - day_of(at)).days
