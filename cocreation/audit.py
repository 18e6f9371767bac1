"""What staff did with the data of others: the entries of the journal that name whose data it was.

An action of the city on somebody's data records itself with `on_data_of(person)`; such entries are the audit. They are
append-only and chained like the whole journal, and hold keys only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.answer import Words
from groundwork.html.paging import keyset
from groundwork.journal.api import verbs
from groundwork.journal.models import Entry

if TYPE_CHECKING:
    from accounts.models import Person


def on_data_of(person: Person | int | None, **more: Any) -> dict[str, Any]:
    """The facts of an entry about somebody's data; None where nobody is known (any more)."""
    return {"about": person if isinstance(person, int) or person is None else person.pk, **more}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the administration reads it."""

    number: int | None
    at: datetime
    did: Words
    by: str
    about: str
    about_key: int | None
    thing: str


def lines(
    after: str | None, *, about: int | None = None, size: int = 50, without: Collection[str] = ()
) -> tuple[list[Line], str | None]:
    """The newest acts first, of all people or on the data of one, and the token of the next page; `without` leaves out verbs.
    Two queries."""
    from accounts.models import Person

    found = Entry.objects.filter(data__has_key="about")
    if about is not None:
        found = found.filter(data__about=about)
    if without:
        found = found.exclude(verb__in=without)
    page = keyset(found, ("-id",), after=after, size=size)
    keys = {key for entry in page.items for key in (entry.actor_id, entry.data["about"]) if key is not None}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "public_name"))
    told = []
    for entry in page.items:
        verb, key = verbs.find(entry.verb), entry.data["about"]
        told.append(
            Line(
                entry.seq, entry.at, verb.label if verb else entry.verb, names.get(entry.actor_id or 0, ""),
                names.get(key, ""), key if key in names else None, f"#{entry.subject_key}",
            )
        )  # fmt: skip
    return told, page.next_token
