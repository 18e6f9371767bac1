"""Offices answer, people come and go: a process belongs to an office, a role is granted for a time."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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
        return self.filter(starts__lte=at).filter(
            Q(ends__isnull=True) | Q(ends__gt=at), Q(ended_at__isnull=True) | Q(ended_at__gt=at)
        )


class RoleGrant(models.Model):
    """A role, held by a person from a moment on: everywhere, for one office, for one place and all below it, or for one
    process. `ends` was planned from the start; `ended_at` is when somebody ended it before."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administration")
        OWNER = "owner", _("Process owner")
        FACILITATOR = "facilitator", _("Facilitator")
        MODERATOR = "moderator", _("Moderator")
        OFFICIAL = "official", _("Official")
        CLERK = "clerk", _("Citizens' office")
        OBSERVER = "observer", _("Observer")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    place = models.ForeignKey(
        "cocreation.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    process = models.ForeignKey(
        "cocreation.Process", null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    head = models.BooleanField(default=False)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "office", "place", "process"],
                condition=Q(ends__isnull=True, ended_at__isnull=True),
                nulls_distinct=False,
                name="cocreation_rolegrant_once",
                violation_error_message=_("This person holds this role already."),
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__lt=F("ends")),
                name="cocreation_rolegrant_starts_before_ends",
                violation_error_message=_("A role must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("starts")),
                name="cocreation_rolegrant_ended_after_starts",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=["admin", "owner", "facilitator", "moderator", "official", "clerk", "observer"]
                ),
                name="cocreation_rolegrant_role_known",
            ),
            # Officials act for an office and owners set up the processes of one: both need exactly that.
            models.CheckConstraint(
                condition=~Q(role__in=["official", "owner"])
                | Q(office__isnull=False, place__isnull=True, process__isnull=True),
                name="cocreation_rolegrant_official_has_office",
                violation_error_message=_("This role belongs to an office: choose one."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["admin", "clerk"])
                | Q(office__isnull=True, place__isnull=True, process__isnull=True),
                name="cocreation_rolegrant_whole_city",
                violation_error_message=_("This role always holds for the whole city."),
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=True, place__isnull=True)
                | Q(office__isnull=True, process__isnull=True)
                | Q(place__isnull=True, process__isnull=True),
                name="cocreation_rolegrant_one_scope",
                violation_error_message=_("Choose one: an office, a place or a process."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

    def until(self) -> datetime | None:
        """When it ends or ended; None while no end is known."""
        return min((moment for moment in (self.ends, self.ended_at) if moment), default=None)


class Topic(models.TextChoices):
    """What people who moderate, facilitate or set up processes are trained in."""

    ETHICS = "ethics", _("Ethics")
    INCLUSION = "inclusion", _("Inclusion")
    PRIVACY = "privacy", _("Privacy")
    DELIBERATION = "deliberation", _("Deliberation")
    CONFLICTS = "conflicts", _("Conflicts of interest")
    MODERATION = "moderation", _("Moderation")


class TrainingQuerySet(models.QuerySet["Training"]):
    def standing(self) -> TrainingQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Training(models.Model):
    """A person completed a training in some topics; it counts for 24 months (cocreation/training.py)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trainings")
    topics = ArrayField(models.CharField(max_length=14, choices=Topic.choices), verbose_name=_("topics"))
    completed_on = models.DateField(_("completed on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    topics__contained_by=[
                        "ethics", "inclusion", "privacy", "deliberation", "conflicts", "moderation",
                    ],
                    topics__len__gte=1,
                ),
                name="cocreation_training_topics_known",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=F("person")),
                name="cocreation_training_recorded_by_another",
                violation_error_message=_("Somebody else has to record your own training."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id}: {self.completed_on}"

    def topic_words(self) -> list[str]:
        return [str(Topic(topic).label) for topic in Topic.values if topic in self.topics]

    def ends_on(self) -> date:
        from cocreation.training import ends_on

        return ends_on(self.completed_on)
