"""What the privacy desk leaves in the registries of its house."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.privacy import consents, exporting, forgetting, notice, requests
from groundwork import clock
from groundwork.backup import hooks as hooks_of_backups
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person

declare(
    Verb(notice.CHANGED, _("The privacy notice was changed")),
    Verb("privacy_notice.reviewed", _("The privacy notice was reviewed")),
    Verb("privacy_breach.noted", _("Data breach noted"), public=False, adds=True),
    Verb("privacy_breach.judged", _("Risk of a data breach judged"), public=False, adds=True),
    Verb("privacy_breach.reported", _("Authority told of a data breach"), public=False, adds=True),
    Verb("privacy_breach.people_told", _("People told of a data breach"), public=False, adds=True),
    Verb("privacy_breach.closed", _("Data breach closed"), public=False, adds=True),
    Verb("privacy_request.filed", _("Request about data filed"), public=False, adds=True),
    Verb("privacy_request.extended", _("More time taken for a request about data"), public=False, adds=True),
    Verb("privacy_request.answered", _("Request about data answered"), public=False, adds=True),
)
consents.purposes.add(
    "guardian",
    consents.Purpose(
        "guardian",
        _("An account of a young person"),
        _(
            "A guardian agrees that this young person has an account here. They can take that back at any time; then the"
            " account is closed."
        ),
        elsewhere="accounts:close",
        order=10,
    ),
)


def leave(person: Person, at: datetime) -> None:
    """Whatever way an account closes, its person is forgotten; copies that wait go with their files."""
    forgetting.note_closing(person, at)
    consents.leave(person, at)
    requests.leave(person, at)
    exporting.remove_of(person, at)


hooks.closing.add("privacy", leave)
rules.add(
    "copies",
    Rule(
        "copies",
        _("That somebody asked for a copy of their data"),
        _("the file 24 hours, the request 30 days"),
        ("privacy.Export",),
        exporting.forget_old,
    ),
)
rules.add(
    "requests",
    Rule(
        "requests",
        _("Requests about data, and their answers"),
        _("three years after the answer"),
        ("privacy.Request",),
        requests.forget_old,
    ),
)
hooks.claiming.add("privacy", lambda guest, account, at: exporting.remove_of(guest, at))


def _again(made_at: datetime) -> str:
    return f"{forgetting.replay(clock.now())} people forgotten again"


def _nobody_is_back(manifest: hooks_of_backups.Manifest) -> list[str]:
    """Restores say so in keys: who it was is what nobody knows any more."""
    return [f"person {person.pk} was forgotten and is back" for _stone, person in forgetting.outstanding()]


hooks_of_backups.steps.add(
    "tombstones", hooks_of_backups.Step(_("Forget again who was forgotten since"), _again)
)
hooks_of_backups.checks.add(
    "tombstones", hooks_of_backups.Check(_("Nobody who was forgotten is back"), _nobody_is_back)
)
