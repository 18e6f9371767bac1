"""Forgetting a person: what every table does with its pointer, read from the data map (`erase=`), so that a table that comes
later is reached without a word here.

    forget_words(person)     # what the person wrote where no contribution holds it; only where they want it removed
    forget_pointers(person)  # rows go, or forget whose they were, or keep a number behind which nobody stands any more
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailConfirmation
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.db.models import Case, EmailField, Field, JSONField, Model, Value, When

from accounts.guests import NO_MAILBOX
from groundwork.datamap import KEY, ROW, Said, pointers, register, words

if TYPE_CHECKING:
    from accounts.models import Person


def forget_pointers(person: Person) -> dict[str, int]:
    """Apply the rule of every pointer at this person. Returns how many rows of which column changed. Running it again
    changes nothing; a statement for every column."""
    changed: dict[str, int] = {}
    for model, field, note in pointers():
        assert note is not None and note.erase is not None  # groundwork.E003
        if note.erase == KEY:
            continue
        rows = model._base_manager.filter(**{field.name: person.pk})
        n = rows.delete()[0] if note.erase == ROW else rows.update(**{field.name: None})
        if n:
            changed[f"{model._meta.label}.{field.name}"] = n
    return changed


def forget_words(person: Person) -> None:
    """Blank what this person wrote outside of contributions, while the rows still know that it was them."""
    for label, found in words().items():
        for said in found:
            if said.by:
                blank(apps.get_model(label), said, **{said.by: person.pk})


def blank(model: type[Model], said: Said, **which: Any) -> int:
    """Take the words out of these rows, or the rows away where nothing else is in them."""
    rows = model._base_manager.filter(**which)
    if not said.fields:
        return rows.delete()[0]
    return rows.update(
        **{field.name: empty(field, said.leaves) for name in said.names for field in columns_of(model, name)}
    )


def columns_of(model: type[Model], name: str) -> list[Field[Any, Any]]:
    """The column, or one for each language."""
    found = []
    for field in model._meta.local_fields:
        original = getattr(field, "translated_field", None)
        if (original.name if original is not None else field.name) == name:
            found.append(field)
    return found


def empty(field: Field[Any, Any], leaves: str = "–") -> Any:
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, JSONField):
        return field.get_default()
    if isinstance(field, EmailField):
        return ""
    # Where something stood, something stands: rules that ask for a reason are kept.
    return Case(When(**{field.name: ""}, then=Value("")), default=Value(leaves))


def forget_address(email: str) -> int:
    """Blank an address where others wrote it, as in an invitation that nobody answered. Addresses of guardians stay: the
    consent of a child hangs on them."""
    changed = 0
    for model, field in _addresses():
        rows = model._base_manager.filter(**{f"{field.name}__iexact": email})
        changed += rows.update(**{field.name: empty(field)})
    return changed


def _addresses() -> list[tuple[type[Model], EmailField[Any, Any]]]:
    own = {model for model, _field, note in pointers() if note is not None and note.erase == ROW}
    return [
        (model, field)
        for label, notes in register().items()
        if (model := apps.get_model(label)) not in own
        and label not in {"accounts.Person", "accounts.GuardianConsent"}
        for field in model._meta.local_fields
        if isinstance(field, EmailField) and field.name in notes
    ]


def is_forgotten(person: Person) -> bool:
    return not person.is_active and person.email == f"closed-{person.pk}{NO_MAILBOX}"


def end_sessions(person: Person) -> int:
    """Delete every session of this person, whatever browser holds it. They are sealed, so each has to be opened."""
    keys = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=2000)
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(session_key__in=keys).delete()[0]


CODES_KEPT = timedelta(days=3)


def forget_ended_sessions(at: datetime) -> int:
    """Log-ins that ended by the clock, and confirmations of addresses nobody finished. Returns how many."""
    ended, _n = Session.objects.filter(expire_date__lte=at).delete()
    return ended + EmailConfirmation.objects.filter(created__lte=at - CODES_KEPT).delete()[0]
