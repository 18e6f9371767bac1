"""Reading people and organisations: names of places, and every column that points at people."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import ForeignObjectRel, OuterRef
from django.db.models.functions import JSONObject

from accounts.hooks import asked_with_person, place_names
from accounts.models import Membership, Organisation, Person
from accounts.request import asked
from groundwork.prepared import Prepared


def places() -> dict[str, str]:
    """Names of all places by slug. One query."""
    return {slug: name for source in place_names for slug, name in source().items()}


def residence_words(slug: str) -> str:
    return places().get(slug, slug)


def pointers_at_people() -> list[ForeignObjectRel]:
    """Every column of every table that points at a person, read from the models."""
    fields = Person._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel) and not field.many_to_many]


SHOWN = ["id", "slug", "name", "kind"]


def organisations_of(person: Person | None) -> list[Organisation]:
    """Those a person may write for. One query; none for who is signed in."""
    if person is None:
        return []
    known: list[dict[str, Any]] | None = asked(person, "organisations")
    if known is None:
        return _organisations(person=person.pk)
    # JSON of the database keeps no order of its keys, and `from_db` reads values in the order of the columns.
    return [Organisation.from_db(person._state.db, SHOWN, [row[name] for name in SHOWN]) for row in known]


_organisations: Prepared[Organisation] = Prepared(
    lambda person: Organisation.objects.filter(
        pk__in=Membership.objects.confirmed().filter(person=person).values("organisation")
    ),
    person=-1,
)


def _asked_organisations() -> ArraySubquery:
    """The same together with the person: what forms and pages name them by."""
    mine = Membership.objects.confirmed().filter(person=OuterRef(OuterRef("pk"))).values("organisation")
    shown = JSONObject(**{name: name for name in SHOWN})
    return ArraySubquery(Organisation.objects.filter(pk__in=mine).order_by("name", "pk").values(row=shown))


asked_with_person.add("organisations", _asked_organisations)
