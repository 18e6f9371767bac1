"""What a person does with notices: read them, choose a rhythm, stop the mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.notices.models import DEFAULTS, Kind, Notice, Preference, Rhythm, due_at
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person


def mark_read(*, by: Person, at: datetime, notices: Iterable[int] | None = None) -> int:
    """Mark these of one's own notices as read, or all of them. Returns how many were new."""
    mine = Notice.objects.filter(person=by).unread()
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    return mine.update(read_at=at)


def forget_past(now: datetime) -> int:
    """Messages about a moment that is over go: a reminder of yesterday helps nobody. Returns how many."""
    return Notice.objects.filter(until__lte=now).delete()[0]


@transaction.atomic
def choose_rhythm(*, by: Person, rhythms: Mapping[str, str], at: datetime) -> None:
    """How often mail of each kind comes. It holds for what still waits, too: "never" means from this moment on."""
    for kind, rhythm in rhythms.items():
        if kind not in Kind.values or rhythm not in Rhythm.values:
            raise Refused(No(_("This rhythm is not known.")))
    now_chosen = rhythms_of(by)
    for kind, rhythm in rhythms.items():
        Preference.objects.update_or_create(person=by, kind=kind, defaults={"rhythm": rhythm})
        if now_chosen[kind] == rhythm:
            continue
        # What a worker holds already goes out as it is.
        waiting = Notice.objects.filter(person=by, kind=kind, claimed_at__isnull=True).waiting()
        waiting.update(rhythm=rhythm, due_at=due_at(rhythm, at))


def stop_mail(*, by: Person, at: datetime, kinds: Iterable[str] | None = None) -> None:
    """No more mail of these kinds, or none at all. The inbox keeps telling."""
    choose_rhythm(by=by, rhythms=dict.fromkeys(kinds or Kind.values, Rhythm.NONE.value), at=at)


def rhythms_of(person: Person) -> dict[str, str]:
    """The rhythm of every kind, chosen or default. One query."""
    chosen = dict(Preference.objects.filter(person=person).values_list("kind", "rhythm"))
    return {kind: chosen.get(kind, default) for kind, default in DEFAULTS.items()}
