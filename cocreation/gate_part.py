"""What was said about the preparation of a process travels with it: as suggestions that the next city has to read.

Who checked something and when stays at home: that was said of another city's process.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import reading
from cocreation.gate import ITEMS
from cocreation.models import GateAnswer
from cocreation.parts import Part, package_parts

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

LANGUAGES = reading.LANGUAGES
_read = reading.record(
    {"item": reading.number(1, 20), "text": reading.both(1000), "reason": reading.both(600)}, ("item",)
)


def dump(process: Process) -> list[dict[str, Any]] | None:
    """Answers and reasons by item, in both languages."""
    found: list[dict[str, Any]] = []
    for answer in process.gate_answers.order_by("item"):
        if answer.checked_by or answer.checked_on:
            continue
        said = "reason" if answer.waived_at else "text"
        words = {code: getattr(answer, f"{said}_{code}") or "" for code in LANGUAGES}
        if all(words.values()):
            found.append({"item": answer.item, said: words})
    return found or None


def check(data: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(data, list) or len(data) > len(ITEMS):
        reading.refuse(where, _("a list of answers is expected"))
    found = [_read(each, f"{where}.{number}") for number, each in enumerate(data)]
    if len({each["item"] for each in found}) != len(found):
        reading.refuse(where, _("an item is answered twice"))
    for number, each in enumerate(found):
        said = each.get("reason") or each.get("text") or {}
        if not all(said.get(code, "").strip() for code in LANGUAGES) or ("reason" in each) == (
            "text" in each
        ):
            reading.refuse(f"{where}.{number}", _("an answer or a reason in both languages is expected"))
        if "reason" in each and not ITEMS[each["item"]].waivable:
            reading.refuse(f"{where}.{number}", _("this item cannot be left out"))
    return found


def load(process: Process, data: list[dict[str, Any]], by: Person, at: datetime) -> None:
    for each in data:
        answer = GateAnswer(process=process, item=each["item"], suggested=True)
        for said in ("text", "reason"):
            for code, words in each.get(said, {}).items():
                setattr(answer, f"{said}_{code}", words)
        if "reason" in each:
            answer.waived_at, answer.waived_by = at, by
        answer.save()


package_parts.add("gate", Part("gate", _("How the process was prepared"), dump, check, load))
