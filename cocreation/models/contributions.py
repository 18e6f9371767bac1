"""Contributions: the one table every input of every method owns a row in, and the one rule of who sees what."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from cocreation.kinds import kinds
from cocreation.models.processes import Phase, Process

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.roles import Scope


DEMO = "DEMO-"  # how receipts of dry runs begin


class NextReceipt(Func):
    """Year and running number, given by the database: "2027-0113"."""

    template = "cocreation_next_receipt()"
    output_field = models.CharField()


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, person: Person | None) -> ContributionQuerySet:
        """The only visibility policy: what is public, one's own, and where one moderates or observes also what is hidden.
        What was erased is gone for everybody; what lies in an unpublished process is its author's alone. What invented
        people say in a dry run is seen there, and by those who may see its draft."""
        from cocreation.roles import roles_of

        public = Q(is_public=True, process__published_at__isnull=False)
        if person is None or not person.is_authenticated:
            return self.filter(public)
        if person.rehearses:
            return self.filter(Q(is_public=True) | Q(author=person), process=person.rehearses)
        held = roles_of(person)
        if held.reads_drafts:
            public |= Q(is_public=True, process__lt=0) & held.reads_drafts.narrow("process__")
        if here := held.reads_hidden:
            hidden_or_withdrawn = here.narrow("process__") & Q(
                published_at__isnull=False, erased_at__isnull=True, process__published_at__isnull=False
            )
            return self.filter(public | Q(author=person) | hidden_or_withdrawn)
        return self.filter(public | Q(author=person))

    def public(self) -> ContributionQuerySet:
        return self.filter(is_public=True, process__published_at__isnull=False)

    def set_aside(self) -> ContributionQuerySet:
        """What lives on in another one: in no list any more, but its record may be read by everybody as before."""
        return self.filter(
            set_aside_at__isnull=False,
            hidden_at__isnull=True,
            withdrawn_at__isnull=True,
            erased_at__isnull=True,
            process__published_at__isnull=False,
        )


class Contribution(models.Model):
    """A receipt number, who said it, for whom, where, how and in which language. Rooms add their table one to one."""

    class Channel(models.TextChoices):
        WEB = "web", _("online")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")
        KIOSK = "kiosk", _("at a kiosk")
        EVENT = "event", _("at an event")
        IMPORT = "import", _("taken over from published data")

    # What the query of its page found out for sections of that page (panels.hand_over).
    told: Mapping[str, Any] = MappingProxyType({})

    receipt = models.CharField(max_length=16, unique=True, db_default=NextReceipt(), editable=False)
    kind = models.SlugField(max_length=20)
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="contributions")
    phase = models.ForeignKey(
        Phase, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributions",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=5, default="de")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    # It waits for moderation: before it is shown first, or for a change its author was asked for.
    held_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # It lives on in another one: it left every list, its number leads there and its record stays readable.
    set_aside_at = models.DateTimeField(null=True, blank=True)
    # What lists filter by. The database checks that it agrees with the moments and copies it to where lists look.
    is_public = models.BooleanField(default=False, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        constraints = [
            models.CheckConstraint(
                name="cocreation_contribution_public_is_true",
                condition=Q(
                    is_public=True,
                    published_at__isnull=False,
                    hidden_at__isnull=True,
                    held_at__isnull=True,
                    withdrawn_at__isnull=True,
                    erased_at__isnull=True,
                    set_aside_at__isnull=True,
                )
                | Q(is_public=False)
                & (
                    Q(published_at__isnull=True)
                    | Q(hidden_at__isnull=False)
                    | Q(held_at__isnull=False)
                    | Q(withdrawn_at__isnull=False)
                    | Q(erased_at__isnull=False)
                    | Q(set_aside_at__isnull=False)
                ),
            ),
            # The target of composite foreign keys: copies of these three can never drift.
            models.UniqueConstraint(
                fields=["id", "process", "is_public"], name="cocreation_contribution_copy_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["process", "kind", "-id"],
                name="cocreation_contrib_public",
                condition=Q(is_public=True),
            ),
            models.Index(fields=["author", "-id"], name="cocreation_contrib_author"),
        ]

    def __str__(self) -> str:
        return self.receipt

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and (self.process_id or 0) < 0:
            # A dry run takes no number from the city's.
            self.receipt = f"{DEMO}{secrets.token_hex(4)}"
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return kinds.get(self.kind).url(self)

    @property
    def lives_on(self) -> bool:
        """Whether all that took it off the pages is that it lives on in another one: see `set_aside`."""
        return self.set_aside_at is not None and not (self.hidden_at or self.withdrawn_at or self.erased_at)

    def settle(self) -> None:
        """Bring `is_public` in line with the moments; every action that sets a moment calls it before saving."""
        self.is_public = (
            self.published_at is not None
            and self.hidden_at is None
            and self.held_at is None
            and self.withdrawn_at is None
            and self.erased_at is None
            and self.set_aside_at is None
        )

    def publish(self, at: datetime) -> None:
        self.published_at = at
        self.settle()

    def hold(self, at: datetime) -> None:
        self.held_at = at
        self.settle()


class Withdrawal(models.Model):
    """The author took the contribution back."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="withdrawal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.contribution_id} withdrawn"


class HidingQuerySet(models.QuerySet["Hiding"]):
    def standing(self, where: Scope) -> HidingQuerySet:
        """What is off the pages now, in the processes somebody may look into."""
        found = self.filter(lifted_at__isnull=True)
        return found.filter(where.narrow("contribution__process__")) if where else found.none()


class Hiding(models.Model):
    """A moderator took the contribution off the pages, with a reason the author reads; lifting it brings it back."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="hidings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    rule = models.CharField(_("rule"), max_length=120)
    reason = models.CharField(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = HidingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(lifted_at__isnull=True),
                name="cocreation_hiding_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} hidden"


def _one_of(*names: str) -> Q:
    """Exactly one of these columns has a value."""
    found = Q()
    for name in names:
        found |= Q(**{f"{each}__isnull": each != name for each in names})
    return found


class Follow(models.Model):
    """A person wants to know what becomes of a contribution or a process, or what happens in a place or on a theme."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.CASCADE, related_name="follows"
    )
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="follows"
    )
    place = models.ForeignKey(
        "cocreation.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="follows"
    )
    # The slug of a theme that a higher house knows.
    theme = models.SlugField(max_length=20, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_one_of("process", "contribution", "place", "theme"),
                name="cocreation_follow_one_thing",
            ),
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=Q(place__isnull=False),
                name="cocreation_follow_place_once",
            ),
            models.UniqueConstraint(
                fields=["person", "theme"],
                condition=Q(theme__isnull=False),
                name="cocreation_follow_theme_once",
            ),
            models.UniqueConstraint(
                fields=["person", "process"],
                condition=Q(process__isnull=False),
                name="cocreation_follow_process_once",
            ),
            models.UniqueConstraint(
                fields=["person", "contribution"],
                condition=Q(contribution__isnull=False),
                name="cocreation_follow_contribution_once",
            ),
        ]
        indexes = [models.Index(fields=["contribution", "person"], name="cocreation_follow_of")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.process_id or self.contribution_id or self.place_id or self.theme}"
