"""Reading people and organisations; and everything we hold about one person, found through the data map."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import ForeignKey, ForeignObjectRel, Model, Q

from accounts.hooks import place_names
from accounts.models import Person
from groundwork.datamap import Personal, register

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ROWS = 10_000
NOT_SHOWN = "(stored, never shown)"


def places() -> dict[str, str]:
    """Names of all places by slug. One query."""
    return {slug: name for source in place_names for slug, name in source().items()}


def residence_words(slug: str) -> str:
    return places().get(slug, slug)


# --- everything about one person (Art. 15 and 20 GDPR) ---


def everything_about(person: Person) -> dict[str, Any]:
    """Every row of every table that says something about this person, found through the data map: a new table is
    included as soon as it is described. Secrets (password, keys) are named but not shown; other people never are."""
    found: dict[str, Any] = {}
    for label, notes in register().items():
        model = apps.get_model(label)
        rows = [_row(row, notes, person) for row in _rows_of(model, notes, person)]
        if rows:
            found[label] = rows
    return found


def _rows_of(model: type[Model], notes: dict[str, Personal], person: Person) -> Iterator[Model]:
    if model is Person:
        yield person
        return
    mine = Q()
    for name in _pointers(model, notes):
        mine |= Q(**{name: person})
    if mine:
        yield from model._base_manager.filter(mine).order_by("pk")[:MOST_ROWS]


def _pointers(model: type[Model], notes: dict[str, Personal]) -> list[str]:
    """The personal fields of a table that point at a person."""
    fields = [model._meta.get_field(name) for name in notes]
    return [field.name for field in fields if isinstance(field, ForeignKey) and field.related_model is Person]


def pointers_at_people() -> list[ForeignObjectRel]:
    """Every column of every table that points at a person, read from the models."""
    fields = Person._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel) and not field.many_to_many]


def _row(row: Model, notes: dict[str, Personal], person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        note = notes.get(field.name)
        if isinstance(field, ForeignKey) and field.related_model is Person:
            if getattr(row, field.attname) == person.pk:
                shown[field.name] = "you"
            continue
        if note is not None and note.category == "security" and field.name in {"password", "data"}:
            shown[field.name] = NOT_SHOWN
        else:
            shown[field.name] = _plain(getattr(row, field.attname))
    return shown


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)
