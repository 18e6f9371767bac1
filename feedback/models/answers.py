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


# With these the city has only said that it is at it: they are no outcome, and they do not stop the clock.
INTERIM = ("received", "being_checked", "under_study")


class OfficialAnswerQuerySet(models.QuerySet["OfficialAnswer"]):
    def visible_to(self, person: Person | None) -> OfficialAnswerQuerySet:
        return self.filter(contribution__in=Contribution.objects.visible_to(person))

    def outcomes(self) -> OfficialAnswerQuerySet:
        return self.exclude(status__in=INTERIM)

    def newest_first(self) -> OfficialAnswerQuerySet:
        return self.select_related("office").order_by("-published_at", "-pk")


class ReasonCode(models.TextChoices):
    """Why the city answers as it does, in a few words that can be counted. Which of them fit: `codes_for`."""

    DOABLE = "doable", _("It can be done and paid for")
    CHOSEN = "chosen", _("People chose it")
    PLANNED = "planned", _("It was planned already")
    TEXT_CHANGED = "text_changed", _("The text was changed")
    NOT_CHOSEN = "not_chosen", _("It did not get enough votes")
    TOO_DEAR = "too_dear", _("Too expensive")
    LAW = "law", _("The law does not allow it")
    NOT_CITY = "not_city", _("Not for the city to decide")
    OUT_OF_SCOPE = "out_of_scope", _("Not what this process is about")
    CONFLICT = "conflict", _("It conflicts with other interests")
    LATER = "later", _("It needs more time to look into")
    OTHER = "other", _("Another reason")


# What a process needs, by the methods of its phases, gets its own codes; the rest fits everywhere.
_OF_METHODS = {
    ReasonCode.CHOSEN: "ballot",
    ReasonCode.NOT_CHOSEN: "ballot",
    ReasonCode.TEXT_CHANGED: "debate",
}


def codes_for(process: Process) -> list[ReasonCode]:
    """The codes of a kind of process: those about votes where people vote, those about a text where one is discussed."""
    methods = {phase.method for phase in process.line}
    return [code for code in ReasonCode if code not in _OF_METHODS or _OF_METHODS[code] in methods]


class SignedAs(models.TextChoices):
    """The role an answer is signed with: never a name."""

    HEAD = "head", _("Head of the office")
    OFFICIAL = "official", _("Official in charge")
    ADMIN = "admin", _("For the office: the administration")


class OfficialAnswer(models.Model):
    """What an office says to a contribution, and why. Never changed; a newer one takes its place."""

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("status of an answer", "Received")
        BEING_CHECKED = "being_checked", _("Being checked")
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
    reason_code = models.CharField(
        _("Reason in short"), max_length=12, choices=ReasonCode.choices, blank=True
    )
    reason = models.TextField(_("Reason for the public"), max_length=2000)
    link = models.URLField(_("Link to the decision"), max_length=300, blank=True)
    next_date = models.DateField(_("Next date"), null=True, blank=True)
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    signed_as = models.CharField(max_length=8, choices=SignedAs.choices, blank=True)
    # The second reader; empty where none was asked for.
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    needs_reader = models.BooleanField(default=False, db_default=False)
    # When it was due, by the clock of that moment; and the draft it came from, where it went to many at once.
    due = models.DateTimeField(null=True, blank=True)
    draft = models.ForeignKey(
        "feedback.AnswerDraft", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )

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
                condition=~Q(status__in=["received", "being_checked", "under_study"])
                | Q(next_date__isnull=False),
                name="feedback_officialanswer_open_has_date",
                violation_error_message=_("While it is being looked into, people need the next date."),
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(read_by__isnull=True) | ~Q(read_by=models.F("by")),
                name="feedback_officialanswer_two_people",
                violation_error_message=_("Somebody else has to read it: you wrote it yourself."),
            ),
            models.CheckConstraint(
                condition=Q(needs_reader=False) | Q(read_at__isnull=False),
                name="feedback_officialanswer_read_where_needed",
                violation_error_message=_("A second person has to read it before it is published."),
            ),
        ]
        indexes = [
            models.Index(fields=["contribution", "-published_at", "-id"], name="feedback_answer_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return self.contribution.get_absolute_url()

    @property
    def is_outcome(self) -> bool:
        return self.status not in INTERIM
