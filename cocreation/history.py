"""The staff history of a configuration: every change, also of drafts, with what it was before. Nothing in it is rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cocreation.differences import Piece, word_difference
from cocreation.models import ConfigChange, Office, Phase, Process
from cocreation.models.care import moment_of
from groundwork.answer import Words
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
Facts = dict[str, Any]

# What a step of the history is called.
WHAT: dict[str, Words] = {
    "created": _("Draft created"),
    "texts": _("Texts and places changed"),
    "phase": _("Phase changed"),
    "line": _("Line of phases changed"),
    "budget": _("Budget set"),
    "gate": _("Answer to the gate changed"),
    "published": _("Published"),
    "scheduled": _("Publication planned"),
    "unscheduled": _("Planned publication called off"),
    "not_published": _("Not published at the planned moment: something was missing"),
    "preview": _("Preview link made"),
    "preview_off": _("Preview link revoked"),
    "stopped": _("Stopped"),
    "archived": _("Moved to the archive"),
    "unarchived": _("Taken back out of the archive"),
}


def note(
    *,
    process: Process,
    what: str,
    by: Person | None,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    part: str = "",
    undoes: ConfigChange | None = None,
) -> ConfigChange | None:
    """One step. Of `before` and `after` only what differs is kept; where both are given and equal, nothing happened."""
    if what not in WHAT:
        raise KeyError(f"The history has no word for {what!r}.")
    old, new = dict(before or {}), dict(after or {})
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if before is not None and not changed:
        return None
    return ConfigChange.objects.create(
        process=process,
        at=at,
        by=by,
        what=what,
        part=part,
        before={key: old.get(key) for key in changed},
        after={key: new.get(key) for key in changed},
        undoes=undoes,
    )


def facts_of_process(process: Process, texts: tuple[str, ...], settings: tuple[str, ...]) -> Facts:
    """Texts by column, settings and places as JSON keeps them."""
    found: Facts = {
        f"{name}_{code}": getattr(process, f"{name}_{code}") or "" for name in texts for code in LANGUAGES
    }
    found |= {name: _plain(getattr(process, name)) for name in settings}
    found["places"] = sorted(process.places.values_list("slug", flat=True))
    return found


def facts_of_phase(phase: Phase) -> Facts:
    return {
        **{
            f"{name}_{code}": getattr(phase, f"{name}_{code}") or ""
            for name in ("name", "text")
            for code in LANGUAGES
        },
        "starts": _plain(phase.starts),
        "ends": _plain(phase.ends),
        "acts": sorted(phase.acts),
        "audience": dict(phase.audience),
        "options": dict(phase.options),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.slug if isinstance(value, Office) else value


# --- for the page ---


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    pieces: list[Piece]


def lines_of(change: ConfigChange) -> list[Line]:
    """What differs, field by field, in words."""
    return [
        Line(
            name_of(change.what, field),
            word_difference(_said(change.before.get(field)), _said(change.after.get(field))),
        )
        for field in change.after
        if change.before.get(field) or change.after[field]
    ]


_OTHER_NAMES: dict[str, Words] = {
    "places": _("Places"), "acts": _("What is possible in this phase"), "audience": _("Who may do it"),
    "options": _("Options of the method"), "waived": _("left out"), "checked_by": _("who checked it"),
    "checked_on": _("when it was checked"), "amount": _("Amount"), "shares": _("Version of the shares"), "reason_de": _("Reason (German)"),
    "reason_en": _("Reason (English)"), "text_de": _("Text (German)"), "text_en": _("Text (English)"),
    "moment": _("Moment"), "phase": _("phase"), "method": _("Method"), "item": _("Item"), "points": _("Missing"), "title": _("short name"),
}  # fmt: skip


def name_of(what: str, field: str) -> str:
    """The field as its form calls it."""
    if field in _OTHER_NAMES:
        name = str(_OTHER_NAMES[field])
        return name[:1].upper() + name[1:]
    model = Phase if what in ("phase", "line") else Process
    base, code = (field[:-3], field[-2:]) if field[-3:] in ("_de", "_en") else (field, "")
    try:
        name = str(model._meta.get_field(base).verbose_name)  # type: ignore[union-attr]
    except LookupError:
        name = base
    name = name[:1].upper() + name[1:]
    return f"{name} ({_t('German') if code == 'de' else _t('English')})" if code else name


def _said(value: Any) -> str:
    """A value as text: moments as people say them, lists and options written out."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(each)}" for key, each in sorted(value.items()) if key != "version")
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and value[10:11] == "T":
        moment = moment_of(value)
        return say.when(moment) if moment else value
    return str(value)
