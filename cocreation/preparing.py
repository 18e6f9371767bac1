"""Answering the publish gate: an item is answered in words or left out with a public reason, as long as it is a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cocreation import history, roles
from cocreation.gate import ITEMS, Item
from cocreation.models import ConfigChange, GateAnswer, Process
from cocreation.standard_answers import suggestions_for
from groundwork.answer import Answer, No, Refused, Yes, require

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
NEEDED = _("Please fill this in: it is public in both languages.")


def may_answer_item(person: Person | None, process: Process, item: int) -> Answer:
    """The administration, and in a public process only what nobody has answered yet."""
    may = roles.may_configure(person, process)
    if not may:
        return may
    if process.is_published and process.gate_answers.filter(item=item).exists():
        return No(_("The process was published with this answer. It stays as it was read."))
    return Yes()


@transaction.atomic
def answer_item(
    *,
    process: Process,
    item: int,
    text: Mapping[str, str],
    by: Person,
    at: datetime,
    checked_by: str = "",
    checked_on: date | None = None,
    undoes: ConfigChange | None = None,
) -> GateAnswer:
    """An answer in both languages; it takes the place of an earlier one, or of the reason for leaving the item out."""
    process, what = _locked(process, item, by)
    if what.check is not None:
        raise Refused(
            No(_("The product sees this by itself. It is met as soon as its fields are filled in."))
        )
    errors = {f"text_{code}": [NEEDED] for code in LANGUAGES if not text.get(code, "").strip()}
    if what.who == "must" or (what.who and (checked_by.strip() or checked_on)):
        errors |= {} if checked_by.strip() else {"checked_by": [_("Please say who checked it.")]}
        errors |= {} if checked_on else {"checked_on": [_("Please say on which day it was checked.")]}
    if checked_on and checked_on > timezone.localdate(at):
        errors["checked_on"] = [_("This day has not come yet.")]
    if errors:
        raise ValidationError(errors)
    fields: dict[str, Any] = {f"text_{code}": text[code].strip() for code in LANGUAGES}
    fields |= {"reason_de": "", "reason_en": "", "checked_by": checked_by.strip(), "checked_on": checked_on}
    return _write(process, item, fields, waived=None, by=by, at=at, undoes=undoes)


@transaction.atomic
def leave_out(
    *,
    process: Process,
    item: int,
    reason: Mapping[str, str],
    by: Person,
    at: datetime,
    undoes: ConfigChange | None = None,
) -> GateAnswer:
    """Do without an item, and say in public why."""
    process, what = _locked(process, item, by)
    if not what.waivable:
        raise Refused(No(_("This cannot be left out: without it there is nothing to publish.")))
    if errors := {f"reason_{code}": [NEEDED] for code in LANGUAGES if not reason.get(code, "").strip()}:
        raise ValidationError(errors)
    fields = {f"reason_{code}": reason[code].strip() for code in LANGUAGES}
    return _write(process, item, fields, waived=at, by=by, at=at, undoes=undoes)


@transaction.atomic
def take_back(
    *, process: Process, item: int, by: Person, at: datetime, undoes: ConfigChange | None = None
) -> None:
    """Forget what was said about an item: the suggestion counts again, or the item is open."""
    process, _what = _locked(process, item, by)
    found = process.gate_answers.filter(item=item).first()
    if found is None:
        return
    before = facts_of(found)
    found.delete()
    history.note(
        process=process, what="gate", by=by, at=at, before=before, after={}, part=str(item), undoes=undoes
    )


def _locked(process: Process, item: int, by: Person) -> tuple[Process, Item]:
    process = Process.objects.select_for_update().get(pk=process.pk)
    require(may_answer_item(by, process, item))
    return process, ITEMS[item]


def _write(
    process: Process,
    item: int,
    fields: dict[str, Any],
    *,
    waived: datetime | None,
    by: Person,
    at: datetime,
    undoes: ConfigChange | None,
) -> GateAnswer:
    found = process.gate_answers.filter(item=item).first()
    before = facts_of(found) if found else {}
    answer = found or GateAnswer(process=process, item=item)
    for name, value in fields.items():
        setattr(answer, name, value)
    answer.waived_at, answer.waived_by = waived, by if waived else None
    answer.suggested = False
    answer.full_clean(exclude=["text", "reason"])
    answer.save()
    history.note(
        process=process,
        what="gate",
        by=by,
        at=at,
        before=before,
        after=facts_of(answer),
        part=str(item),
        undoes=undoes,
    )
    return answer


def facts_of(answer: GateAnswer) -> dict[str, Any]:
    found = {
        "waived": answer.is_waived,
        "checked_by": answer.checked_by,
        "checked_on": answer.checked_on.isoformat() if answer.checked_on else "",
    }
    return found | {
        f"{name}_{code}": getattr(answer, f"{name}_{code}") or ""
        for name in ("text", "reason")
        for code in LANGUAGES
    }


def take_over_suggestions(process: Process, by: Person | None, at: datetime) -> None:
    """What the recipe suggested and nobody rewrote becomes the city's own word at the publication. Two queries."""
    suggested = suggestions_for(process.recipe)
    there = set(process.gate_answers.values_list("item", flat=True))
    rows = []
    for number, item in ITEMS.items():
        suggestion = suggested.get(number)
        if suggestion is None or number in there or item.check is not None:
            continue
        row = GateAnswer(process=process, item=number, suggested=True)
        for code in LANGUAGES:
            setattr(row, f"{'reason' if suggestion.left_out else 'text'}_{code}", suggestion.text[code])
        if suggestion.left_out:
            row.waived_at, row.waived_by = at, by
        elif item.who == "must":
            row.checked_by, row.checked_on = process.office.name, timezone.localdate(at)
        rows.append(row)
    GateAnswer.objects.bulk_create(rows)
