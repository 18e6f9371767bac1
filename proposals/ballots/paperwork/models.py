"""What there is on paper: print runs and their codes, batches of ballots that are typed twice, scans, the end of it.

A code knows a slot, a batch knows clerks, a typed line knows a choice; no row knows two of these.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.roles import roles_of
from proposals.ballots.models import TAG_BYTES, HasBytes, Vote

if TYPE_CHECKING:
    from accounts.models import Person

MOST_COPIES, MOST_IN_BATCH = 500, 500


def staff() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


class Way(models.TextChoices):
    """How a ballot on paper comes in: the channel of its slot and of its counted ballot."""

    CODE = "paper", _("With a code")
    DESK = "desk", _("At the town hall")


class Invalid(models.TextChoices):
    """Why a ballot on paper does not count. The order is the number a clerk types: X1, X2, …"""

    TOO_MUCH = "too_much", _("More projects or more money than there is")
    UNCLEAR = "unclear", _("Not clear what was meant")
    MARKED = "marked", _("With a name or a mark that tells whose it is")
    FOREIGN = "foreign", _("Not a ballot of this vote")
    PARTS = "parts", _("More parts than one may vote in")


class PrintRun(models.Model):
    """Ballots printed at once. Those with codes exist on paper only: nobody can print them again."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="print_runs")
    number = models.PositiveIntegerField()
    way = models.CharField(max_length=5, choices=Way.choices)
    copies = models.PositiveIntegerField()
    language = models.CharField(max_length=5)
    large = models.BooleanField(default=False)
    printed_by = staff()
    printed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="paperwork_run_number_once"),
            models.CheckConstraint(
                condition=Q(copies__gte=1, copies__lte=MOST_COPIES), name="paperwork_run_of_a_size"
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="paperwork_run_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id}: run {self.number}"


class PaperCode(models.Model):
    """A one-time code on a printed ballot, by its keyed hash. `tag`: the slot of whoever was given it. No time, and no choice:
    the code is cut off before a ballot goes into the box. Gone with the slots at the count."""

    key = models.BinaryField(primary_key=True, max_length=TAG_BYTES)
    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="paper_codes")
    run = models.ForeignKey(PrintRun, on_delete=models.CASCADE, related_name="codes")
    serial = models.PositiveIntegerField()
    tag = models.BinaryField(max_length=TAG_BYTES, null=True)
    returned = models.BooleanField(default=False)
    revoked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "serial"], name="paperwork_code_serial_once"),
            models.UniqueConstraint(
                fields=["vote", "tag"],
                condition=Q(tag__isnull=False, revoked=False),
                name="paperwork_code_one_a_person",
            ),
            models.CheckConstraint(
                condition=Q(HasBytes("key", Value(TAG_BYTES))), name="paperwork_code_key_length"
            ),
            models.CheckConstraint(
                condition=Q(returned=False) | Q(tag__isnull=False, revoked=False),
                name="paperwork_code_returned_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}-{self.serial}"


class BatchQuerySet(models.QuerySet["Batch"]):
    def open(self) -> BatchQuerySet:
        return self.filter(sealed_at__isnull=True)

    def visible_to(self, person: Person | None) -> BatchQuerySet:
        return self.filter(vote__in=votes_of(person))


class Batch(models.Model):
    """Ballots out of a box, numbered by hand, which two people type without seeing each other's lines. When both agree on
    every ballot, the batch is sealed into slots and what was typed is deleted; the sums stay."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    way = models.CharField(max_length=5, choices=Way.choices)
    size = models.PositiveIntegerField()
    opened_by = staff()
    opened_at = models.DateTimeField()
    first_by = staff()
    second_by = staff()
    sealed_at = models.DateTimeField(null=True, blank=True)
    valid = models.PositiveIntegerField(default=0)
    blank = models.PositiveIntegerField(default=0)
    invalid = models.PositiveIntegerField(default=0)
    # {"unclear": 2}: the invalid ones by category.
    categories = models.JSONField(default=dict, blank=True)
    # {"B": {"valid": 3, "blank": 1, "unused": 4, "too_much": 1}}: of a vote with envelopes, what the ballots say in each.
    parts = models.JSONField(default=dict, db_default={}, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="paperwork_batch_number_once"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=MOST_IN_BATCH), name="paperwork_batch_of_a_size"
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="paperwork_batch_way_known"),
            models.CheckConstraint(
                condition=Q(first_by__isnull=True) | Q(second_by__isnull=True) | ~Q(first_by=F("second_by")),
                name="paperwork_batch_two_people",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, valid=0, blank=0, invalid=0)
                | Q(sealed_at__isnull=False, size=F("valid") + F("blank") + F("invalid")),
                name="paperwork_batch_balances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id}: batch {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("paperwork:batch", args=[self.pk])

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None

    def side_of(self, person: Person) -> int | None:
        """1 or 2 for whoever types it, or may begin to; None for a third person."""
        if self.first_by_id in (None, person.pk):
            return 1
        return 2 if self.second_by_id in (None, person.pk) else None

    def typed_by(self, person: Person) -> bool:
        return person.pk in (self.first_by_id, self.second_by_id)


class Typed(models.Model):
    """One ballot as one of two people typed it: nothing of whoever filled it in, nothing of when. Deleted when the batch is
    sealed. `positions`: the numbers of the options on the ballot. `parts`: of a vote with envelopes, the letters of those in which
    it is blank or invalid, and why; none where the whole ballot is invalid."""

    class Kind(models.TextChoices):
        VALID = "valid", _("valid")
        BLANK = "blank", _("blank")
        INVALID = "invalid", _("invalid")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="typed")
    side = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    category = models.CharField(max_length=8, choices=Invalid.choices, blank=True)
    positions = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    parts = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "side", "number"], name="paperwork_typed_once_a_side"),
            models.CheckConstraint(
                condition=Q(side__in=[1, 2], number__gte=1), name="paperwork_typed_numbers"
            ),
            models.CheckConstraint(
                condition=Q(kind="valid", category="", positions__len__gt=0)
                | Q(kind="blank", category="", positions__len=0)
                | Q(kind="invalid", category__in=Invalid.values, positions__len=0),
                name="paperwork_typed_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: ballot {self.number}"

    @property
    def said(self) -> tuple[str, str, tuple[int, ...], tuple[tuple[str, str], ...]]:
        """What two people have to agree on."""
        return self.kind, self.category, tuple(sorted(self.positions)), tuple(sorted(self.parts.items()))


def _new_key() -> str:
    return secrets.token_urlsafe(16)


class Scan(models.Model):
    """A scan of the ballots of a batch, for whoever works on it. Its bytes lie in the media store under `stored`."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="scans")
    key = models.CharField(max_length=22, unique=True, default=_new_key, editable=False)
    name = models.CharField(max_length=100)
    type = models.SlugField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=60, unique=True, editable=False)
    uploaded_by = staff()
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Finish(models.Model):
    """Everything on paper is entered, says somebody: from then on nothing is added and the vote is counted. Where fewer ballots
    came out of the boxes than people were noted, `reason` says publicly why."""

    vote = models.OneToOneField(
        Vote, primary_key=True, on_delete=models.CASCADE, related_name="paper_finished"
    )
    by = staff()
    at = models.DateTimeField()
    missing = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(missing=0) | ~Q(reason=""), name="paperwork_finish_says_why_some_are_missing"
            ),
        ]

    def __str__(self) -> str:
        return str(self.vote_id)


def votes_of(person: Person | None) -> models.QuerySet[Vote]:
    """Votes that are held on paper too and that this person works on: the citizens' office on all, whoever sets up on theirs."""
    roles = roles_of(person)
    votes = Vote.objects.exclude(paper="").filter(phase__process__published_at__isnull=False)
    if roles.may_verify:
        return votes
    scope = roles.configures
    return votes.filter(scope.narrow("phase__process__")) if scope else votes.none()
