"""A text that several people write at once: the next version of a published proposal, before it is one."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal

OPEN = Q(published_at__isnull=True, discarded_at__isnull=True)


def new_key() -> str:
    return secrets.token_urlsafe(12)


class SharedDraftQuerySet(models.QuerySet["SharedDraft"]):
    def open(self) -> SharedDraftQuerySet:
        return self.filter(OPEN)

    def discarded(self) -> SharedDraftQuerySet:
        """Those that may be brought back, until they are swept away."""
        return self.filter(discarded_at__isnull=False)


class SharedDraft(models.Model):
    """What is written together. Its words are a Yjs document with three texts: title, summary and body.

    `snapshot` and the updates that followed it are the document; both are plain Yjs updates. `origin` is the document at
    the moment its words were those of version `base`: what the others published meanwhile is carried over from there.
    """

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="shared_drafts")
    base = models.PositiveIntegerField()
    origin = models.BinaryField()
    snapshot = models.BinaryField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_as = models.PositiveIntegerField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SharedDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=OPEN,
                name="cowriting_one_open_draft",
                violation_error_message=_("There is a shared draft already."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(discarded_at__isnull=True),
                name="cowriting_draft_one_end",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_as__isnull=True)
                | Q(published_at__isnull=False, published_as__isnull=False),
                name="cowriting_draft_published_as_a_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["discarded_at"], name="cowriting_discarded", condition=Q(discarded_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.key}"

    @property
    def is_open(self) -> bool:
        return self.published_at is None and self.discarded_at is None


class DraftUpdate(models.Model):
    """One change as it came in. Only added; compaction puts many into the snapshot and removes exactly those."""

    draft = models.ForeignKey(SharedDraft, on_delete=models.CASCADE, related_name="updates")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    data = models.BinaryField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["draft", "id"], name="cowriting_updates")]

    def __str__(self) -> str:
        return f"{self.draft_id} · {self.pk}"
