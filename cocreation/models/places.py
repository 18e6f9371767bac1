"""Where: a tree from the region down to the village."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")
        DISTRICT = "district", _("District")
        VILLAGE = "village", _("Village")

    class Character(models.TextChoices):
        URBAN = "urban", _("urban")
        RURAL = "rural", _("rural")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    character = models.CharField(max_length=6, choices=Character.choices, default=Character.URBAN)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    population = models.PositiveIntegerField(default=0)
    # Position on the city's own map picture, in its units; no coordinates of the real world are needed to draw it.
    map_x = models.FloatField(null=True, blank=True)
    map_y = models.FloatField(null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["region", "municipality", "district", "village"]),
                name="cocreation_place_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
