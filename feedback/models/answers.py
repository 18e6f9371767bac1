"""What the city says to a contribution. Nothing public is changed or deleted; the newest answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Contribution, Office, Process

if TYPE_CHECKING:
    from accounts.models import Person


class OfficialAnswerQuerySet(models.QuerySet["OfficialAnswer"]):
    def visible_to(self, person: Person | None) -> OfficialAnswerQuerySet:
        return self.filter(contribution__in=Contribution.objects.visible_to(person))

    def newest_first(self) -> OfficialAnswerQuerySet:
        return self.select_related("office").order_by("-published_at", "-pk")


class OfficialAnswer(models.Model):
    """What an office says to a contribution, and why. Never changed; a newer one takes its place."""

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("status of an answer", "Received")
        UNDER_STUDY = "under_study", _("Being looked into")
        ACCEPTED = "accepted", _("Accepted")
        PARTLY_ACCEPTED = "partly_accepted", _("Partly accepted")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")
        IN_PROGRESS = "in_progress", pgettext_lazy("status of an answer", "Under way")
        DONE = "done", pgettext_lazy("status of an answer", "Done")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="answers")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="answers")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="answers", verbose_name=_("office")
    )
    status = models.CharField(_("What does the city say?"), max_length=16, choices=Status.choices)
    reason = models.TextField(_("Reason for the public"), max_length=2000)
    link = models.URLField(_("Link to more"), max_length=300, blank=True)
    next_date = models.DateField(_("Next date"), null=True, blank=True)
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfficialAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("official answer")
        constraints = [
            models.CheckConstraint(
                condition=Q(reason_de__isnull=False) & ~Q(reason_de=""),
                name="feedback_officialanswer_has_reason",
                violation_error_message=_("An answer needs a reason in German."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received", "under_study"]) | Q(next_date__isnull=False),
                name="feedback_officialanswer_open_has_date",
                violation_error_message=_("While it is being looked into, people need the next date."),
            ),
        ]
        indexes = [
            models.Index(fields=["contribution", "-published_at", "-id"], name="feedback_answer_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return self.contribution.get_absolute_url()
