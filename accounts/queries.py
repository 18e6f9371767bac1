"""Reading people and organisations: names of places, and every column that points at people."""

from __future__ import annotations

from django.db.models import Exists, ForeignObjectRel, OuterRef

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


def organisations_of(person: Person | None) -> list[Organisation]:
    """Those a person may write for. One query; none where the request knows that there are none."""
    if person is None or asked(person, "is_member") is False:
        return []
    return _organisations(person=person.pk)


_organisations: Prepared[Organisation] = Prepared(
    lambda person: Organisation.objects.filter(
        pk__in=Membership.objects.confirmed().filter(person=person).values("organisation")
    ),
    person=-1,
)
asked_with_person.add(
    "is_member", lambda: Exists(Membership.objects.confirmed().filter(person=OuterRef("pk")))
)
