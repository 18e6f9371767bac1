"""One row per person and event, the wishes each person has about mail, and the fan-outs that are still under way."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Follow, Process

if TYPE_CHECKING:
    from accounts.models import Person

MAIL_HOUR = time(7)
# So often a chunk may fail before it waits for somebody.
MOST_FAILURES = 5


class Kind(models.TextChoices):
    """Why somebody is told. The first that fits counts, so nobody is told twice of one event."""

    MINE = "my_contributions", _("What becomes of my contributions")
    CITY = "city_answers", _("Answers and promises of the city")
    SUPPORTED = "supported", _("What I support")
    FOLLOWED = "followed", _("What I follow")
    TOOK_PART = "took_part", _("Where I commented or may vote")
    DATA = "my_data", _("My data and my rights")
    NEWS = "newsletters", _("Newsletters of the city")


class Rhythm(models.TextChoices):
    IMMEDIATE = "immediate", pgettext_lazy("rhythm of mails", "at once")
    DAILY = "daily", pgettext_lazy("rhythm of mails", "daily")
    WEEKLY = "weekly", pgettext_lazy("rhythm of mails", "weekly")
    NONE = "none", pgettext_lazy("rhythm of mails", "never")


DEFAULTS: dict[str, str] = {
    Kind.MINE.value: Rhythm.IMMEDIATE.value,
    Kind.CITY.value: Rhythm.IMMEDIATE.value,
    Kind.SUPPORTED.value: Rhythm.WEEKLY.value,
    Kind.FOLLOWED.value: Rhythm.WEEKLY.value,
    Kind.TOOK_PART.value: Rhythm.WEEKLY.value,
    Kind.DATA.value: Rhythm.IMMEDIATE.value,
    # Nobody gets a newsletter who did not ask for it.
    Kind.NEWS.value: Rhythm.NONE.value,
}


def due_at(rhythm: str, now: datetime) -> datetime | None:
    """When the mail of an event of this moment goes out: now, tomorrow at seven, on Monday at seven, or never.

    Digests are always due strictly later than `now`: what belongs to one is complete when its time comes.
    """
    if rhythm == Rhythm.NONE:
        return None
    if rhythm == Rhythm.IMMEDIATE:
        return now
    today = timezone.localtime(now).date()
    days = 7 - today.weekday() if rhythm == Rhythm.WEEKLY else 1
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), MAIL_HOUR))


class Preference(models.Model):
    """How often a person wants mail of one kind, and since when. No row: the default of the kind."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notices_preference_once")]
        indexes = [
            models.Index(
                fields=["person"],
                name="notices_wants_news",
                condition=Q(kind="newsletters") & ~Q(rhythm="none"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.rhythm}"


class ThingRhythm(models.Model):
    """How often a person wants mail about one thing they follow: it comes before the rhythm of the kind."""

    follow = models.OneToOneField(Follow, primary_key=True, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)

    def __str__(self) -> str:
        return f"{self.follow_id}: {self.rhythm}"


class Wishes(models.Model):
    """At most so many mails in seven days (null: as many as there are), and no mail between two times of the day. No row:
    the city's own limit, and no quiet hours."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    most_a_week = models.PositiveSmallIntegerField(null=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notices_wishes_quiet_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(most_a_week__isnull=True) | Q(most_a_week__gt=0),
                name="notices_wishes_cap_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.most_a_week} {self.quiet_from}"


class Stopped(models.Model):
    """Mail to this person has been stopped, because their mailbox refuses it or they called it unwanted."""

    class Why(models.TextChoices):
        BOUNCED = "bounced", _("our mail came back")
        COMPLAINED = "complained", _("it was marked as unwanted")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    why = models.CharField(max_length=10, choices=Why.choices)
    said = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.why}"


class Mail(models.Model):
    """A mail that left, written in the transaction that says so of its notices. `identity` is the name in its Message-ID and
    in the address that bounces come back to."""

    identity = models.CharField(max_length=32)
    # Found by `notices_mail_of`.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    # What a mail of one event tells of; null for digests.
    entry_id = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()
    # It came back for good; `counts` until the person asked to try again.
    bounced_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    counts = models.BooleanField(default=True)
    complained_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity"], name="notices_mail_once")]
        indexes = [
            models.Index(fields=["person", "sent_at"], name="notices_mail_of"),
            models.Index(fields=["sent_at"], name="notices_mail_by_time"),
            models.Index(fields=["entry_id"], name="notices_mail_about", condition=Q(entry_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.sent_at:%Y-%m-%d %H:%M}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: Person) -> NoticeQuerySet:
        """This person's notices of what they may still see: what was hidden meanwhile is not spoken of again."""
        return self.filter(person=person).visible()

    def visible(self) -> NoticeQuerySet:
        """About public things, or about one's own."""
        return self.filter(
            Q(contribution__isnull=True)
            | Q(contribution__is_public=True)
            | Q(contribution__author_id=models.F("person_id"), contribution__erased_at__isnull=True)
        ).filter(Q(process__isnull=True) | Q(process__published_at__isnull=False))

    def of_use(self, at: datetime) -> NoticeQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=at))

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> NoticeQuerySet:
        """Still to be mailed, now or later."""
        return self.filter(sent_at__isnull=True, due_at__isnull=False)

    def with_things(self) -> NoticeQuerySet:
        return self.select_related("process", "contribution__proposal")


