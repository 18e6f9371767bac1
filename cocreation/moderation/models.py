"""Rules, reports, cases, decisions and appeals: moderation that gives its reasons and can be wrong in public."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Hiding, Process

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.roles import Scope

LONGEST_WORDS = 1_000
LONGEST_REASON = 500
TO_UNDO = timedelta(minutes=10)


def _token() -> str:
    return secrets.token_urlsafe(18)


class Rule(models.Model):
    """A house rule of one process, in plain words. A process without rows has the standard set (standard.py)."""

    class About(models.TextChoices):
        ALL = "", _("Everything")
        PROPOSALS = "proposal", _("Proposals")
        COMMENTS = "comment", _("Comments")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="house_rules")
    slug = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    text = models.CharField(_("one sentence"), max_length=300)
    about = models.CharField(_("for"), max_length=20, choices=About.choices, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "slug"], name="moderation_rule_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.slug}"


class Watch(models.Model):
    """What a process watches for when something is published. No row: nothing waits, the usual limits hold."""

    class Links(models.TextChoices):
        FREE = "free", _("Links are fine")
        MARK = "mark", _("Note it for moderation")
        WAIT = "wait", _("It waits for approval")

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="watched_for"
    )
    first_posts_wait = models.BooleanField(_("First posts of new people wait for approval"), default=False)
    words = models.TextField(
        _("Words to look for"), max_length=5_000, blank=True, help_text=_("One word or phrase a line.")
    )
    words_wait = models.BooleanField(_("What holds one of these words waits for approval"), default=False)
    links = models.CharField(
        _("What happens when there are more links?"), max_length=4, choices=Links.choices, default=Links.MARK
    )
    most_links = models.PositiveSmallIntegerField(
        _("So many links are fine"), default=2, validators=[MaxValueValidator(50)]
    )
    comments_an_hour = models.PositiveSmallIntegerField(
        _("Comments per person and hour"), default=20, validators=[MinValueValidator(1)]
    )
    proposals_a_day = models.PositiveSmallIntegerField(
        _("Proposals per person and day"), default=5, validators=[MinValueValidator(1)]
    )

    def __str__(self) -> str:
        return f"{self.process_id} watched"

    @property
    def phrases(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]


class Fingerprint(models.Model):
    """What a text looks like, for one day: to see the same words coming from many hands."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="fingerprint"
    )
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=32)
    length = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["process", "-at"], name="moderation_recent_prints")]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.digest[:8]}"


class CaseQuerySet(models.QuerySet["Case"]):
    def within(self, where: Scope) -> CaseQuerySet:
        return self.filter(where.narrow("process__")) if where else self.none()

    def waiting(self) -> CaseQuerySet:
        """What somebody has to look at now."""
        return self.filter(state=Case.State.OPEN)


class Case(models.Model):
    """All that is known against one contribution, until somebody has decided. One at a time."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a case", "to decide")
        AUTHOR = "author", _("waits for its author")
        CLOSED = "closed", pgettext_lazy("state of a case", "decided")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="cases")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="moderation_cases")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Points without age, and what the queue sorts by: both as weighing.py works them out.
    weight = models.FloatField(default=0)
    rank = models.FloatField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"], condition=~Q(state="closed"), name="moderation_case_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="moderation_case_closed_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["-rank", "-id"], name="moderation_queue", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:case", args=[self.pk])


class Mark(models.Model):
    """Something a machine noticed. It never hides anything; it says "look here"."""

    class Kind(models.TextChoices):
        WORDS = "words", _("a word of the list")
        LINKS = "links", _("many links")
        WAVE = "wave", _("the same text from many")
        FIRST = "first", _("first post of somebody new")
        RETURNED = "returned", _("changed by its author")
        REOPENED = "reopened", _("decision taken back")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    n = models.PositiveIntegerField(default=1)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="moderation_mark_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind}"


class Report(models.Model):
    """Somebody says that a contribution breaks a rule. It hides nothing; it gets an answer."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="reports")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    token = models.CharField(max_length=40, unique=True, default=_token, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    rule = models.SlugField(max_length=40)
    words = models.TextField(_("What is wrong?"), max_length=LONGEST_WORDS)
    language = models.CharField(max_length=5, default="de")
    at = models.DateTimeField()
    # What came of it: null while nobody has decided.
    upheld = models.BooleanField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "by"],
                condition=Q(by__isnull=False),
                name="moderation_report_once_per_person",
                violation_error_message=_("You have reported this already."),
            ),
            models.UniqueConstraint(
                fields=["contribution", "email"],
                condition=~Q(email=""),
                name="moderation_report_once_per_address",
                violation_error_message=_("You have reported this already."),
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="moderation_reports_of")]

    def __str__(self) -> str:
        return f"report on {self.contribution_id}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:reported", args=[self.token])


