"""What the room declares: its verbs, its queues on the desk, its section of the studio and what travels with a process."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import hooks
from cocreation.desk import Queue, queues
from cocreation.moderation import retention
from cocreation.panels import Section, studio_sections
from cocreation.parts import Part, package_parts
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm

    from accounts.models import Person
    from cocreation.models import Process

declare(
    Verb("moderation.reported", _("Reported to moderation"), public=False, adds=True),
    Verb("moderation.decided", _("Moderation decided"), public=False),
    Verb("moderation.undone", _("Decision of moderation taken back"), public=False),
    Verb("moderation.changed", _("Text changed at the wish of moderation"), public=False),
    Verb("moderation.appealed", _("Appeal against moderation"), public=False),
    Verb("moderation.appeal_decided", _("Appeal decided"), public=False),
    Verb("moderation.reports_answered", _("Reporters told what was decided"), public=False),
    Verb("moderation.rules_changed", _("Rules of the process changed")),
)


def _cases(person: Person, at: datetime) -> int:
    from cocreation.moderation.queries import waiting_for

    return waiting_for(person).count()


def _appeals(person: Person, at: datetime) -> int:
    from cocreation.moderation.queries import appeals_for

    return appeals_for(person).count()


queues.add(
    "moderation",
    Queue(
        "moderation", pgettext_lazy("queue of the desk", "Reported"), "flag", "moderation:queue", _cases,
        lambda roles: roles.may_moderate, order=57,
    ),
)  # fmt: skip
queues.add(
    "appeals",
    Queue(
        "appeals", pgettext_lazy("queue of the desk", "Appeals"), "scale", "moderation:appeals", _appeals,
        lambda roles: roles.may_moderate, order=58,
    ),
)  # fmt: skip


def _studio(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    from cocreation.moderation import studio

    return studio.context(process, person, at)


def _handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> BaseForm | None:
    from cocreation.moderation import studio

    return studio.handle(process, person, at, data)


studio_sections.add(
    "rules",
    Section(
        "rules", "cocreation/moderation/studio.html", _studio, _handle, words=_("Rules and moderation"), icon="gavel",
        order=70, first=False,
    ),
)  # fmt: skip


def _dump(process: Process) -> Any:
    from cocreation.moderation import travel

    return travel.dump(process)


def _check(data: Any, where: str) -> Any:
    from cocreation.moderation import travel

    return travel.check(data, where)


def _load(process: Process, data: Any, by: Person, at: datetime) -> None:
    from cocreation.moderation import travel

    travel.load(process, data, by, at)


package_parts.add("rules", Part("rules", _("Rules and moderation"), _dump, _check, _load))

# What the room leaves in the registries of the houses below; each module registers itself.
from cocreation.moderation import actions, intake, news, sections  # noqa: E402, F401

hooks.closing.add("moderation", actions.leave)
hooks.claiming.add("moderation", actions.join)

rules.add(
    "reports",
    Rule(
        "reports",
        _("Addresses of those who reported something, and fingerprints of texts"),
        _("30 days after the decision; fingerprints one day"),
        ("moderation.Report.email",),
        retention.forget,
    ),
)
