"""Designs of a proposal, notes at a spot of their drawing, and what people think of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Attachment, Contribution
from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import Person

MOST = 5


class Variant(models.Model):
    """One design. Its number stays when another one is removed; its drawing is a picture of the proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="variants")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("What is special about it?"), max_length=1000)
    picture = models.ForeignKey(
        Attachment,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("drawing"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="variants_variant_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('variants:variants', args=[self.proposal.receipt])}#variant-{self.number}"

    @property
    def letter(self) -> str:
        """Designs are called A to E and onwards."""
        return chr(ord("A") + (self.number - 1) % 26)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, person: Person | None) -> AnnotationQuerySet:
        """Whoever may see the note and the proposal it belongs to."""
        seen = Contribution.objects.visible_to(person).values("pk")
        return self.filter(contribution__in=seen, variant__proposal__in=seen)

    def public(self) -> AnnotationQuerySet:
        return self.filter(contribution__is_public=True)


class Annotation(models.Model):
    """A note at a spot of a drawing, `x` and `y` in hundredths of its width and height."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="annotation"
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="annotations")
    number = models.PositiveIntegerField()
    x = models.FloatField()
    y = models.FloatField()
    text = models.TextField(_("note"), max_length=600)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "number"], name="variants_annotation_number_once"),
            models.CheckConstraint(
                condition=Q(x__gte=0, x__lte=100, y__gte=0, y__lte=100), name="variants_annotation_on_drawing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} · {self.number}"


class Preference(models.Model):
    """What one person thinks of one design; it can be changed."""

    class Choice(models.TextChoices):
        LIKE = "like", _("I like it")
        FINE = "fine", pgettext_lazy("preference", "I could live with it")
        NOT = "not", _("Not for me")

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="preferences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=4, choices=Choice.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "person"], name="variants_preference_once_per_person"),
            models.CheckConstraint(
                condition=Q(choice__in=["like", "fine", "not"]), name="variants_preference_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.choice}"
