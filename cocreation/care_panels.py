"""Two sections of the public page: how a process was prepared, and what was changed in it after the start."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cocreation.changes import lines_of
from cocreation.gate import ITEMS, SUMMARY
from cocreation.models import GateAnswer
from cocreation.panels import Panel, process_panels
from cocreation.standard_answers import suggestions_for

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process


def prepared(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The answers to the gate and what was left out. A draft shows what it would say. One query."""
    found = {answer.item: answer for answer in process.gate_answers.all()}
    if not process.is_published:
        found = _suggested(process) | found
    if not found:
        return None
    rows = [(ITEMS[number].words, found[number]) for number in sorted(found)]
    summary = found.get(SUMMARY)
    shown = summary if summary is not None and not summary.is_waived else None
    tested = bool(shown and shown.checked_by and shown.checked_on)
    return {
        "answers": [
            (words, answer) for words, answer in rows if not answer.is_waived and answer.item != SUMMARY
        ],
        "left_out": [(words, answer) for words, answer in rows if answer.is_waived],
        "summary": shown,
        # Only what people who need it have read may be called easy to read.
        "tested": tested,
        "summary_label": _("Easy to read") if tested else _("In plain language"),
    }


def _suggested(process: Process) -> dict[int, GateAnswer]:
    rows = {}
    for item, suggestion in suggestions_for(process.recipe).items():
        row = GateAnswer(item=item, waived_at=process.created_at if suggestion.left_out else None)
        for code, words in suggestion.text.items():
            setattr(row, f"{'reason' if suggestion.left_out else 'text'}_{code}", words)
        rows[item] = row
    return rows


def changed(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The public changes, the newest on top. Not asked before the process has begun. One query."""
    if not process.has_begun(at):
        return None
    records = list(process.change_records.all())
    return {"records": [(record, lines_of(record)) for record in records]} if records else None


process_panels.add("changed", Panel("changed", "cocreation/changed.html", changed, order=5))
process_panels.add("prepared", Panel("prepared", "cocreation/prepared.html", prepared, order=90))
