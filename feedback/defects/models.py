"""What can be reported (services) and what was reported (defects)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Contribution, Office, Place, Process

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST = 2_000


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> ServiceQuerySet:
        """What residents can choose now, with the office behind each, in the order of the catalogue."""
        return self.filter(is_offered=True).select_related("office").order_by("group", "name", "pk")


class Service(models.Model):
    """One kind of problem, the office that looks after it and the days it takes to reply. Its code stays for ever: it is
    what programs know it by. What is not offered any more stays for the reports that name it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    text = models.CharField(_("what belongs here"), max_length=300, blank=True)
    group = models.CharField(_("group"), max_length=60, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="services", verbose_name=_("office")
    )
    days = models.PositiveSmallIntegerField(
        _("days until the reply"), default=7, validators=[MinValueValidator(1)]
    )
    is_offered = models.BooleanField(_("residents can choose it"), default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=365), name="defects_service_days"),
            models.CheckConstraint(
                condition=Q(name_de__isnull=False, name_en__isnull=False) & ~Q(name_de="") & ~Q(name_en=""),
                name="defects_service_named_in_both",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DefectQuerySet(models.QuerySet["Defect"]):
    def visible_to(self, person: Person | None) -> DefectQuerySet:
        """Starts from the contributions' rule."""
        return self.filter(contribution__in=Contribution.objects.visible_to(person))

    def public(self) -> DefectQuerySet:
        """What anybody sees: for lists, maps and programs."""
        return self.filter(is_public=True, process__published_at__isnull=False)

    def open(self) -> DefectQuerySet:
        return self.filter(closed_at__isnull=True)

    def overdue(self, at: datetime) -> DefectQuerySet:
        return self.open().filter(due__lte=at)

    def as_shown(self) -> DefectQuerySet:
        return self.select_related("service__office", "place", "contribution")


class Defect(models.Model):
    """A problem somebody reported: open until the office says that it is done, or that it does not act."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("status of a report", "Open")
        CLOSED = "closed", pgettext_lazy("status of a report", "Closed")

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="defect", db_constraint=False
    )
    # Copies of the contribution's columns under one composite foreign key (migration 0002): lists need no join.
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="defects")
    is_public = models.BooleanField(default=False, editable=False)
    receipt = models.CharField(max_length=16, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="defects")
    text = models.TextField(_("what is wrong"), max_length=LONGEST, validators=[MaxLengthValidator(LONGEST)])
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="defects", verbose_name=_("place")
    )
    address = models.CharField(_("where exactly"), max_length=160, blank=True)
    map_x = models.FloatField(null=True, blank=True)
    map_y = models.FloatField(null=True, blank=True)
    due = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    objects = DefectQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem report")
        constraints = [
            models.CheckConstraint(
                condition=Q(map_x__isnull=True, map_y__isnull=True)
                | Q(map_x__gte=0, map_x__lte=600, map_y__gte=0, map_y__lte=440),
                name="defects_defect_point_on_map",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | Q(map_x__isnull=False), name="defects_defect_is_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__lte=F("updated_at")),
                name="defects_defect_closed_is_an_update",
            ),
        ]
        indexes = [
            models.Index(fields=["-contribution"], name="defects_newest", condition=Q(is_public=True)),
            models.Index(
                fields=["due", "contribution"],
                name="defects_open_by_due",
                condition=Q(is_public=True, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("defects:defect", args=[self.receipt])

    @property
    def status(self) -> str:
        return self.Status.OPEN if self.closed_at is None else self.Status.CLOSED

    @property
    def short(self) -> str:
        """The first words, for lists."""
        return Truncator(" ".join(self.text.split())).chars(140)

    def is_overdue(self, at: datetime) -> bool:
        return self.closed_at is None and self.due <= at
