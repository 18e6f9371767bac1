"""Entries, the sealer's stored snapshot and the readers' cursors."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q


class CurrentXid(Func):
    """The transaction's 64-bit id, as text: psycopg has no type of its own for xid8."""

    template = "pg_current_xact_id()"
    output_field = models.TextField()


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction id (never wraps). Written by the database, compared only in SQL."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class EntryQuerySet(models.QuerySet["Entry"]):
    def sealed(self) -> EntryQuerySet:
        return self.filter(seq__isnull=False).order_by("seq")

    def on(self, label: str, key: object) -> EntryQuerySet:
        return self.filter(subject_label=label, subject_key=str(key))


class Entry(models.Model):
    """What happened, to what, by whom, when. Points by label and key, so that no table needs to exist for it."""

    id = models.BigAutoField(primary_key=True)
    xid = Xid8Field(db_default=CurrentXid(), editable=False)
    seq = models.BigIntegerField(null=True, editable=False)
    verb = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    process_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32, null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "journal_entry"
        indexes = [
            models.Index(fields=["xid", "id"], name="journal_unsealed", condition=Q(seq__isnull=True)),
            models.Index(fields=["subject_label", "subject_key", "id"], name="journal_by_subject"),
            models.Index(fields=["process_id", "-id"], name="journal_by_process"),
            # The audit: what staff did with the data of somebody, few among many.
            models.Index(fields=["-id"], name="journal_audit", condition=Q(data__has_key="about")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["seq"], name="journal_entry_seq_once"),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, hash__isnull=True) | Q(seq__isnull=False, hash__isnull=False),
                name="journal_entry_sealed_with_hash",
            ),
            models.CheckConstraint(
                condition=Q(process_id__isnull=True) | Q(process_id__gt=0), name="journal_entry_no_rehearsal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq or '–'} {self.verb} {self.subject_label} {self.subject_key}"


class Seal(models.Model):
    """One row: how far the sealer has come. Two snapshots and a position, proven against late commits."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    system_identifier = models.BigIntegerField()
    snapshot = models.TextField()
    until = models.TextField(null=True)
    xid = models.TextField(default="0")
    entry_id = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_seal"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="journal_seal_one_row")]

    def __str__(self) -> str:
        return f"sealed to {self.seq}"


class Cursor(models.Model):
    """How far one reader has followed `seq`."""

    reader = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "journal_cursor"

    def __str__(self) -> str:
        return f"{self.reader} at {self.seq}"
