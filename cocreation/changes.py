"""Scope and promise stand once the first phase has begun. What must change all the same changes in public: with a record
of before and after, a reason, and a message to everybody who follows or takes part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.differences import Piece, word_difference
from cocreation.models import ChangeRecord, Process
from cocreation.models.care import moment_of
from groundwork.answer import Words
from groundwork.html import say
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
TEXTS = ("question", "what_open", "what_fixed", "how_decided", "decides")
Scope = dict[tuple[str, str], Any]
Reason = dict[str, str]

NAMES: dict[str, Words] = {
    "question": _("Question"),
    "what_open": _("What is open"),
    "what_fixed": _("What is fixed"),
    "how_decided": _("How it is decided"),
    "decides": _("Who decides"),
    "promise": _("Promise"),
    "office": _("Responsible office"),
    "places": _("Places"),
    "answer_by": _("Answer by"),
    "starts": _("Begins"),
    "ends": _("Ends"),
}


def scope_of(process: Process) -> Scope:
    """What stands after the start: texts, promise, office, places, dates, and the borders of every phase.

    Read from the database, so that before and after a change can be compared. Three queries.
    """
    process = Process.objects.select_related("office").get(pk=process.pk)
    found: Scope = {("", name): _in_languages(process, name) for name in TEXTS}
    places = list(process.places.order_by("pk"))
    found["", "promise"] = {"promise": process.promise}
    found["", "office"] = _in_languages(process.office, "name")
    found["", "places"] = {
        code: ", ".join(_in_languages(p, "name")[code] for p in places) for code in LANGUAGES
    }
    found["", "answer_by"] = _moment(process.answer_by)
    for phase in process.line:
        found[phase.key, "starts"], found[phase.key, "ends"] = _moment(phase.starts), _moment(phase.ends)
    return found


def _in_languages(thing: object, name: str) -> dict[str, str]:
    return {code: getattr(thing, f"{name}_{code}") or "" for code in LANGUAGES}


def _moment(value: datetime | None) -> dict[str, str | None]:
    return {"at": value.isoformat() if value else None}


def differences(before: Scope, after: Scope) -> list[dict[str, Any]]:
    """Field by field; a phase that came or went has no before or no after."""
    return [
        {
            "phase": phase,
            "field": field,
            "before": before.get((phase, field)),
            "after": after.get((phase, field)),
        }
        for phase, field in {**before, **after}
        if before.get((phase, field)) != after.get((phase, field))
    ]


def amend(
    *, process: Process, before: Scope, reason: Reason | None, by: Person | None, at: datetime
) -> ChangeRecord | None:
    """Call it last, in the transaction of the change: the record of what differs now from `before`, if anything does.

    Raises ValidationError beside the reason where it is missing, and the change is undone with it. None before the first
    phase began, and when nothing that stands was touched.
    """
    process.__dict__.pop("line", None)
    changes = differences(before, scope_of(process))
    if not changes or not _had_begun(process, before, at):
        return None
    reason = {code: (reason or {}).get(code, "").strip() for code in LANGUAGES}
    if missing := {f"reason_{code}": [NEEDED] for code in LANGUAGES if not reason[code]}:
        raise ValidationError(missing)
    names = {phase.key: _in_languages(phase, "name") for phase in process.line}
    for change in changes:
        change["name"] = names.get(change["phase"], {}) if change["phase"] else {}
    record = ChangeRecord.objects.create(
        process=process, at=at, by=by, reason_de=reason["de"], reason_en=reason["en"], changes=changes
    )
    journal.record(
        "process.amended", by=by, on=process, process=process, at=at, data={"change_record": record.pk}
    )
    return record


NEEDED = _("This process has begun. Say in public why this changes now; everybody concerned is told.")


def _had_begun(process: Process, before: Scope, at: datetime) -> bool:
    """By the borders before or after the change: nobody un-begins a process by moving its start."""
    if not process.is_published:
        return False
    starts = [
        moment_of(value["at"]) for (phase, field), value in before.items() if phase and field == "starts"
    ]
    return process.has_begun(at) or any(start and start <= at for start in starts)


# --- the records, for people ---


@dataclass(frozen=True, slots=True)
class Line:
    """One changed field in words: what it was called, and the difference word by word."""

    name: Words
    pieces: list[Piece]


def lines_of(record: ChangeRecord) -> list[Line]:
    """In the reader's language; a text that differs only in the other language is shown in that one."""
    return [Line(_name(change), _pieces(change)) for change in record.changes]


def _name(change: dict[str, Any]) -> str:
    name = str(NAMES.get(change["field"], change["field"]))
    if not change.get("phase"):
        return name
    phase = _said(change.get("name") or {}) or change["phase"]
    return f"“{phase}”: {name}" if get_language() != "de" else f"„{phase}“: {name}"


def _pieces(change: dict[str, Any]) -> list[Piece]:
    before, after = change["before"] or {}, change["after"] or {}
    old, new = _said(before), _said(after)
    if old == new:  # only the other language changed
        other = "en" if (get_language() or "de")[:2] == "de" else "de"
        old, new = str(before.get(other, "")), str(after.get(other, ""))
    return word_difference(old, new)


def _said(value: dict[str, Any]) -> str:
    if "at" in value:
        moment = moment_of(value["at"])
        return say.when(moment) if moment else ""
    if "promise" in value:
        return str(Process.Promise(value["promise"]).label)
    language = (get_language() or "de")[:2]
    return str(value.get(language) or value.get("de") or "")
