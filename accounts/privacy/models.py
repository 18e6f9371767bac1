"""What people ask for about their own data: a copy, and being forgotten."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExportQuerySet(models.QuerySet["Export"]):
    def standing(self, at: datetime) -> ExportQuerySet:
        """Being made, or ready to be fetched."""
        return self.filter(over_at__isnull=True).exclude(expires_at__lte=at)

    def unmade(self) -> ExportQuerySet:
        return self.filter(over_at__isnull=True, ready_at__isnull=True)


class Export(models.Model):
    """Everything about one person as one private file, to be fetched once by themselves. How far it is stands in its job."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # Fetched, expired or failed.
    over_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of my data")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(over_at__isnull=True), name="privacy_export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True) | Q(expires_at__isnull=False),
                name="privacy_export_ready_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def open(self) -> ErasureQuerySet:
        return self.filter(done_at__isnull=True)


class Erasure(models.Model):
    """Somebody is forgotten. `person_key` and `mark` name them without saying who they were; what the job needs to look for
    (`needles`) and to wipe (`things`) goes as soon as it is done. `found` counts what stayed, by column."""

    class Way(models.TextChoices):
        ANONYMISE = "anonymise", _("Keep what I wrote, without my name")
        REMOVE = "remove", _("Remove what I wrote as well")

    person_key = models.BigIntegerField()
    mark = models.CharField(max_length=64)
    way = models.CharField(max_length=10, choices=Way.choices)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    needles = models.JSONField(default=list)
    things = ArrayField(models.BigIntegerField(), default=list)
    found = models.JSONField(default=dict)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(needles=[], things=[]),
                name="privacy_erasure_done_knows_nothing",
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


# --- what people can read, and what they agreed to ---


class NoticeVersion(models.Model):
    """One wording of the privacy notice, for good: the database refuses to change or delete it. `easy` is the same in easy
    words, `changed` what is new since the one before."""

    number = models.PositiveIntegerField(unique=True)
    text_de = models.TextField(_("text in German"), max_length=20_000)
    text_en = models.TextField(_("text in English"), max_length=20_000)
    easy_de = models.TextField(_("in easy words, German"), max_length=8_000)
    easy_en = models.TextField(_("in easy words, English"), max_length=8_000)
    changed_de = models.TextField(_("what is new, in German"), max_length=600, blank=True)
    changed_en = models.TextField(_("what is new, in English"), max_length=600, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )

    class Meta:
        verbose_name = _("privacy notice")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__lte=1) | ~Q(changed_de="") & ~Q(changed_en=""),
                name="privacy_noticeversion_says_what_is_new",
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.number}"

    def text(self, language: str) -> str:
        return self.text_de if language == "de" else self.text_en

    def easy(self, language: str) -> str:
        return self.easy_de if language == "de" else self.easy_en

    def changed(self, language: str) -> str:
        return self.changed_de if language == "de" else self.changed_en


class NoticeReview(models.Model):
    """Somebody of the city read the notice beside what the city does, and it is right. Kept like the versions."""

    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        verbose_name = _("review of the privacy notice")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"review of notice {self.version}"


