"""Suggested changes: the passage and the other wording, what was decided, and what supporters said when they were asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Contribution, Process
from proposals.models import Proposal, Revision, Support

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST = 10_000
LONGEST_REASON = 1_500


class TextField(models.TextChoices):
    """The parts of a proposal's text."""

    TITLE = "title", pgettext_lazy("part of a proposal", "Title")
    SUMMARY = "summary", _("In one sentence")
    BODY = "body", pgettext_lazy("part of a proposal", "Text")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, person: Person | None) -> AmendmentQuerySet:
        """Starts from the contributions' rule: whoever may see the suggestion and the proposal it is for."""
        seen = Contribution.objects.visible_to(person).values("pk")
        return self.filter(contribution__in=seen, proposal__in=seen)

    def public(self) -> AmendmentQuerySet:
        """What anybody sees: for counts, panels and the life record."""
        return self.filter(is_public=True, proposal__is_public=True, process__published_at__isnull=False)

    def with_people(self) -> AmendmentQuerySet:
        return self.select_related("contribution__author", "decision__by", "poll")

    def with_opinions(self, person: Person | None = None) -> AmendmentQuerySet:
        """With what the supporters said, and what this person said and may say: in the same query."""
        said = Opinion.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
        numbers = {value: Count("pk", filter=Q(value=value)) for value in Opinion.Value.values}
        counted = Subquery(said.annotate(row=JSONObject(**numbers)).values("row"))
        if person is None:
            return self.annotate(opinions=counted, supports_it=Value(False), my_opinion=Value(""))
        mine = Opinion.objects.filter(poll=OuterRef("pk"), person=person).values("value")
        supports = Exists(Support.objects.filter(proposal=OuterRef("proposal"), person=person))
        return self.annotate(opinions=counted, supports_it=supports, my_opinion=Subquery(mine[:1]))

    def undecided(self) -> AmendmentQuerySet:
        return self.filter(decision__isnull=True)

    def decided(self) -> AmendmentQuerySet:
        return self.filter(decision__isnull=False)


class Amendment(models.Model):
    """Another wording for one passage of a proposal. Never changed once it is published; its author may take it back."""

    contribution = models.OneToOneField(
        Contribution,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="amendment",
        db_constraint=False,
    )
    # Copies of the contribution's columns under one composite foreign key (migration 0002): lists need no join.
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="amendments")
    is_public = models.BooleanField(default=False, editable=False)
    receipt = models.CharField(max_length=16, unique=True, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="amendments")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="amendments")
    field = models.CharField(max_length=7, choices=TextField.choices)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    old = models.TextField(max_length=LONGEST)
    new = models.TextField(
        _("your wording"), max_length=LONGEST, blank=True, validators=[MaxLengthValidator(LONGEST)]
    )
    reason = models.TextField(
        _("reason"), max_length=LONGEST_REASON, validators=[MaxLengthValidator(LONGEST_REASON)]
    )
    # They agreed to be named among the contributors where this is accepted.
    named = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )

    # What `with_opinions` adds.
    opinions: dict[str, int] | None
    supports_it: bool
    my_opinion: str | None

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested change")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="amendments_amendment_passage_is_something"
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="amendments_amendment_changes_something"),
        ]
        indexes = [
            models.Index(
                fields=["proposal", "-contribution"],
                name="amendments_of_proposal",
                condition=Q(is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("amendments:amendment", args=[self.receipt])

    @property
    def verdict(self) -> Decision | None:
        """What was decided; None while it is open. No query where it was fetched with it."""
        return getattr(self, "decision", None)

    @property
    def asked(self) -> Poll | None:
        return getattr(self, "poll", None)

    def state(self, at: datetime) -> str:
        """ "open", "asking" (the supporters answer now), "answered" (they did), or the outcome of the decision."""
        if self.verdict is not None:
            return str(self.verdict.outcome)
        if self.asked is None:
            return "open"
        return "asking" if self.asked.is_open(at) else "answered"

    @property
    def is_named(self) -> bool:
        return self.named and self.contribution.author is not None


class Decision(models.Model):
    """What became of a suggested change: one row, ever."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("suggested change", "Accepted")
        REWORDED = "reworded", pgettext_lazy("suggested change", "Accepted with another wording")
        DECLINED = "declined", pgettext_lazy("suggested change", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("suggested change", "Withdrawn")
        REPLACED = "replaced", pgettext_lazy("suggested change", "Replaced by a new suggestion")

    amendment = models.OneToOneField(
        Amendment, primary_key=True, on_delete=models.CASCADE, related_name="decision"
    )
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(_("reason for everyone"), max_length=LONGEST_REASON, blank=True)
    # What was put in its place, where that is not what was suggested.
    wording = models.TextField(max_length=LONGEST, blank=True)
    revision = models.OneToOneField(
        Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="decision_on_amendment"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=("accepted", "reworded"), revision__isnull=False)
                | Q(outcome__in=("declined", "withdrawn", "replaced"), revision__isnull=True),
                name="amendments_decision_accepting_makes_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(reason=""),
                name="amendments_decision_declining_has_a_reason",
                violation_error_message=_("Please give a reason. It is public."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id}: {self.outcome}"

    @property
    def is_accepted(self) -> bool:
        return self.outcome in (self.Outcome.ACCEPTED, self.Outcome.REWORDED)


class Poll(models.Model):
    """The writers want to hear the supporters before they decide, until `ends`. It binds nobody."""

    amendment = models.OneToOneField(
        Amendment, primary_key=True, on_delete=models.CASCADE, related_name="poll"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("at")), name="amendments_poll_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} until {self.ends}"

    def is_open(self, at: datetime) -> bool:
        return self.at <= at < self.ends


class Opinion(models.Model):
    """What one supporter of the proposal says to one suggested change, once."""

    class Value(models.TextChoices):
        YES = "yes", pgettext_lazy("opinion", "Yes")
        NO = "no", pgettext_lazy("opinion", "No")
        NONE = "none", _("No opinion")

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="opinion_rows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=4, choices=Value.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "person"],
                name="amendments_opinion_once_per_person",
                violation_error_message=_("You have answered already."),
            ),
            models.CheckConstraint(
                condition=Q(value__in=("yes", "no", "none")), name="amendments_opinion_is_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.poll_id}"
