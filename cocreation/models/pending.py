"""Acts that wait for an identity: nothing a person wrote is lost at the log-in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models

from cocreation.models.processes import Process


def new_token() -> str:
    return secrets.token_urlsafe(24)


class PendingActQuerySet(models.QuerySet["PendingAct"]):
    def waiting(self, at: datetime) -> PendingActQuerySet:
        return self.filter(completed_at__isnull=True, expires_at__gt=at)


class PendingAct(models.Model):
    """Kept on the server for 48 hours; the token in the address is the only key to it."""

    token = models.CharField(max_length=40, primary_key=True, default=new_token)
    act = models.SlugField(max_length=40)
    process = models.ForeignKey(Process, null=True, on_delete=models.CASCADE, related_name="+")
    payload = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    result_url = models.CharField(max_length=300, blank=True)
    # Why the completion after the log-in was refused, in the words the person read then.
    refusal = models.CharField(max_length=500, blank=True)

    objects = PendingActQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="cocreation_pending_expiry")]

    def __str__(self) -> str:
        return self.act
