"""Reading people and organisations: names of places, and every column that points at people."""

from __future__ import annotations

from django.db.models import ForeignObjectRel

from accounts.hooks import place_names
from accounts.models import Person


def places() -> dict[str, str]:
    """Names of all places by slug. One query."""
    return {slug: name for source in place_names for slug, name in source().items()}


def residence_words(slug: str) -> str:
    return places().get(slug, slug)


def pointers_at_people() -> list[ForeignObjectRel]:
    """Every column of every table that points at a person, read from the models."""
    fields = Person._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel) and not field.many_to_many]
