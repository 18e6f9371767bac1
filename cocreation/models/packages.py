"""Processes on the way: the city's own recipes, and packages of other cities that wait for a decision."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cocreation.models.pending import new_token
from cocreation.models.processes import Process


class SavedRecipeQuerySet(models.QuerySet["SavedRecipe"]):
    def offered(self) -> SavedRecipeQuerySet:
        return self.filter(removed_at__isnull=True)


class SavedRecipe(models.Model):
    """A process saved to start others from. Removing it hides it; it can be brought back."""

    slug = models.SlugField(max_length=36, unique=True)
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what it is good for"), max_length=200)
    # The text of a recipe file, without name and about: see recipe_files.
    body = models.JSONField()
    picture = models.SlugField(max_length=20, default="m-ideas")
    from_process = models.ForeignKey(Process, null=True, on_delete=models.SET_NULL, related_name="+")
    attribution = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SavedRecipeQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class IncomingPackageQuerySet(models.QuerySet["IncomingPackage"]):
    def waiting(self, at: datetime) -> IncomingPackageQuerySet:
        return self.filter(expires_at__gt=at)


class IncomingPackage(models.Model):
    """A package that was uploaded and looked at, but made nothing yet. Forgotten after two days."""

    token = models.CharField(max_length=40, primary_key=True, default=new_token)
    file = models.CharField(max_length=120)
    body = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = IncomingPackageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="cocreation_incoming_expiry")]

    def __str__(self) -> str:
        return self.file
