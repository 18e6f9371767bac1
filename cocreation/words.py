"""Sentences about time that several rooms say in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No
from groundwork.html import say

if TYPE_CHECKING:
    from datetime import datetime

    from cocreation.models import Phase, Process


class Moment:
    """A moment said in the reader's language, late: rules run before the language of an e-mail is known."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __str__(self) -> str:
        return f"{say.day(self.at)}, {say.clock(self.at)}"


def not_open_yet(phase: Phase) -> No:
    if phase.starts is None:
        return No(format_lazy(_("“{phase}” has no date yet."), phase=phase.name))
    return No(format_lazy(_("“{phase}” opens on {when}."), phase=phase.name, when=Moment(phase.starts)))


def over_since(phase: Phase) -> No:
    return No(format_lazy(_("“{phase}” closed on {when}."), phase=phase.name, when=Moment(phase.ends)))  # type: ignore[arg-type]


class _Reason:
    """Why a process was stopped, in the reader's language, as late as the moment."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def __str__(self) -> str:
        return self.process.stop_reason


def stopped(process: Process) -> No:
    return No(
        format_lazy(
            _("This process was stopped on {when}: {reason}"),
            when=Moment(process.stopped_at),  # type: ignore[arg-type]
            reason=_Reason(process),
        )
    )


# The states of a process as people name them; "" stands for all of them.
state_names = {
    "": _("All"),
    "open": _("Open now"),
    "announced": _("Coming up"),
    "over": _("Finished"),
    "archived": _("Archived"),
}
