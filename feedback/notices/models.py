"""One row per person and event, the rhythm each person chose, and the fan-outs that are still under way."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Contribution, Process

if TYPE_CHECKING:
    from accounts.models import Person

MAIL_HOUR = time(7)


class Kind(models.TextChoices):
    """Why somebody is told. The first that fits counts, so nobody is told twice of one event."""

    MINE = "my_contributions", _("What becomes of my contributions")
    CITY = "city_answers", _("Answers and promises of the city")
    SUPPORTED = "supported", _("What I support")
    FOLLOWED = "followed", _("What I follow")


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
    """How often a person wants mail of one kind. No row: the default of the kind."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notices_preference_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.rhythm}"


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
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    verb = models.CharField(max_length=60)
    process = models.ForeignKey(Process, null=True, on_delete=models.CASCADE, related_name="+")
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    subject_label = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # Of no use after this moment: then the row goes.
    until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
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
            models.Index(fields=["person", "-created_at", "-id"], name="notices_inbox"),
            models.Index(fields=["person"], name="notices_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["due_at", "id"],
                name="notices_waiting",
                condition=Q(sent_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(fields=["until"], name="notices_until", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.verb}"


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

    def __str__(self) -> str:
        return f"{self.entry_id} {self.verb}"
