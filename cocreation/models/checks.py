"""How a process checks who somebody is: the ways it offers, imports of a register, letters with codes, visits that found an
entry. Nothing here holds a number of the register, a name, an address or a date of birth."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cocreation.models.eligibility import KEY_BYTES, Eligibility
from cocreation.models.pending import new_token
from cocreation.models.processes import Process


class CheckSource(models.Model):
    """A way of checking that a process offers or could offer; `adapter` is the slug of one in code, `options` are its own."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="check_sources")
    adapter = models.SlugField(max_length=20)
    options = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("way of checking")
        constraints = [
            models.UniqueConstraint(fields=["process", "adapter"], name="cocreation_checksource_once"),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.adapter}"


class Upload(models.Model):
    """A table somebody uploaded, and the job that reads it. The file lies in the private folder under `token` until the job
    is over, however it ends; `preview` are its first rows with every letter and digit masked."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waits for its columns")
        QUEUED = "queued", _("waits for its turn")
        RUNNING = "running", _("being read")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="%(class)ss")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    size = models.PositiveBigIntegerField(default=0)
    layout = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    bytes_done = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    # [line, slug of what is wrong with it], the first few thousand.
    problems = models.JSONField(default=list, blank=True)
    failure = models.SlugField(max_length=40, blank=True)
    # Which attempt runs: a job that lost its turn to another one finds a higher number here, and stops.
    attempt = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return min(99, self.bytes_done * 100 // self.size) if self.size else 0


class RegisterImport(Upload):
    """One reading of the register of residents into the entries of a process."""

    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    # Entries of earlier imports that this file no longer has; and how many of them somebody uses.
    missing = models.PositiveIntegerField(default=0)
    missing_claimed = models.PositiveIntegerField(default=0)
    revoked = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import of a register")
        constraints = [
            models.UniqueConstraint(
                fields=["process"],
                condition=Q(state__in=["queued", "running"]),
                name="cocreation_registerimport_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("cocreation:register_import", args=[self.process.slug, self.pk])


PDF_KEPT = timedelta(hours=24)


class LetterBatch(Upload):
    """Codes that were made together. The letters are a file that can be fetched once and is deleted then, or after a day."""

    class Kind(models.TextChoices):
        MAILING = "mailing", _("letters to people of a list")
        BLANK = "blank", _("invitations without a name")
        SLIPS = "slips", _("slips given out at the desk")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    wanted = models.PositiveIntegerField(default=0)
    place = models.SlugField(max_length=60, blank=True)
    age_band = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=5, default="de")
    made = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=60, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")

    def __str__(self) -> str:
        return f"{self.process_id}: {self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("cocreation:letters_batch", args=[self.process.slug, self.pk])

    def kept_until(self) -> datetime | None:
        """Until when the file can be fetched; None when there is none (any more)."""
        return self.finished_at + PDF_KEPT if self.file and self.finished_at else None


class LetterCodeQuerySet(models.QuerySet["LetterCode"]):
    def valid(self) -> LetterCodeQuerySet:
        return self.filter(revoked_at__isnull=True, entry__revoked_at__isnull=True)


class LetterCode(models.Model):
    """A code on paper: `key` = HMAC(pepper of the process, code). The code itself is nowhere but on the paper."""

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="codes")
    serial = models.PositiveIntegerField()
    entry = models.ForeignKey(Eligibility, on_delete=models.CASCADE, related_name="codes")
    key = models.BinaryField(max_length=KEY_BYTES, unique=True)
    redeemed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = LetterCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code by letter")
        constraints = [
            models.UniqueConstraint(fields=["batch", "serial"], name="cocreation_lettercode_serial_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.serial}"


VISIT_KEPT = timedelta(hours=2)


class IdentifiedVisitQuerySet(models.QuerySet["IdentifiedVisit"]):
    def open(self, at: datetime) -> IdentifiedVisitQuerySet:
        return self.filter(claimed_at__isnull=True, expires_at__gt=at)


class IdentifiedVisit(models.Model):
    """Somebody without an account proved who they are: their entry waits here for two hours until they sign in or go on
    without an account. The token in the address is the only key to it."""

    token = models.CharField(max_length=40, primary_key=True, default=new_token)
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Eligibility, on_delete=models.CASCADE, related_name="visits")
    code = models.ForeignKey(LetterCode, null=True, on_delete=models.SET_NULL, related_name="+")
    by_way_of = models.CharField(max_length=10, choices=Eligibility.Source.choices)
    next_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = IdentifiedVisitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="cocreation_visit_expiry")]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.by_way_of}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.expires_at is None:
            self.expires_at = self.created_at + VISIT_KEPT
        super().save(*args, **kwargs)
