"""The inbox of one person, and the parts of "my page" this room adds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from feedback.notices import words
from feedback.notices.actions import rhythms_of
from feedback.notices.models import Kind, Notice, Rhythm
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person

PAGE = 30

_unread: Prepared[int] = Prepared(
    lambda person: Notice.objects.of(person).unread().values_list("pk", flat=True)[:10], person=-1
)


def unread(person: Person) -> int:
    """The number of new messages, counted up to ten: the badge says "9+" beyond. One query."""
    return len(_unread(person=person.pk))


def groups_of(
    person: Person, before: int | None = None, size: int = PAGE
) -> tuple[list[words.Group], int | None]:
    """The newest messages grouped by thing, and the event to go on from: of each a person has one message."""
    rows = Notice.objects.of(person).with_things().order_by("-entry_id")
    if before:
        rows = rows.filter(entry_id__lt=before)
    found = list(rows[: size + 1])
    return words.grouped(found[:size]), found[size - 1].entry_id if len(found) > size else None


def section_new(person: Person, at: datetime) -> dict[str, Any]:
    """What is new, three things at most."""
    newest = list(Notice.objects.of(person).unread().with_things().order_by("-created_at", "-pk")[:20])
    groups = words.grouped(newest)
    return {"groups": groups[:3], "more": max(0, len(groups) - 3)}


def section_mail(person: Person, at: datetime) -> dict[str, Any] | None:
    """How often mail comes, to be changed on the spot. Nothing for who has no address."""
    if person.is_guest:
        return None
    return {"kinds": kinds_of(person), "rhythms": Rhythm.choices}


def kinds_of(person: Person) -> list[tuple[str, Any, str]]:
    chosen = rhythms_of(person)
    return [(kind.value, kind.label, chosen[kind.value]) for kind in Kind]
