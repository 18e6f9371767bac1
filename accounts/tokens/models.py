"""A token opens the public interface for a program, in the name of its person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

BEGINS = "qrt_"  # so that a scan for secrets finds one that was lost
SHOWN = 10


def digest_of(secret: str) -> str:
    """256 bits of chance need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return BEGINS + secrets.token_urlsafe(32)


class TokenQuerySet(models.QuerySet["Token"]):
    def valid(self, at: datetime) -> TokenQuerySet:
        return self.filter(revoked_at__isnull=True, ends__gt=at, person__is_active=True)

    def of(self, person: object) -> TokenQuerySet:
        return self.filter(person=person, revoked_at__isnull=True).order_by("-pk")


class Token(models.Model):
    """The secret is shown once; only its digest is stored. `last_used` is a day, not a moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("What is it for?"), max_length=60)
    begins = models.CharField(max_length=SHOWN)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=12))
    made_at = models.DateTimeField()
    ends = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used = models.DateField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("made_at")), name="tokens_token_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(scopes=[]), name="tokens_token_opens_something"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="tokens_token_mine")]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"
