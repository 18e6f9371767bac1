"""What a process still owes before it may be closed: an outcome for every contribution, and that its author was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from cocreation.lifecycle import Lacking, closing, publishing
from cocreation.models import Process
from feedback import clocks
from groundwork.registry import Registry

# Rooms that tell people say whom they have not told yet: (process) -> how many authors wait to hear of an outcome.
untold: Registry[Callable[[Process], int]] = Registry("teller of outcomes")


def owes(process: Process, at: datetime) -> list[Lacking]:
    """Only where the city answers at all."""
    if clocks.answer_phase(process) is None:
        return []
    found = []
    if n := len(clocks.without_outcome(process)):
        words = ngettext(
            "%(n)s contribution has no outcome yet.", "%(n)s contributions have no outcome yet.", n
        )
        found.append(
            Lacking(words % {"n": n}, reverse("feedback:desk_many", args=[process.slug]) + "?open=1")
        )
    if n := sum(ask(process) for ask in untold):
        words = ngettext("%(n)s author has not been told yet.", "%(n)s authors have not been told yet.", n)
        found.append(Lacking(words % {"n": n}))
    return found


def _fix(process: Process, at: datetime) -> None:
    clocks.fix_date(process, at)


closing.add("answers", owes)
publishing.add("answers", _fix)
