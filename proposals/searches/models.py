"""Saved searches."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from proposals.queries import Choice


class Rhythm(models.TextChoices):
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    OFF = "off", _("never, only keep it")

    @property
    def pause(self) -> timedelta:
        return timedelta(days=1) if self == Rhythm.DAILY else timedelta(days=7)


class SavedSearch(models.Model):
    """What somebody chose on a list, under a name. `seen_until` is the moment up to which they know what fits."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches")
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.CASCADE, related_name="searches"
    )
    name = models.CharField(_("name"), max_length=60)
    # The address of the choice as the list writes it, "?theme=green&q=Bank"; it is read again each time.
    query = models.CharField(max_length=1000, blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=6, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    created_at = models.DateTimeField()
    seen_until = models.DateTimeField()

    class Meta:
        verbose_name = _("saved search")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="searches_name_once",
                violation_error_message=_("You have a search of this name already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["rhythm", "seen_until"], name="searches_due", condition=~models.Q(rhythm="off")
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        page = (
            reverse("proposals:list", args=[self.process.slug])
            if self.process
            else reverse("proposals:list_all")
        )
        return f"{page}{self.query}"

    @property
    def choice(self) -> Choice:
        return Choice.read(MultiValueDict(parse_qs(self.query.removeprefix("?"))))
