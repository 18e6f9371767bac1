"""The inbox of one person, and the parts of "my page" this room adds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef

from accounts.request import asked
from feedback.notices import words
from feedback.notices.actions import rhythms_of
from feedback.notices.models import Kind, Notice, Rhythm
from groundwork.capped import Capped
from groundwork.prepared import Prepared

if TYPE_CHECKING:
    from accounts.models import Person

PAGE = 30

MOST = 10
_unread: Prepared[int] = Prepared(
    lambda person: Notice.objects.of(person).unread().values_list("pk", flat=True)[:MOST], person=-1
)


def asked_unread() -> Capped:
    """The same, to be asked together with the person."""
    new = Notice.objects.filter(person=OuterRef("pk")).visible().unread()
    return Capped(new.values("pk")[:MOST])


def unread(person: Person) -> int:
    """The number of new messages, counted up to ten: the badge says "9+" beyond. Of who is signed in it is known."""
    known: int | None = asked(person, "unread")
    return len(_unread(person=person.pk)) if known is None else known


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
