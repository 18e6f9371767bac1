"""What this house declares: the tabs of one's own area, a section about verifications, its journal verbs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts import minors
from accounts.erasing import forget_ended_sessions
from accounts.hooks import Section, Tab, sections, tabs
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person

declare(
    Verb("organisation.registered", _("Organisation registered"), public=False),
    Verb("membership.confirmed", _("Membership confirmed"), public=False),
    Verb("account.closed", _("Account closed"), public=False),
    Verb("account.claimed", _("An account instead of a visit without one"), public=False, adds=True),
)

rules.add(
    "guardians",
    Rule(
        "guardians",
        _("Guardians of young people"),
        _("until the young person is old enough"),
        ("accounts.GuardianConsent", "accounts.Person.minor_until"),
        minors.forget_guardians,
    ),
)
rules.add(
    "sessions",
    Rule(
        "sessions",
        _("Log-ins that have ended, and codes for addresses"),
        _("14 days; codes 3 days"),
        ("sessions.Session", "account.EmailConfirmation"),
        forget_ended_sessions,
    ),
)

tabs.add("overview", Tab("overview", _("Overview"), "accounts:me", order=10, guests=True))
tabs.add("data", Tab("data", _("My data"), "accounts:data", order=40))
tabs.add("verifications", Tab("verifications", _("Confirmed address"), "accounts:verifications", order=50))
tabs.add("organisations", Tab("organisations", _("Organisations"), "accounts:my_organisations", order=60))


def _verified(person: Person, at: datetime) -> dict[str, Any] | None:
    from accounts.queries import residence_words

    if person.is_guest:
        return None

    verification = person.verifications.valid(at).first()
    return {
        "verification": verification,
        "place": residence_words(verification.residence) if verification else "",
    }


sections.add(
    "verified", Section("verified", "accounts/section_verified.html", _verified, column="side", order=90)
)
