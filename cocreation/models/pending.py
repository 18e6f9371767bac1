"""Acts that wait for an identity: nothing a person wrote is lost at the log-in."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from cocreation.models.processes import Process

if TYPE_CHECKING:
    from accounts.models import Person


def new_token() -> str:
    return secrets.token_urlsafe(24)


class PendingActQuerySet(models.QuerySet["PendingAct"]):
    def waiting(self, at: datetime) -> PendingActQuerySet:
        return self.filter(completed_at__isnull=True, given_up_at__isnull=True, expires_at__gt=at)

    def of(self, person: Person) -> PendingActQuerySet:
        return self.filter(person=person)


class PendingAct(models.Model):
    """Of a visitor: kept for 48 hours; the token in the address is the only key to it.

    Of somebody who is signed in and lacks a confirmation (an address, an age): theirs alone, kept for 30 days, and done
    by itself as soon as the confirmation is there. A note of what came of it stays for a week.
    """

    token = models.CharField(max_length=40, primary_key=True, default=new_token)
    act = models.SlugField(max_length=40)
    process = models.ForeignKey(Process, null=True, on_delete=models.CASCADE, related_name="+")
    payload = models.JSONField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="pending_acts"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    result_url = models.CharField(max_length=300, blank=True)
    # Why it does not count yet and what would help, in the words the person read then.
    refusal = models.CharField(max_length=500, blank=True)
    next_step = models.CharField(max_length=120, blank=True)
    next_url = models.CharField(max_length=300, blank=True)
    # It turned out that it cannot be done: `refusal` says why.
    given_up_at = models.DateTimeField(null=True)

    objects = PendingActQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="cocreation_pending_expiry")]

    def __str__(self) -> str:
        return self.act
