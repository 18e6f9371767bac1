"""What a write has answered, so that the same write sent again changes nothing and reads the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The answer to one idempotency key of one person: made in the transaction of the write, forgotten after a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    # SHA-256 of method, address and body: the same key for something else is refused.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="webapi_answer_once")]
        indexes = [models.Index(fields=["at"], name="webapi_answer_age")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
