"""Two people (or two tabs) at one form: who saves second is told who saved first, and both texts stay to compare."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now

from groundwork.answer import No, Refused, late
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models.processes import Versioned


class Overtaken(Refused):
    """Somebody saved since this form was opened. `.row` is what is stored now."""

    def __init__(self, row: Versioned, by: Person) -> None:
        self.row = row
        super().__init__(No(late(lambda: sentence(row, by))))


def check(row: Versioned, seen: int | None, by: Person) -> None:
    """Raise `Overtaken` unless `seen` is what is stored. None: somebody who does not look, such as an import."""
    if seen is not None and seen != row.version:
        raise Overtaken(row, by)


def sentence(row: Versioned, by: Person) -> str:
    when = _moment(row.changed_at) if row.changed_at else ""
    if row.changed_by_id == by.pk:
        return _now("You changed this in another window, {when}.").format(when=when)
    who = row.changed_by.public_name if row.changed_by else _now("Somebody")
    return _now("{who} changed this meanwhile, {when}.").format(who=who, when=when)


def _moment(at: datetime) -> str:
    return f"{say.day(at)}, {say.clock(at)}"
