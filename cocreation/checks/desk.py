"""At the desk: somebody shows a document, and the clerk finds their entry by the number on it or by postal code and birthday.

What is read from the document is used once and kept nowhere.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cocreation.checks import postal as by_postal
from cocreation.checks.attributes import Born
from cocreation.checks.base import NOT_FOUND, NOT_OFFERED, OVER, Attributes, age_day, is_active, options_of
from cocreation.models import Eligibility, Process
from cocreation.peppers import PepperGone, key_of, plain
from groundwork.answer import No

NOT_THERE = No(
    _("The register of this process has no entry with this."),
    _("Check the number or the date. Who moved here lately may be missing from the register."),
)


def identify(
    process: Process,
    *,
    number: str = "",
    postal: str = "",
    born: Born | None = None,
    name: str = "",
    at: datetime,
) -> Eligibility | No:
    """The entry of the person whose document the clerk sees, by its number where there is one."""
    if not is_active(process, "desk"):
        return NOT_OFFERED
    if plain(number):
        return by_number(process, number) or NOT_THERE
    if born is None:
        return NOT_THERE
    found = by_postal.find(process, postal=postal, born=born, name=name)
    return NOT_THERE if found is NOT_FOUND else found


def by_number(process: Process, number: str) -> Eligibility | No | None:
    """None when the process has no entry of this number."""
    try:
        key = key_of(process, number)
    except PepperGone:
        return OVER
    return Eligibility.objects.standing().filter(process=process, key=key).first()


def may_add(process: Process) -> bool:
    return bool(options_of(process, "desk").get("adds"))


def add(
    process: Process, *, number: str, attributes: Attributes, source: str = Eligibility.Source.DESK
) -> Eligibility | No:
    """An entry for somebody the register does not know; the one of this number, if there is one after all."""
    try:
        key = key_of(process, number)
    except PepperGone:
        return OVER
    try:
        with transaction.atomic():
            return Eligibility.objects.create(
                process=process,
                key=key,
                residence=attributes.residence,
                age_band=attributes.age_band,
                source=source,
            )
    except IntegrityError:
        found = Eligibility.objects.get(process=process, key=key)
        return found if found.revoked_at is None else NOT_THERE


def band_of_desk(process: Process, born: Born | None, at: datetime) -> str:
    return born.band(age_day(process, at)) if born else ""
