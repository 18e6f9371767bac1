"""Who may take part, where a process checks it by itself: entries named by a keyed hash, never by a register number."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.ages import BANDS
from cocreation.models.processes import Process

KEY_BYTES = 32


class HasBytes(Func):
    """Whether a binary column holds exactly so many bytes: `HasBytes("key", Value(32))`."""

    template = "octet_length(%(expressions)s)"
    arg_joiner = ") = ("
    output_field = models.BooleanField()


class EligibilityQuerySet(models.QuerySet["Eligibility"]):
    def standing(self) -> EligibilityQuerySet:
        return self.filter(revoked_at__isnull=True)

    def claimed(self) -> EligibilityQuerySet:
        return self.standing().filter(claimed_at__isnull=False)


class Eligibility(models.Model):
    """One human being who may take part in one process: `key` = HMAC(pepper of the process, register number).

    The same human has one entry, whichever way they came: register, letter, online identity, desk. It is claimed by one
    account (or by somebody without an account) and says of them where they live and in which age band they are.
    """

    class Source(models.TextChoices):
        REGISTER = "register", _("register of residents")
        LETTER = "letter", _("letter with a code")
        ONLINE = "online", _("online identity")
        DESK = "desk", _("shown in person")
        INVITATION = "invitation", _("invitation with a code")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="eligibilities")
    key = models.BinaryField(max_length=KEY_BYTES)
    residence = models.SlugField(_("lives in"), max_length=60, blank=True)
    age_band = models.CharField(_("age"), max_length=6, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    invited = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="eligibilities",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by_way_of = models.CharField(max_length=10, choices=Source.choices, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # HMACs by which somebody is found who does not know their number: of postal code and date of birth, and of these
    # with the family name. Nobody reads them back.
    lookup = models.BinaryField(max_length=KEY_BYTES, null=True, blank=True)
    lookup_name = models.BinaryField(max_length=KEY_BYTES, null=True, blank=True)
    # The last import of the register that had this entry.
    seen_in = models.ForeignKey(
        "cocreation.RegisterImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EligibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("eligibility")
        indexes = [
            models.Index(
                fields=["process", "lookup"],
                name="cocreation_elig_lookup",
                condition=Q(lookup__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["process", "key"], name="cocreation_eligibility_key_once"),
            models.UniqueConstraint(
                fields=["process", "person"],
                condition=Q(person__isnull=False, revoked_at__isnull=True),
                name="cocreation_eligibility_person_once",
            ),
            models.CheckConstraint(
                condition=Q(HasBytes("key", Value(KEY_BYTES))), name="cocreation_eligibility_key_length"
            ),
            models.CheckConstraint(
                condition=Q(age_band__in=["", *BANDS]), name="cocreation_eligibility_age_band_known"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(claimed_at__isnull=False),
                name="cocreation_eligibility_person_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.source}"

    def claim(self, person: object, by_way_of: str, at: datetime) -> None:
        self.person, self.claimed_at, self.claimed_by_way_of = person, at, by_way_of  # type: ignore[assignment]


class Group(models.Model):
    """A named group: of one process, or of the city."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.CASCADE, related_name="groups"
    )

    class Meta:
        verbose_name = _("group")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """A person belongs to a group, from a moment on."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships"
    )
    since = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(ended_at__isnull=True),
                name="cocreation_groupmembership_once",
                violation_error_message=_("This person belongs to the group already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class GroupInvitationQuerySet(models.QuerySet["GroupInvitation"]):
    def valid(self, at: datetime) -> GroupInvitationQuerySet:
        return self.filter(ended_at__isnull=True, expires_at__gt=at)


class GroupInvitation(models.Model):
    """A link into a group, for whoever holds it, until it ends. Joining is an act of the person, never of the sender."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GroupInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a group")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.created_at:%Y-%m-%d}"
