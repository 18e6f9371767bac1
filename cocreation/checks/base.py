"""The registry of adapters, and what they have in common.

adapters.add("desk", Adapter("desk", _("At the desk"), _("…"), "badge-check", DeskOptions, NumberSample, sample))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cocreation.models import CheckSource
from cocreation.placetree import names_of
from groundwork.answer import No, Words, late
from groundwork.registry import Registry

if TYPE_CHECKING:
    from django import forms

    from cocreation.checks.forms import Options as OptionsForm
    from cocreation.models import Process


@dataclass(frozen=True, slots=True)
class Attributes:
    """All that comes back from a check: where somebody lives and in which age band they are. Either may be unknown."""

    residence: str = ""
    age_band: str = ""

    def words(self) -> Words:
        """ "lives in Lindach, 16 to 17 years old" """
        return late(lambda: ", ".join(self._parts()) or str(_("nothing but that you may take part")))

    def _parts(self) -> list[str]:
        parts = []
        if self.residence:
            parts.append(str(_("lives in {place}")).format(place=", ".join(names_of([self.residence]))))
        if self.age_band:
            parts.append(str(age_words(self.age_band)))
        return parts


def age_words(band: str) -> Words:
    first, _to, last = band.partition("-")
    if last:
        return format_lazy(_("{first} to {last} years old"), first=first, last=last)
    return format_lazy(_("{first} years old or older"), first=first)


# What a test with a sample says: attributes, or why there would be none.
Sample = Callable[["Process", dict[str, Any], dict[str, Any], datetime], "Attributes | No"]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A way of checking. `options` is a form whose cleaned data, made JSON by its `store()`, are the adapter's options;
    `sample` a form for an invented example, `test` tells what would come back of it and stores nothing.

    `missing(process)` says what has to be done before anybody can use the way; "" when nothing.
    """

    slug: str
    name: Words
    about: Words
    icon: str
    options: Callable[..., OptionsForm]
    sample: Callable[..., forms.Form]
    test: Sample
    missing: Callable[[Process], Words] = lambda process: ""


adapters: Registry[Adapter] = Registry("way of checking")


def source_of(process: Process, adapter: str) -> CheckSource:
    """The row of this adapter, or an unsaved one that is switched off."""
    found = CheckSource.objects.filter(process=process, adapter=adapter).first()
    return found or CheckSource(process=process, adapter=adapter)


def options_of(process: Process, adapter: str) -> dict[str, Any]:
    options: dict[str, Any] = source_of(process, adapter).options
    return options


def active(process: Process) -> list[str]:
    """The slugs of the ways that are switched on, in the order of their registration. One query."""
    on = set(CheckSource.objects.filter(process=process, active=True).values_list("adapter", flat=True))
    return [slug for slug in adapters.slugs() if slug in on]


def is_active(process: Process, adapter: str) -> bool:
    return CheckSource.objects.filter(process=process, adapter=adapter, active=True).exists()


def age_day(process: Process, at: datetime) -> date:
    """The day on which age counts: the one the process names, else today."""
    named = options_of(process, "register").get("age_on")
    return date.fromisoformat(named) if named else localdate(at)


NOT_OFFERED = No(_("This process does not offer this way to confirm who you are."))
OVER = No(_("The checks of this process have ended. What could be looked up is deleted."))
NOT_FOUND = No(
    _("We could not find you with this."),
    _("Check what you typed, use the code from your letter, or come to the citizens' office."),
)
