"""What is missing: the questions a process must answer before it may be published, each with the field to jump to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase, Process
from groundwork.answer import Words


@dataclass(frozen=True, slots=True)
class Missing:
    """An unanswered question; `phase` is None for the process itself, `field` the form field it jumps to."""

    words: Words
    field: str
    phase: Phase | None = None


_TEXTS: list[tuple[str, Words]] = [
    ("question", _("The question to the people")),
    ("lead", _("The introduction")),
    ("what_open", _("What is open")),
    ("what_fixed", _("What is fixed")),
    ("how_decided", _("How it is decided")),
    ("decides", _("Who decides")),
    ("offline", _("A way to take part without the internet")),
]
_LANGUAGES: list[tuple[str, Words]] = [("de", _("German")), ("en", _("English"))]


def gaps_of(process: Process) -> list[Missing]:
    """Everything that is missing before publication, in the order of the form. Two queries."""
    found: list[Missing] = []
    for field, words in _TEXTS:
        for code, language in _LANGUAGES:
            if not getattr(process, f"{field}_{code}"):
                found.append(
                    Missing(
                        format_lazy("{words} ({language})", words=words, language=language), f"{field}_{code}"
                    )
                )
    if process.answer_by is None:
        found.append(Missing(_("Until when the city answers"), "answer_by"))
    if not process.places.exists():
        found.append(Missing(_("The places it is about"), "places"))
    phases = process.line
    if not phases:
        found.append(Missing(_("At least one phase"), "phases"))
    for phase in phases:
        found.extend(phase_gaps(phase))
    if phases and not any(phase.method == "answer" for phase in phases):
        found.append(Missing(_("A phase in which the city answers"), "phases"))
    return found


def phase_gaps(phase: Phase) -> list[Missing]:
    found: list[Missing] = []
    for code, language in _LANGUAGES:
        if not getattr(phase, f"name_{code}"):
            found.append(
                Missing(
                    format_lazy(_("Name of the phase ({language})"), language=language), f"name_{code}", phase
                )
            )
    if phase.starts is None:
        found.append(Missing(format_lazy(_("Start of “{phase}”"), phase=phase.name), "starts", phase))
    if phase.ends is None:
        found.append(Missing(format_lazy(_("End of “{phase}”"), phase=phase.name), "ends", phase))
    found.extend(Missing(gap.words, gap.field, phase) for gap in phase.kind.gaps(phase))
    return found
