"""Undo in the staff history: what was before is set again by the same action, and so under the same rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation import history, lifecycle, preparing, roles
from cocreation.actions import SETTINGS, TEXTS, PhaseChange, change_phase, change_process
from cocreation.models import ConfigChange, Office, Place, Process
from cocreation.models.care import moment_of
from groundwork.answer import Answer, No, Refused, Yes, require

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
Reason = dict[str, str] | None
Undo = Callable[[ConfigChange, "Person", datetime, Reason], None]


def may_be_undone(change: ConfigChange) -> Answer:
    """Whether this kind of step can be undone at all, and was not yet. What stands in the way now, the action says."""
    if change.what not in _UNDO:
        return No(_("This step cannot be undone."))
    if getattr(change, "undone_by", None) is not None:
        return No(_("This was undone already."))
    return Yes()


@transaction.atomic
def undo(*, change: ConfigChange, by: Person, at: datetime, reason: Reason = None) -> None:
    """Set what was before. Refused where it was changed again since, and wherever the same change would be refused now."""
    require(roles.may_configure(by, change.process))
    process = Process.objects.select_for_update().get(pk=change.process_id)
    change.process = process
    require(may_be_undone(change))
    _UNDO[change.what](change, by, at, reason)


def _untouched(change: ConfigChange, now: dict[str, Any]) -> None:
    if any(now.get(field) != value for field, value in change.after.items()):
        raise Refused(No(_("This was changed again later. Undo the later change first.")))


def _texts(change: ConfigChange, by: Person, at: datetime, reason: Reason) -> None:
    process = change.process
    facts = history.facts_of_process(process, TEXTS, SETTINGS)
    _untouched(change, facts)
    facts |= change.before
    settings = {name: facts[name] for name in SETTINGS}
    settings["office"] = Office.objects.get(slug=settings["office"])
    settings["answer_by"] = moment_of(settings["answer_by"])
    change_process(
        process=process,
        texts={f"{name}_{code}": facts[f"{name}_{code}"] for name in TEXTS for code in LANGUAGES},
        settings=settings,
        places=list(Place.objects.filter(slug__in=facts["places"])),
        by=by,
        at=at,
        reason=reason,
        undoes=change,
    )


def _phase(change: ConfigChange, by: Person, at: datetime, reason: Reason) -> None:
    phase = change.process.phases.filter(key=change.part).first()
    if phase is None:
        raise Refused(No(_("This phase does not exist any more.")))
    facts = history.facts_of_phase(phase)
    _untouched(change, facts)
    facts |= change.before
    phase.options = facts["options"]
    change_phase(
        phase=phase,
        change=PhaseChange(
            name={code: facts[f"name_{code}"] for code in LANGUAGES},
            text={code: facts[f"text_{code}"] for code in LANGUAGES},
            starts=moment_of(facts["starts"]),
            ends=moment_of(facts["ends"]),
            acts=facts["acts"],
            audience=facts["audience"],
            options=dataclasses.replace(phase.opts),
        ),
        by=by,
        at=at,
        reason=reason,
        undoes=change,
    )


def _gate(change: ConfigChange, by: Person, at: datetime, reason: Reason) -> None:
    item = _item_of(change)
    found = change.process.gate_answers.filter(item=item).first()
    now = preparing.facts_of(found) if found else {}
    _untouched(change, now)
    before = now | change.before
    about: dict[str, Any] = {"process": change.process, "item": item, "by": by, "at": at, "undoes": change}
    if before.get("waived"):
        preparing.leave_out(reason={code: before[f"reason_{code}"] for code in LANGUAGES}, **about)
    elif before.get("text_de"):
        day = before.get("checked_on")
        preparing.answer_item(
            text={code: before[f"text_{code}"] for code in LANGUAGES},
            checked_by=before.get("checked_by") or "",
            checked_on=date.fromisoformat(day) if day else None,
            **about,
        )
    else:
        preparing.take_back(**about)


def _item_of(change: ConfigChange) -> int:
    return int(change.part)


def _archived(change: ConfigChange, by: Person, at: datetime, reason: Reason) -> None:
    lifecycle.unarchive_process(process=change.process, by=by, at=at)


def _scheduled(change: ConfigChange, by: Person, at: datetime, reason: Reason) -> None:
    lifecycle.unschedule_publication(process=change.process, by=by, at=at)


_UNDO: dict[str, Undo] = {
    "texts": _texts, "phase": _phase, "gate": _gate, "archived": _archived, "scheduled": _scheduled,
}  # fmt: skip
