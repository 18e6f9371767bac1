"""The ledger of consents: who agreed to which words when, and when they took it back. It only grows (REQ-24).

A room registers the purpose it asks for, and writes to the ledger inside the action that begins or ends the thing:

    purposes.add("newsletter", Purpose("newsletter", _("Newsletters"), SENTENCE, stop=_stop))
    give(person=person, purpose="newsletter", channel=Consent.Channel.PAGE, at=at)
    take_back(person=person, purpose="newsletter", channel=Consent.Channel.MAIL, at=at)

Saying the same twice adds no line. Every activity of the data map that rests on consent has a purpose (privacy.E001).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core import checks
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import Consent, ConsentText
from groundwork.answer import No, Refused, Words
from groundwork.datamap import CONSENT
from groundwork.processing import activities
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something people can agree to. `sentence` are the words they read; `stop(person, thing, at)` ends it, at once, and
    writes to the ledger. Where it is None the page leads to `elsewhere`, the name of a page, instead."""

    slug: str
    name: Words
    sentence: Words
    stop: Callable[[Person, str, datetime], None] | None = None
    elsewhere: str = ""
    order: int = 50


purposes: Registry[Purpose] = Registry("purpose of consent")


def digest_of(purpose: str, language: str, text: str) -> str:
    return hashlib.sha256("\0".join((purpose, language, text)).encode()).hexdigest()


def _newest(person: Person, purpose: str, thing: str) -> Consent | None:
    return Consent.objects.filter(person=person, purpose=purpose, thing=thing).order_by("-pk").first()


@transaction.atomic
def give(
    *, person: Person, purpose: str, channel: str, at: datetime, thing: str = "", language: str = ""
) -> Consent:
    """A yes to the words as they stand now, in the language they were read in."""
    known = purposes.get(purpose)
    code = language or get_language() or person.language
    text = str(known.sentence)
    digest = digest_of(purpose, code, text)
    ConsentText.objects.get_or_create(
        digest=digest, defaults={"purpose": purpose, "language": code, "text": text}
    )
    newest = _newest(person, purpose, thing)
    if newest is not None and newest.is_given and newest.text_id == digest:
        return newest
    return Consent.objects.create(
        person=person, purpose=purpose, thing=thing, is_given=True, text_id=digest, channel=channel, at=at
    )


@transaction.atomic
def take_back(*, person: Person, purpose: str, channel: str, at: datetime, thing: str = "") -> Consent | None:
    """Nothing where there was no yes."""
    purposes.get(purpose)
    newest = _newest(person, purpose, thing)
    if newest is None or not newest.is_given:
        return None
    return Consent.objects.create(
        person=person, purpose=purpose, thing=thing, is_given=False, text_id=newest.text_id, channel=channel,
        at=at,
    )  # fmt: skip


def stop(*, person: Person, purpose: str, thing: str, at: datetime) -> None:
    """Take back what stands, wherever it was given: the room that asked ends it, and the ledger says so."""
    found = purposes.find(purpose)
    newest = _newest(person, purpose, thing) if found else None
    if found is None or found.stop is None or newest is None or not newest.is_given:
        raise Refused(No(_("You have not agreed to this, or have taken it back already.")))
    with transaction.atomic():
        found.stop(person, thing, at)
        take_back(person=person, purpose=purpose, channel=Consent.Channel.PAGE, at=at, thing=thing)


def leave(person: Person, at: datetime) -> None:
    """Whoever goes takes every yes back."""
    for each in Consent.objects.standing().filter(person=person):
        take_back(
            person=person, purpose=each.purpose, channel=Consent.Channel.CLOSED, at=at, thing=each.thing
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as its person reads it."""

    consent: Consent
    name: Words
    stands: bool
    can_stop: bool
    elsewhere: str

    @property
    def text(self) -> str:
        return self.consent.text.text if self.consent.text else ""


def lines(person: Person) -> list[Line]:
    """Everything this person ever said to it, the newest first. Two queries."""
    standing = set(Consent.objects.standing().filter(person=person).values_list("pk", flat=True))
    found = Consent.objects.filter(person=person).select_related("text").order_by("-pk")
    told = []
    for each in found:
        purpose = purposes.find(each.purpose)
        stands = each.pk in standing
        told.append(
            Line(
                each,
                purpose.name if purpose else each.purpose,
                stands,
                bool(stands and purpose and purpose.stop),
                purpose.elsewhere if stands and purpose else "",
            )
        )
    return told


@checks.register("datamap")
def every_consent_has_a_purpose(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"The activity {each.slug} rests on consent, and no purpose asks for it.", id="privacy.E001"
        )
        for each in activities
        if each.basis == CONSENT and each.slug not in purposes
    ]
