"""One person who stands in every table that can know a person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accounts.models import Person
from cocreation.models import Contribution, Office, Process
from groundwork.datamap import POINTER, pointers, words

# The numbers beside rows that were made by hand.
COUNTED = (
    "update conversation_comment c set helpful = (select count(*) from conversation_helpful h where h.comment_id = c.contribution_id)",
    "update proposals_proposal p set supports = (select count(*) from proposals_support s where s.proposal_id = p.contribution_id)",
    # Nobody decides about an appeal against their own decision.
    "update moderation_decision d set by_id = null from moderation_appeal a"
    " where a.decision_id = d.id and a.decided_by_id = d.by_id",
)

# Columns that stay empty, each with the reason.
NOT_REACHED = {
    "cocreation.DryRun_people.person": "invented people alone play along, and never beside real ones",
    "cocreation.PrivacyAssessment.signed_by": "nobody signs what they wrote, and she stands as the one who wrote it",
    "cocreation.Training.recorded_by": "nobody records their own training, and she stands as the one who was trained",
}


def put_everywhere(person: Person, at: datetime) -> tuple[list[str], list[str]]:
    """Make a row of every table point at this person, in every column that can. Returns what was and what was not reached.

    Rows of the world are handed over to them; where it has none, one is made from the columns. Triggers that keep what the
    city said from being rewritten sleep meanwhile: in life these rows are written once, by them.
    """
    reached: list[str] = []
    missed: list[str] = []
    Group.objects.create(name="Archiv")
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
    for model, field, _note in pointers():
        name = f"{model._meta.label}.{field.name}"
        done = (
            _stands(model, field, person)
            or _hand_over(model, field, person)
            or _make(model, field, person, at)
        )
        (reached if done else missed).append(name)
    with connection.cursor() as cursor:
        for counted in COUNTED:
            cursor.execute(counted)
        cursor.execute("set local session_replication_role = origin")
    return reached, missed


def _stands(model: Any, field: Any, person: Person) -> bool:
    return bool(model._base_manager.filter(**{field.name: person.pk}).exists())


def _hand_over(model: Any, field: Any, person: Person) -> bool:
    for row in model._base_manager.order_by("pk")[:20]:
        try:
            with transaction.atomic():
                beside = BESIDE.get(f"{model._meta.label}.{field.name}", {})
                model._base_manager.filter(pk=row.pk).update(**{field.name: person.pk} | beside)
        except DatabaseError:
            continue  # a rule of this row
        return True
    return False


def _make(model: Any, field: Any, person: Person, at: datetime) -> bool:
    values = {field.name: person} | MADE.get(model._meta.label, lambda person, at: {})(person, at)
    for each in model._meta.local_fields:
        if (
            each.name in values
            or each.null
            or each.has_default()
            or (each.primary_key and not each.is_relation)
        ):
            continue
        values[each.name] = _something(each, person, at)
    try:
        with transaction.atomic():
            model(**values).save(force_insert=True)
    except DatabaseError:
        return False
    return True


def _something(field: Any, person: Person, at: datetime) -> Any:
    """A value that a column of this kind may hold."""
    if field.is_relation:
        return (
            person
            if field.related_model is Person
            else field.related_model._base_manager.order_by("pk").first()
        )
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return at
    if isinstance(field, models.DateField):
        return at.date()
    if isinstance(field, models.TimeField):
        return at.time()
    if isinstance(field, models.BinaryField):
        return b"sealed"
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.EmailField):
        return ""
    return (
        1
        if isinstance(field, models.IntegerField | models.DecimalField)
        else secrets.token_hex(4)[: field.max_length]
    )


DAY = timedelta(days=1)
# What some columns have to say so that the rules of their tables hold.
MADE: dict[str, Any] = {
    "cocreation.ChangeRecord": lambda person, at: {
        "reason_de": "Weil es regnet.",
        "reason_en": "Because it rains.",
    },
    "cocreation.Follow": lambda person, at: {"process": Process.objects.filter(pk__gt=0).first()},
    "conversation.Summary": lambda person, at: {"on": Contribution.objects.order_by("pk").first()},
    "feedback.Delay": lambda person, at: {"new_due": (at + DAY).date(), "reason_de": "Regen"},
    "feedback.HandOver": lambda person, at: {
        "new_office": Office.objects.order_by("-pk").first(),
        "reason_de": "Neu",
    },
    "feedback.Reopening": lambda person, at: {"answers": 9},
}
# What has to stand beside a person in the same row.
BESIDE: dict[str, dict[str, Any]] = {
    "cocreation.Approval.approved_by": {"asked_by": None, "approved_at": timezone.now()},
    "cocreation.Eligibility.person": {"claimed_at": timezone.now()},
    "paperwork.Batch.second_by": {"first_by": None},
}  # fmt: skip


def words_of(keys: set[int]) -> set[str]:
    """The sentences of these contributions, wherever the data map says they lie."""
    from django.apps import apps

    found: set[str] = set()
    for label, said in words().items():
        for each in said:
            # What moderation wrote about them is the city's, and its reasons stand in the journal.
            if each.of and each.fields and label not in {"cocreation.Hiding", "moderation.Decision"}:
                rows = apps.get_model(label)._base_manager.filter(**{f"{each.of}__in": keys})
                for row in rows.values_list(*each.names):
                    found |= {value for value in row if isinstance(value, str) and len(value) > 9}
    return found


def standing(person: Person) -> list[str]:
    """Columns that say whose a row is and still say this person, though their rule says that they forget."""
    from groundwork.datamap import ROW

    return [
        f"{model._meta.label}.{field.name}"
        for model, field, note in pointers()
        if note is not None
        and note.erase in (ROW, POINTER)
        and model._base_manager.filter(**{field.name: person.pk}).exists()
    ]
