"""How the city's platform is doing, in words: a page for everybody, and the same figures for the administration.

What people can do is told, not which server stands: reading, taking part, messages. The worst line is the heading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cocreation.desk import desk_context, staff_required
from groundwork import clock
from groundwork.answer import Words
from groundwork.watch import figures
from groundwork.watch.figures import Reading

# Everybody may ask; the city is looked at once in this many seconds.
LOOKED_AT = 15

GOOD, SLOW, DOWN = "good", "slow", "down"
ICONS = {GOOD: "circle-check", SLOW: "hourglass", DOWN: "triangle-alert"}
STATES: dict[str, Words] = {
    GOOD: pgettext_lazy("state of the platform", "works"),
    SLOW: pgettext_lazy("state of the platform", "delayed"),
    DOWN: pgettext_lazy("state of the platform", "disturbed"),
}
HEADINGS: dict[str, Words] = {
    GOOD: _("Everything works"),
    SLOW: _("Some things take longer"),
    DOWN: _("There is a disturbance"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing people do here, and how it goes."""

    words: Words
    state: str
    said: Words

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def state_words(self) -> Words:
        return STATES[self.state]


def lines(now: Reading) -> list[Line]:
    late = {each.slug for each in now.late}
    return [
        _line(
            _("Reading, proposing and voting"),
            (not now.database, DOWN, _("The pages do not answer at the moment. What you have sent before is kept.")),
            otherwise=_("Whatever you send is stored at once."),
        ),
        _line(
            _("Counts, news and life records"),
            (not now.database, DOWN, _("Not now.")),
            (not now.working, DOWN, _("Nothing new is passed on at the moment. It is stored and comes later.")),
            (bool(late & {"sealing", "reading"}), SLOW, _("What happened shows up later than usual.")),
            otherwise=_("What happens here shows up within seconds."),
        ),
        _line(
            _("Messages and mails"),
            (not now.database or not now.working, DOWN, _("No mails leave at the moment. Nothing is lost.")),
            (bool(late & {"mails", "fan_out"}), SLOW, _("Mails arrive later than usual.")),
            otherwise=_("Mails leave as usual."),
        ),
    ]  # fmt: skip


def _line(words: Words, *cases: tuple[bool, str, Words], otherwise: Words) -> Line:
    for holds, state, said in cases:
        if holds:
            return Line(words, state, said)
    return Line(words, GOOD, otherwise)


def worst(found: list[Line]) -> str:
    return max((line.state for line in found), key=[GOOD, SLOW, DOWN].index)


def _kept(make: Callable[[datetime], Reading]) -> Reading:
    """One look serves everybody for a moment. In memory of this process: it must work when nothing else does."""
    at = clock.now()
    key = f"status:{int(at.timestamp()) // LOOKED_AT}"
    reading: Reading | None = caches["fragments"].get(key)
    if reading is None:
        reading = make(at)
        caches["fragments"].set(key, reading, LOOKED_AT)
    return reading


def _without_words(at: datetime) -> Reading:
    """A reading that can be kept: functions and words of the registries stay where they are."""
    now = figures.read(at, numbers=False)
    backlogs = tuple(
        figures.Waiting(each.slug, str(each.slug), each.number, each.seconds, each.late)
        for each in now.backlogs
    )
    return Reading(now.at, now.database, now.broker, backlogs, (), now.pulse, now.queued)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = _kept(_without_words)
    found = lines(now)
    state = worst(found)
    context = {"lines": found, "state": state, "icon": ICONS[state], "heading": HEADINGS[state], "at": now.at}
    return render(request, "quartier/status.html", context)


def _admins(roles: Any) -> bool:
    return bool(roles.is_admin)


@never_cache
@require_safe
@staff_required(_admins)
def operation(request: HttpRequest) -> HttpResponse:
    """The same figures as /metrics and /readyz, looked at now."""
    now = figures.read(clock.now())
    context = desk_context(request, "operation") | {
        "now": now,
        "lines": lines(now),
        "numbers": [(figure.words, round(value)) for figure, value in now.numbers],
    }
    return render(request, "quartier/operation.html", context)
