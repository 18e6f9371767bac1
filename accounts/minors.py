"""Young people: from which age one agrees for oneself, what a guardian agrees to, and what nobody does with minors.

Below the age there are two ways, and both are open to everybody below it: taking part without an account, where nothing
rests on consent; or an account to which a guardian agreed. Nobody's day of birth is kept.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import checks, signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.ages import years_between
from accounts.models import GuardianConsent, Person
from accounts.privacy import consents
from accounts.privacy.models import Consent

# The version of what a guardian reads before they agree. It changes with the words of the mail.
WORDING = "2026-11"
SALT = "accounts.guardian"
AGREED = "guardian_agreed"
# Art. 8(1) GDPR: countries may go down to 13, never above 16.
LOWEST, HIGHEST = 13, 16


# --- the table ---


@lru_cache(maxsize=4)
def _table(file: str) -> dict[str, int]:
    read = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    return {"": read["default"], **read["countries"]}


def age_of_consent(country: str | None = None) -> int:
    """The age from which one agrees for oneself, in the city's country if none is named."""
    table = _table(str(settings.AGE_OF_CONSENT_FILE))
    return table.get((country or settings.QUARTIER_COUNTRY).upper(), table[""])


@checks.register("accounts")
def the_table_is_lawful(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    try:
        table = _table(str(settings.AGE_OF_CONSENT_FILE))
    except (OSError, ValueError, KeyError) as error:
        return [checks.Error(f"The table of ages of consent cannot be read: {error!r}", id="accounts.E001")]
    return [
        checks.Error(f"The age of consent of {country or 'default'} is {age!r}.", id="accounts.E002")
        for country, age in table.items()
        if type(age) is not int or not LOWEST <= age <= HIGHEST
    ]


# --- dates ---


def agrees_alone(born: date, on: date, country: str | None = None) -> bool:
    """Whether somebody born on this day agrees for themselves on that day."""
    return years_between(born, on) >= age_of_consent(country)


def minor_until(born: date, country: str | None = None) -> date:
    """From this day on they agree for themselves: the first of a month on or after the birthday, never before it."""
    year = born.year + age_of_consent(country)
    if born.day == 1:
        return date(year, born.month, 1)
    return date(year + born.month // 12, born.month % 12 + 1, 1)


def today(at: datetime) -> date:
    return timezone.localdate(at)


# --- what nobody does with minors ---


def may_profile(person: Person | None, at: datetime) -> bool:
    """Asked by everything that suggests something to somebody from where they live or what they did.

    Never for minors, never for who takes part without an account, and never for who had the use of their data restricted:
    they see what everybody sees.
    """
    if person is None or person.is_guest or person.restricted_since is not None:
        return False
    return not person.is_minor(today(at))


# --- a guardian agrees ---


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the code of a guardian proved, for the length of the sign-up."""

    email: str
    until: date

    @classmethod
    def of(cls, session: Any) -> Agreement | None:
        found = session.get(AGREED) if session is not None and session.session_key else None
        return cls(found["email"], date.fromisoformat(found["until"])) if found else None

    def keep(self, session: Any) -> None:
        session[AGREED] = {"email": self.email, "until": self.until.isoformat()}


def record_consent(*, person: Person, agreement: Agreement, at: datetime) -> GuardianConsent:
    """The account of a minor, with the consent it rests on. The guardian gets the way to take it back by mail."""
    with transaction.atomic():
        person.minor_until = agreement.until
        person.save(update_fields=["minor_until"])
        consent = GuardianConsent.objects.create(
            person=person, guardian_email=agreement.email, wording=WORDING, given_at=at
        )
        consents.give(person=person, purpose="guardian", channel=Consent.Channel.CODE, at=at)
    words: dict[str, Any] = {"nickname": person.public_name, "url": settings.SITE_URL + consent_url(consent)}
    get_adapter().send_mail("account/email/guardian_agreed", agreement.email, words)
    return consent


def consent_url(consent: GuardianConsent) -> str:
    """The guardian's own page; it never expires, because mails are kept for years."""
    return reverse("accounts:guardian_consent", args=[signing.dumps(consent.pk, salt=SALT, compress=True)])


def consent_of(token: str) -> GuardianConsent | None:
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return GuardianConsent.objects.select_related("person").filter(pk=key).first()


def forget_guardians(at: datetime) -> int:
    """Who is old enough agrees for themselves now: the guardian's address and the mark go. Returns how many grew up."""
    grown = Person.objects.filter(minor_until__lte=today(at))
    with transaction.atomic():
        for person in grown:
            consents.take_back(person=person, purpose="guardian", channel=Consent.Channel.ENDED, at=at)
        GuardianConsent.objects.filter(person__in=grown.values("pk")).delete()
        return grown.update(minor_until=None)
