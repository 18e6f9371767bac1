"""Everything the city holds about one person (Art. 15 and 20 GDPR), found by looking at the models and the data map.

A table is in it because it points at people, or holds words that belong to what they contributed: one that comes later is in
it without a word here. Secrets are named and not shown; other people are never named.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, IntegerField, Model, Q, QuerySet

from accounts.hooks import apart, own_things
from accounts.models import Person
from groundwork.datamap import Personal, described, words

if TYPE_CHECKING:
    from groundwork.datamap import Said

Row = dict[str, Any]
NOT_SHOWN = "(stored, never shown)"
SECRETS = {"password", "data", "session_data", "session_key", "code", "token", "key"}
# Of acts in the journal only what was done and when: their facts may be keys of others.
NOT_OURS = {"journal.Entry": {"data", "hash", "xid"}}


@dataclass(frozen=True)
class Table:
    """One table, the rows of it that say something about a person, and as whom they stand in it."""

    label: str
    rows: QuerySet[Any]
    notes: dict[str, Personal]

    def shown(self, person: Person) -> Iterator[Row]:
        for row in self.rows.iterator(chunk_size=500):
            yield _row(row, self.notes, person)


@dataclass(frozen=True)
class Apart:
    """A table whose rows name nobody in any column: its room finds the person's own."""

    label: str
    rows: Callable[[Person], Iterable[Row]]
    notes: dict[str, Personal]

    def shown(self, person: Person) -> Iterator[Row]:
        yield from self.rows(person)


def tables_of(person: Person) -> list[Table | Apart]:
    """Every table that can hold something about a person, in the order of their names. No query before rows are read."""
    found: list[Table | Apart] = []
    for label, notes in sorted(described().items()):
        if label in apart:
            found.append(Apart(label, apart.get(label), {}))
            continue
        model = apps.get_model(label)
        mine = _mine(model, notes, words().get(label, []), person)
        if mine is not None:
            rows = model._base_manager.filter(mine).order_by("pk")
            found.append(Table(label, rows, {name: note for name, note in notes.items() if note}))
    return found


def everything_about(person: Person) -> dict[str, list[Row]]:
    """The same in one piece, without tables that hold nothing: for tests and small answers."""
    found = {table.label: list(table.shown(person)) for table in tables_of(person)}
    return {label: rows for label, rows in found.items() if rows}


def _mine(
    model: type[Model], notes: dict[str, Personal | None], said: list[Said], person: Person
) -> Q | None:
    """Which rows of a table are about this person; None where none ever can be."""
    if model is Person:
        return Q(pk=person.pk)
    mine = Q()
    for field in model._meta.local_fields:
        note = notes.get(field.name)
        if _at_person(field):
            mine |= Q(**{field.name: person.pk})
        elif note is not None and isinstance(field, ForeignKey):
            # One step further: a letter to an entry of somebody, a code to an address of theirs.
            for further in field.related_model._meta.local_fields:
                if _at_person(further):
                    mine |= Q(**{f"{field.name}__{further.name}": person.pk})
        elif note is not None and note.category == "key" and isinstance(field, IntegerField):
            mine |= Q(**{field.name: person.pk})
    for each in said:
        if each.of and each.fields and each.own:
            for things in own_things:
                mine |= Q(**{f"{each.of}__in": things(person)})
    return mine or None


def _at_person(field: Field[Any, Any]) -> bool:
    return isinstance(field, ForeignKey) and field.related_model is Person


def _row(row: Model, notes: dict[str, Personal], person: Person) -> Row:
    """What a row says to this person. Who stands in it as staff alone is not told what it says about others."""
    hidden = NOT_OURS.get(row._meta.label, set())
    roles = [
        notes[field.name].category
        for field in row._meta.concrete_fields
        if _at_person(field) and getattr(row, field.attname) == person.pk and field.name in notes
    ]
    as_staff = bool(roles) and set(roles) == {"staff"}
    shown: Row = {}
    for field in row._meta.concrete_fields:
        note = notes.get(field.name)
        value = getattr(row, field.attname)
        if field.name in hidden:
            continue
        if _at_person(field):
            if value == person.pk:
                shown[field.name] = "you"
        elif as_staff and note is not None:
            continue
        elif (
            field.name in SECRETS
            and (note is None or note.category == "security")
            and isinstance(value, str | dict)
        ):
            shown[field.name] = NOT_SHOWN
        elif isinstance(field, BinaryField):
            shown[field.name] = NOT_SHOWN if value else None
        else:
            shown[field.name] = plain(value)
    return shown


def plain(value: Any) -> Any:
    """As JSON can say it."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID | timedelta):
        return str(value)
    return repr(value)