class Claim(models.Model):
    """A moderator looks at a case, for half an hour; nobody else decides it meanwhile without taking it over."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="claims")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why somebody took it over, in a word.
    word = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="moderation_claim_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} claimed"


class Note(models.Model):
    """What moderators tell each other about a case. Nobody else reads it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(_("note"), max_length=LONGEST_REASON)

    def __str__(self) -> str:
        return f"note on {self.case_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> DecisionQuerySet:
        return self.filter(undone_at__isnull=True)

    def restricting(self) -> DecisionQuerySet:
        return self.exclude(outcome=Decision.Outcome.FINE)

    def public(self) -> DecisionQuerySet:
        """What the public log shows: decisions in processes everybody sees."""
        return self.filter(process__published_at__isnull=False, process__gt=0)


class Decision(models.Model):
    """What was decided about a case, with its reasons: the statement its author reads, and a line of the public log."""

    class Outcome(models.TextChoices):
        FINE = "fine", _("Nothing wrong")
        HIDE = "hide", _("Taken off the pages")
        CHANGE = "change", _("A change was asked for")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="decisions")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="moderation_decisions")
    kind = models.SlugField(max_length=20)
    token = models.CharField(max_length=40, unique=True, default=_token, editable=False)
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    # The rule as it read then: {"slug": …, "name": {"de": …, "en": …}, "text": {…}}; empty where nothing was wrong.
    rule = models.JSONField(default=dict, blank=True)
    fact = models.CharField(_("fact"), max_length=LONGEST_REASON, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    automated = models.BooleanField(default=False)
    at = models.DateTimeField()
    took = models.DurationField()
    appeal_until = models.DateTimeField()
    batch = models.UUIDField(default=uuid4, editable=False)
    hiding = models.OneToOneField(
        Hiding, null=True, blank=True, on_delete=models.SET_NULL, related_name="decision"
    )
    # It waited before the decision: an undone one lets it wait again.
    was_held = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_why = models.CharField(max_length=LONGEST_REASON, blank=True)
    # A change was made and looked at, or the contribution was taken back by its author: nothing is restricted any more.
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="fine") | (~Q(rule={}) & ~Q(fact="") & ~Q(reason="")),
                name="moderation_decision_restricting_has_reasons",
                violation_error_message=_("A decision that restricts needs a rule, a fact and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(appeal_until__gt=F("at")), name="moderation_decision_can_be_appealed"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="moderation_log"),
            models.Index(fields=["process", "-at", "-id"], name="moderation_log_of"),
            models.Index(fields=["batch"], name="moderation_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.outcome}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:statement", args=[self.token])

    @property
    def restricts(self) -> bool:
        return self.outcome != self.Outcome.FINE

    @property
    def rule_name(self) -> str:
        return _here(self.rule.get("name", {}))

    @property
    def rule_text(self) -> str:
        return _here(self.rule.get("text", {}))

    def may_undo_quickly(self, person: Person | None, at: datetime) -> bool:
        """One click, by whoever decided, for ten minutes."""
        return person is not None and self.by_id == person.pk and at < self.at + TO_UNDO


def _here(words: dict[str, Any]) -> str:
    """The words in the reader's language, else in the other."""
    return str(words.get(get_language() or "de") or words.get("de") or words.get("en") or "")


class Appeal(models.Model):
    """Somebody disagrees. Somebody else than the first decider looks again: the database refuses anything else."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The decision stands")
        REVERSED = "reversed", _("The decision was reversed")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="appeals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="appeals"
    )
    words = models.TextField(_("Why is the decision wrong?"), max_length=2_000)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "by"], condition=Q(by__isnull=False), name="moderation_appeal_once"
            ),
            models.UniqueConstraint(
                fields=["decision", "report"],
                condition=Q(report__isnull=False),
                name="moderation_appeal_once_per_report",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (Q(outcome__in=["upheld", "reversed"], decided_at__isnull=False) & ~Q(reason="")),
                name="moderation_appeal_outcome_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="moderation_appeals", condition=Q(decided_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"appeal against {self.decision_id}"
