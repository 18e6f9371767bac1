"""Offices answer, people come and go: a process belongs to an office, a role is granted for a time."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Office(models.Model):
    """A part of the administration that owns processes, assesses, answers and promises."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short = models.CharField(max_length=3)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def valid(self, at: datetime) -> RoleGrantQuerySet:
        return self.filter(starts__lte=at).filter(Q(ends__isnull=True) | Q(ends__gt=at))


class RoleGrant(models.Model):
    """A role, held by a person from a moment on: everywhere, for one office or for one process."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administration")
        OFFICIAL = "official", _("Official")
        MODERATOR = "moderator", _("Moderator")
        CLERK = "clerk", _("Citizens' office")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    process = models.ForeignKey(
        "cocreation.Process", null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    head = models.BooleanField(default=False)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "office", "process"],
                nulls_distinct=False,
                name="cocreation_rolegrant_once",
                violation_error_message=_("This person holds this role already."),
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__lt=F("ends")),
                name="cocreation_rolegrant_starts_before_ends",
            ),
            models.CheckConstraint(
                condition=~Q(role="official") | Q(office__isnull=False),
                name="cocreation_rolegrant_official_has_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
