"""The money on the pages of a process and in the studio."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation.panels import Panel, Section, process_panels, studio_sections
from cocreation.parts import Part, package_parts
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process

declare(
    Verb("budget.set", _("Budget set")),
    Verb("money.divided", _("How the money is divided was published")),
)


def _panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    from proposals.budgets import panels

    return panels.of_process(process)


def _has_a_vote(process: Process) -> bool:
    from proposals.budgets import rules

    return any(rules.is_about_money(phase) for phase in rules.ballots_of(process))


def _studio(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    from proposals.budgets import panels

    return panels.studio(process, person, at)


def _handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    from proposals.budgets import panels

    return panels.handle(process, person, at, data)


def _shares(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    from proposals.budgets import panels

    return panels.shares_studio(process, person, at)


def _handle_shares(
    process: Process, person: Person, at: datetime, data: Mapping[str, Any]
) -> BaseForm | None:
    from proposals.budgets import panels

    return panels.handle_shares(process, person, at, data)


process_panels.add("budgets", Panel("budgets", "proposals/budgets/process_panel.html", _panel, order=12))
studio_sections.add(
    "budget",
    Section(
        "budget",
        "proposals/budgets/studio.html",
        _studio,
        _handle,
        concerns=_has_a_vote,
        words=_("Budget"),
        icon="piggy-bank",
        order=20,
    ),
)
studio_sections.add(
    "shares",
    Section(
        "shares",
        "proposals/budgets/shares_studio.html",
        _shares,
        _handle_shares,
        concerns=_has_a_vote,
        words=_("Shares of the places"),
        icon="split",
        order=21,
        first=False,
        save=_("Publish the shares"),
        css="css/money.css",
        live=True,
    ),
)


def _dump(process: Process) -> Any:
    from proposals.budgets import travel

    return travel.dump(process)


def _check(data: Any, where: str) -> Any:
    from proposals.budgets import travel

    return travel.check(data, where)


def _load(process: Process, data: Any, by: Person, at: datetime) -> None:
    from proposals.budgets import travel

    travel.load(process, data, by, at)


package_parts.add("budget", Part("budget", _("Budget"), _dump, _check, _load, public=True))