class ConsentText(models.Model):
    """The very words somebody agreed to, by their fingerprint. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    text = models.TextField()

    class Meta:
        verbose_name = _("wording of a consent")

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> ConsentQuerySet:
        """Given and not taken back since: the newest word of each person on each purpose and thing, where it is a yes."""
        later = Consent.objects.filter(
            person=models.OuterRef("person"),
            purpose=models.OuterRef("purpose"),
            thing=models.OuterRef("thing"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(is_given=True).exclude(models.Exists(later))


class Consent(models.Model):
    """One line of the ledger: a yes, or that it was taken back. Lines are added and never changed or deleted.

    `thing` tells several of one purpose apart (a device, a task); "" where there is only one.
    """

    class Channel(models.TextChoices):
        PAGE = "page", _("on the page")
        MAIL = "mail", _("by a link in a mail")
        PROGRAM = "program", _("by a program")
        CODE = "code", _("with a code from a mail")
        CLOSED = "closed", _("by closing the account")
        IMPORTED = "imported", _("from before this list began")
        ENDED = "ended", _("because it is over")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="consents", db_index=False
    )
    purpose = models.CharField(max_length=40)
    thing = models.CharField(max_length=60, blank=True)
    is_given = models.BooleanField()
    text = models.ForeignKey(ConsentText, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "purpose", "thing", "-id"], name="privacy_consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_given=False) | Q(text__isnull=False), name="privacy_consent_says_to_what"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {'yes' if self.is_given else 'no'}"


# --- what they ask of the city ---


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> RequestQuerySet:
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)


class Request(models.Model):
    """Somebody uses a right of theirs, or asks for a table that is not open. The clock runs from the day it was filed."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("I want to know more than my copy says")
        CORRECTION = "correction", _("Something is wrong")
        RESTRICTION = "restriction", _("Use my data no further for now")
        OBJECTION = "objection", _("I object to something you do")
        DATASET = "dataset", _("I ask for a table that is not open")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        PARTLY = "partly", _("granted in part")
        REFUSED = "refused", _("refused")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="privacy_requests"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # The activity objected to, or the table asked for.
    about = models.CharField(max_length=80, blank=True)
    words = models.TextField(_("in your words"), max_length=4000)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Art. 12(3): two months more at most, said with reasons within the first one.
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_why = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about data")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="privacy_request_open",
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="", answer="")
                | Q(answered_at__isnull=False) & ~Q(outcome="") & ~Q(answer=""),
                name="privacy_request_answer_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True, extended_why="")
                | Q(extended_at__isnull=False) & ~Q(extended_why=""),
                name="privacy_request_more_time_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="privacy_request_answered_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("asked_at")), name="privacy_request_clock_runs"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="restriction", answered_at__isnull=True, withdrawn_at__isnull=True),
                name="privacy_request_one_restriction",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None


# --- when something went wrong ---


class BreachQuerySet(models.QuerySet["Breach"]):
    def clock_runs(self) -> BreachQuerySet:
        """The authority may have to be told and has not been."""
        return self.filter(told_authority_at__isnull=True).exclude(risk="none")


class Breach(models.Model):
    """Data were lost, seen or changed by somebody they were not for (Art. 33 GDPR). The clock of 72 hours runs from the moment
    the city knew. Written without names: whom it concerns stands where the data stand."""

    class Risk(models.TextChoices):
        UNKNOWN = "unknown", _("not known yet")
        NONE = "none", _("no risk for people")
        RISK = "risk", _("a risk: the authority is told")
        HIGH = "high", _("a high risk: the people are told, too")

    is_rehearsal = models.BooleanField(default=False)
    known_at = models.DateTimeField()
    due_at = models.DateTimeField()
    what = models.TextField(_("what happened"), max_length=4000)
    people = models.TextField(_("whose data, and about how many people"), max_length=2000)
    effects = models.TextField(_("what it may lead to"), max_length=2000, blank=True)
    measures = models.TextField(_("what was done"), max_length=4000, blank=True)
    risk = models.CharField(max_length=10, choices=Risk.choices, default=Risk.UNKNOWN)
    why_no_risk = models.TextField(_("why there is no risk"), max_length=2000, blank=True)
    told_authority_at = models.DateTimeField(null=True, blank=True)
    why_late = models.TextField(_("why later than 72 hours"), max_length=2000, blank=True)
    told_people_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("data breach")
        ordering = ["-known_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(risk="none") | ~Q(why_no_risk=""), name="privacy_breach_no_risk_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(told_authority_at__isnull=True)
                | Q(told_authority_at__lte=models.F("due_at"))
                | ~Q(why_late=""),
                name="privacy_breach_late_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(risk="none")
                | Q(risk="risk", told_authority_at__isnull=False)
                | Q(risk="high", told_authority_at__isnull=False, told_people_at__isnull=False),
                name="privacy_breach_closed_is_told",
            ),
            models.CheckConstraint(
                condition=Q(known_at__lte=models.F("noted_at")), name="privacy_breach_known_before_noted"
            ),
        ]

    def __str__(self) -> str:
        return f"breach {self.pk}"
