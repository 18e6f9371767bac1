"""Pictures and documents beside a contribution, or waiting for one."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.file_types import widths_of
from cocreation.models.contributions import Contribution

if TYPE_CHECKING:
    from accounts.models import Person


def new_key() -> str:
    return secrets.token_urlsafe(16)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person | None, *, draft: str = "") -> AttachmentQuerySet:
        """What stands beside a contribution this person may see; what waits is its uploader's, or of whoever holds the
        token of the draft. Of what was erased nothing is left, not for its author either."""
        waiting = Q(contribution__isnull=True)
        mine = Q(draft=draft) & waiting if draft else Q(pk__in=[])
        if person is not None and person.is_authenticated:
            mine |= waiting & Q(uploaded_by=person)
        seen = Contribution.objects.visible_to(person).filter(erased_at__isnull=True)
        return self.filter(Q(contribution__in=seen) | mine)

    def of_draft(self, draft: str) -> AttachmentQuerySet:
        return self.filter(contribution__isnull=True, draft=draft) if draft else self.none()

    def images(self) -> AttachmentQuerySet:
        return self.filter(kind=Attachment.Kind.IMAGE)


class Attachment(models.Model):
    """One file of a contribution. Its bytes lie in the media store under `stored`, a name that says nothing.

    Uploaded before there is a contribution it waits under the token of its draft, until `expires_at`.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        DOCUMENT = "document", _("document")

    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    draft = models.CharField(max_length=40, blank=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # "webp" of pictures, "pdf", "odt", … of documents.
    type = models.SlugField(max_length=8)
    name = models.CharField(max_length=100)
    alt = models.CharField(_("what can be seen"), max_length=250, blank=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=60, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    expires_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True, blank=True
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="cocreation_attachment_belongs_or_waits",
                condition=Q(contribution__isnull=False, draft="", expires_at__isnull=True)
                | Q(contribution__isnull=True, expires_at__isnull=False) & ~Q(draft=""),
            ),
            models.CheckConstraint(
                name="cocreation_attachment_pictures_are_described",
                condition=Q(kind="document") | Q(contribution__isnull=True) | ~Q(alt=""),
            ),
            models.CheckConstraint(
                name="cocreation_attachment_pictures_have_a_size",
                condition=Q(kind="document") | Q(width__isnull=False, height__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["contribution", "order", "id"], name="cocreation_attachment_of"),
            models.Index(
                fields=["draft"], name="cocreation_attachment_draft", condition=Q(contribution__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cocreation:file", args=[self.key])

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def widths(self) -> list[int]:
        return widths_of(self.width) if self.is_image and self.width else []

    def paths(self) -> list[str]:
        """Where its bytes lie in the media store."""
        return [self.path_of(width) for width in self.widths] if self.is_image else [self.stored]

    def path_of(self, width: int) -> str:
        return f"{self.stored}-{width}.webp"
