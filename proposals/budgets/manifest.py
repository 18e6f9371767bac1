"""The recipe "participatory budget", and the money on the pages of a process and in the studio."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation.panels import Panel, Section, process_panels, studio_sections
from cocreation.recipes import PhasePlan, Recipe, recipes
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process

declare(Verb("budget.set", _("Budget set")))

recipes.add(
    "participatory_budget",
    Recipe(
        slug="participatory_budget",
        name=_("Participatory budget"),
        about=_("People propose, the offices do the sums, residents vote on the money, the city answers."),
        picture="m-budget",
        promise="empower",
        minutes=5,
        phases=(
            PhasePlan(
                "ideen",
                "ideas",
                {"de": "Ideen", "en": "Ideas"},
                days=42,
                text={
                    "de": "Alle dürfen vorschlagen, wofür das Geld da sein soll.",
                    "en": "Anyone may propose what the money should be for.",
                },
            ),
            PhasePlan(
                "pruefung",
                "assessment",
                {"de": "Prüfung", "en": "Assessment"},
                days=28,
                text={
                    "de": "Die Ämter prüfen, was geht und was es kostet.",
                    "en": "The offices check what is possible and what it costs.",
                },
            ),
            PhasePlan(
                "abstimmung",
                "ballot",
                {"de": "Abstimmung", "en": "Vote"},
                days=14,
                text={
                    "de": "Alle machbaren Projekte, ein Budget, Ihre Stimme.",
                    "en": "All feasible projects, one budget, your vote.",
                },
            ),
            PhasePlan(
                "antwort",
                "answer",
                {"de": "Antwort der Stadt", "en": "The city's answer"},
                days=30,
                text={
                    "de": "Die Stadt sagt öffentlich, was sie wann umsetzt.",
                    "en": "The city says in public what it will do, and when.",
                },
            ),
        ),
        texts={
            "what_open": {"de": "Welche Projekte Geld bekommen.", "en": "Which projects get money."},
            "what_fixed": {
                "de": "Die Summe. Was ein Projekt jedes Jahr kostet, zahlt die Stadt zusätzlich.",
                "en": "The total. What a project costs every year is paid by the city on top.",
            },
            "how_decided": {
                "de": "Sie wählen Projekte, die zusammen in das Budget passen. Das Projekt mit den meisten Stimmen bekommt"
                " zuerst Geld, dann das nächste. Was nicht mehr passt, wird übersprungen.",
                "en": "You choose projects that fit the budget together. The project with the most votes gets money first,"
                " then the next one. What no longer fits is skipped.",
            },
        },
    ),
)


def _panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    from proposals.budgets import panels

    return panels.of_process(process)


def _studio(process: Process, person: Person, at: datetime) -> dict[str, Any] | None:
    from proposals.budgets import panels

    return panels.studio(process, person, at)


def _handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    from proposals.budgets import panels

    return panels.handle(process, person, at, data)


process_panels.add("budgets", Panel("budgets", "proposals/budgets/process_panel.html", _panel, order=12))
studio_sections.add(
    "budget",
    Section(
        "budget",
        "proposals/budgets/studio.html",
        _studio,
        _handle,
        words=_("Budget"),
        icon="piggy-bank",
        order=20,
    ),
)
