"""Postal code and date of birth, compared with the register: hashes with hashes, and the same words for nobody and nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cocreation.checks.attributes import Born, lookup_name_of, lookup_of
from cocreation.checks.base import NOT_FOUND, NOT_OFFERED, OVER, is_active
from cocreation.models import Eligibility, Process
from cocreation.peppers import PepperGone
from groundwork.answer import No

SEVERAL = No(
    _("More than one person fits. Please give your family name, too, as it stands in your identity card."),
)
STILL_SEVERAL = No(
    _("More than one person fits, so we cannot tell who you are this way."),
    _("Please use the code from your letter or come to the citizens' office."),
)


def identify(process: Process, *, postal: str, born: Born, name: str = "", at: datetime) -> Eligibility | No:
    """The entry of the one person of the register with these; No says what would help."""
    if not is_active(process, "postal"):
        return NOT_OFFERED
    return find(process, postal=postal, born=born, name=name)


def find(process: Process, *, postal: str, born: Born, name: str = "") -> Eligibility | No:
    try:
        lookup = lookup_of(process, postal, born)
        with_name = lookup_name_of(process, postal, born, name)
    except PepperGone:
        return OVER
    if lookup is None:
        return NOT_FOUND
    found = list(Eligibility.objects.standing().filter(process=process, lookup=lookup)[:50])
    named = [entry for entry in found if with_name and bytes(entry.lookup_name or b"") == with_name]
    if with_name is not None and any(entry.lookup_name for entry in found):
        found = named
    if len(found) > 1:
        # Names help only where the register had them, and twins of one name stay two.
        return SEVERAL if with_name is None and any(entry.lookup_name for entry in found) else STILL_SEVERAL
    return found[0] if found else NOT_FOUND