class Notice(models.Model):
    """One event, told to one person. In the inbox at once; by mail at the rhythm that held when it happened.

    Mail: `due_at` says when (null: never), `claimed_at` and `attempts` are written before anything leaves the house,
    `sent_at` after it left (sending.py says what that guarantees).

    What it points at exists: triggers ask for it once a statement, not foreign keys once a row (migration 0007), since a
    fan-out writes thousands about one thing.
    """

    # Found by `notices_notice_once`, which begins with the person and goes on in the order of events: the inbox reads it
    # backwards. Every further index is written once a notice, and costs more than what a notice says.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        db_constraint=False,
        db_index=False,
    )
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    verb = models.CharField(max_length=60)
    process = models.ForeignKey(
        Process, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    contribution = models.ForeignKey(
        Contribution, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    subject_label = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # Of no use after this moment: then the row goes.
    until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    # Decided when it is told, and again when mail is about to leave: quiet hours and a full week move it.
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    due_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "entry_id"], name="notices_notice_once"),
        ]
        indexes = [
            models.Index(fields=["person"], name="notices_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["due_at", "id"],
                name="notices_waiting",
                condition=Q(sent_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(
                fields=["entry_id"],
                name="notices_of_newsletter",
                condition=Q(kind="newsletters"),
            ),
            models.Index(fields=["until"], name="notices_until", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.verb}"


class Device(models.Model):
    """A browser that shows messages of ours: the address its push service gave it, and the keys only it can read with."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    # Of which kinds it tells; whatever the rhythm of the mails.
    kinds = ArrayField(models.CharField(max_length=20, choices=Kind.choices))
    name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.name}"

    @property
    def kinds_shown(self) -> list[str]:
        return [str(Kind(kind).label) for kind in self.kinds]


class Push(models.Model):
    """One notice on its way to one device. The row goes when a push service took it, or when it is of no use any more."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pushes")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "notice"], name="notices_push_once"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="notices_push_waiting")]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.notice_id}"


class FanOutQuerySet(models.QuerySet["FanOut"]):
    def ready(self, at: datetime) -> FanOutQuerySet:
        """Can go on now."""
        return self.filter(failures__lt=MOST_FAILURES).filter(
            Q(wait_until__isnull=True) | Q(wait_until__lte=at)
        )


class FanOut(models.Model):
    """An event whose people are still being told, in chunks by key. The row goes when everybody has been."""

    entry_id = models.BigIntegerField(primary_key=True)
    verb = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, null=True, on_delete=models.CASCADE, related_name="+")
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    last_person = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    # A chunk that failed is tried again later; after some tries somebody has to look.
    failures = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)

    objects = FanOutQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.entry_id} {self.verb}"


class Newsletter(models.Model):
    """What the city writes to those who asked for news. Sending it is an event as any other: a journal entry, a fan-out,
    a notice for each; here it waits for its moment."""

    class Audience(models.TextChoices):
        ALL = "all", _("everybody who allowed news")
        PROCESS = "process", _("people who took part in a process")

    audience = models.CharField(_("to whom"), max_length=10, choices=Audience.choices, default=Audience.ALL)
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("process")
    )
    subject_de = models.CharField(_("subject, in German"), max_length=120)
    subject_en = models.CharField(_("subject, in English"), max_length=120)
    text_de = models.TextField(_("text, in German"), max_length=6000)
    text_en = models.TextField(_("text, in English"), max_length=6000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(_("send at"), null=True)
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # The journal entry that told of it; what became of the mails is read from its notices.
    entry_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="process", process__isnull=False)
                | Q(process__isnull=True) & ~Q(audience="process"),
                name="notices_newsletter_process_of_audience",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, entry_id__isnull=True)
                | Q(sent_at__isnull=False, entry_id__isnull=False, cancelled_at__isnull=True),
                name="notices_newsletter_sent_or_cancelled",
            ),
        ]
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        return self.subject_en if get_language() == "en" else self.subject_de

    @property
    def text(self) -> str:
        return self.text_en if get_language() == "en" else self.text_de

    @property
    def may_change(self) -> bool:
        return self.sent_at is None and self.cancelled_at is None and self.send_at is None
