"""People, organisations, memberships and what has been verified about a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ages import BANDS


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. Others see the public name, which need not be the name on a passport."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    public_name = models.CharField(_("public name"), max_length=80)
    about = models.CharField(_("about me"), max_length=280, blank=True)
    language = models.CharField(_("language"), max_length=5, default="de")
    place = models.SlugField(_("my place"), max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    # Takes part without an account: no address, no way to log in again. It can become an account later.
    is_guest = models.BooleanField(default=False)
    # Nobody: a participant of a dry run. Never active, so that nothing counts them, writes to them or lets them in.
    invented = models.BooleanField(default=False, editable=False)
    # Below the age from which one agrees for oneself, until this day: a guardian agreed. The day of birth is not kept.
    minor_until = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # The use of their data is restricted (Art. 18 GDPR); what that does stands in accounts/privacy/requests.py.
    restricted_since = models.DateTimeField(null=True, blank=True, editable=False)

    # The dry run that an invented person takes part in, set where somebody acts as them; never for real people.
    rehearses = 0

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["public_name"]

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_person_email_once",
                violation_error_message=_("There is an account with this e-mail address already."),
            ),
            models.CheckConstraint(
                condition=Q(invented=False) | Q(is_active=False, password__startswith="!"),  # noqa: S106 - the sign of a password nobody can know
                name="accounts_person_invented_cannot_log_in",
            ),
            models.CheckConstraint(
                condition=Q(is_guest=False) | Q(is_superuser=False), name="accounts_person_guests_do_not_rule"
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    def is_minor(self, on: date) -> bool:
        """Whether a guardian has to agree on this day."""
        return self.minor_until is not None and on < self.minor_until

    @property
    def first_name(self) -> str:
        return self.public_name


class Organisation(models.Model):
    """A body that can propose and speak, always visibly, and never votes."""

    class Kind(models.TextChoices):
        PUBLIC_ADMINISTRATION = "public_administration", _("Public administration")
        COMPANY = "company", _("Company")
        UNIVERSITY = "university_or_research", _("University or research")
        CIVIL_SOCIETY = "civil_society", _("Association")
        CREATIVE = "creative_and_arts", _("Creative and arts")
        NEIGHBOURHOOD = "neighbourhood_group", _("Neighbourhood group")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    about = models.TextField(_("about"), max_length=600, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "public_administration",
                        "company",
                        "university_or_research",
                        "civil_society",
                        "creative_and_arts",
                        "neighbourhood_group",
                    ]
                ),
                name="accounts_organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:organisation", args=[self.slug])


class MembershipQuerySet(models.QuerySet["Membership"]):
    def confirmed(self) -> MembershipQuerySet:
        return self.filter(
            confirmed_at__isnull=False, ended_at__isnull=True, organisation__confirmed_at__isnull=False
        )


class Membership(models.Model):
    """A person belongs to an organisation, confirmed by it. Only a confirmed member acts for it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("speaks for it and confirms members")
        MEMBER = "member", _("member")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                name="accounts_membership_once",
                violation_error_message=_("You have asked this organisation already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"


class VerificationQuerySet(models.QuerySet["Verification"]):
    def valid(self, at: datetime) -> VerificationQuerySet:
        return self.filter(revoked_at__isnull=True).filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))


class Verification(models.Model):
    """Somebody checked an attribute of a person. Only the attribute is kept, never the paper it was read from."""

    class Method(models.TextChoices):
        DESK = "desk", _("shown in person at the citizens' office")
        DEMO = "demo", _("invented for the demo city")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="verifications")
    residence = models.SlugField(_("lives in"), max_length=60)
    age_band = models.CharField(_("age"), max_length=6, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices)
    verified_at = models.DateTimeField()
    verified_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="accounts_verification_one_valid",
            ),
            models.CheckConstraint(
                condition=Q(age_band__in=["", *BANDS]), name="accounts_verification_age_band_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.residence}"


class GuardianConsent(models.Model):
    """A guardian agreed that a young person has an account, and can take it back at any time.

    `wording` is the version of what they read. The address is deleted when the young person is old enough.
    """

    person = models.OneToOneField(
        Person, null=True, on_delete=models.SET_NULL, related_name="guardian_consent"
    )
    guardian_email = models.EmailField(max_length=254, blank=True)
    wording = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"consent of {self.given_at:%Y-%m-%d}"
