"""Where the room joins the house: the section of one's own pages, the consent, the desk, the studio and the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.privacy import consents
from cocreation.desk import Queue, queues
from cocreation.models import Contribution
from cocreation.panels import Panel, Section, process_panels, studio_sections
from feedback import reports
from feedback.reach import asking, own
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process

declare(Verb("reach.questions_chosen", _("Questions about oneself chosen"), public=False, adds=True))
consents.purposes.add(
    own.PURPOSE,
    consents.Purpose(
        own.PURPOSE,
        _("What you said about yourself"),
        _(
            "You agree that the city keeps your answers about yourself, encrypted and apart from your account, and counts them with"
            " those of others to see who takes part. No single answer is shown to anybody. You can take it back at any time; then they go."
        ),
        stop=own.stop,
        order=50,
    ),
)
hooks.closing.add("reach", own.leave)
hooks.apart.add("reach.Answers", own.copy_for)
rules.add(
    "answers-about-oneself",
    Rule(
        "answers-about-oneself",
        _("What people said about themselves"),
        _("two years after they said it last"),
        ("reach.Answers",),
        own.forget_old,
    ),
)


def _asked_on_my_page(person: Person, at: datetime) -> dict[str, Any] | None:
    return {} if own.is_to_be_asked(person, at) else None


hooks.sections.add(
    "about-me",
    hooks.Section("about-me", "feedback/reach/section.html", _asked_on_my_page, column="side", order=20),
)
hooks.data_sections.add(
    "about-me",
    hooks.Section("about-me", "feedback/reach/section_data.html", lambda person, at: {}),
)


def _asked_after_taking_part(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """Once they contributed here: whoever only reads is not asked."""
    if person is None or not own.is_to_be_asked(person, at) or not asking.of_process(process):
        return None
    if not Contribution.objects.filter(process=process, author=person).exists():
        return None
    return {}


process_panels.add(
    "about-me",
    Panel("about-me", "feedback/reach/process_panel.html", _asked_after_taking_part, order=95, personal=True),
)
queues.add(
    "reach",
    Queue(
        "reach", _("Who takes part"), "users", "reach:desk", lambda person, at: None,
        lambda roles: roles.is_staff, order=91,
    ),
)  # fmt: skip


def _studio(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    from feedback.reach.forms import ProcessForm

    city = asking.of_city()
    return {"form": ProcessForm(city=city, chosen=asking.of_process(process)), "city": city}


def _handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    from feedback.reach.forms import ProcessForm

    form = ProcessForm(data, city=asking.of_city(), chosen=[])
    if not form.is_valid():
        return form
    asking.choose_for(process=process, chosen=form.cleaned_data["chosen"], by=person, at=at)
    return None


studio_sections.add(
    "reach",
    Section(
        "reach", "feedback/reach/studio.html", _studio, _handle, words=_("Who takes part"), icon="users", order=85,
        first=False,
    ),
)  # fmt: skip


def _for_report(process: Process) -> dict[str, dict[str, int | None]]:
    from feedback.reach import figures

    return figures.shown_of(process)


def _in_words(shown: Mapping[str, Mapping[str, int | None]]) -> list[reports.ToldTable]:
    from feedback.reach import figures
    from feedback.reach.words import report_tables

    return report_tables(figures.compared(shown))


reports.tellers.add("reach", reports.Teller(_for_report, _in_words))
