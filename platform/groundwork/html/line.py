"""The line: where a process, a proposal or a promise stands. One component everywhere.

Past stops are solid, the one that happens now is a filled dot, what comes is hollow; a stop that waits
for the city carries a date, a late one the new date. To a screen reader it is a plain ordered list that
says each state in words.

    {% line stops label=_("The way to the result") %}    horizontal on wide screens
    {% line stops vertical=True %}                       always vertical
    {% line stops lanes=lanes %}                               with parallel lanes
    {% mini stops words rest %}                                dots for cards, the words beside them
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from groundwork.html.pictures import icon

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

State = Literal["past", "now", "next", "late"]


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop. Texts are escaped unless they are safe strings (format_html)."""

    name: Words
    state: State
    text: Words = ""
    due: Words = ""
    due_icon: str = "clock"
    url: str = ""


# (label, from, to, stops): a lane above the stops from..to-1, counted from 1; over 2, 3 and 4: (…, 2, 5, …).
Lane = tuple["Words", int, int, Sequence[Stop]]

CURRENT = ' aria-current="step"'
OPENING = {
    "past": "<li>",
    "now": f'<li class="is-now"{CURRENT}>',
    "next": '<li class="is-next">',
    "late": '<li class="is-late">',
}
MOST_STOPS = 9


def line(
    stops: Sequence[Stop], label: Words = "", vertical: bool = False, lanes: Sequence[Lane] = ()
) -> SafeString:
    return _line(
        get_language() or "",
        _key(stops),
        (label, label.__class__),
        bool(vertical),
        tuple((name, name.__class__, start, end, _key(along)) for name, start, end, along in lanes or ()),
    )


def mini(stops: Sequence[Stop], words: Words = "", rest: Words = "") -> SafeString:
    """`words` stand in bold unless they bring markup of their own (format_html); `rest` follows them."""
    said: str = conditional_escape(words)
    if not (hasattr(words, "__html__") and "<" in said):
        said = f"<strong>{said}</strong>"
    after = f" {conditional_escape(rest)}" if rest else ""
    return mark_safe(
        f'<div class="mini">{_dots(get_language() or "", _key(stops))}<span>{said}{after}</span></div>'
    )


# A safe string equals the same text unescaped, so the key names the kind of every text beside the stop.
Key = tuple[tuple[Stop, type, type, type], ...]


def _key(stops: Sequence[Stop]) -> Key:
    return tuple([(s, s.name.__class__, s.text.__class__, s.due.__class__) for s in stops])


def _states() -> dict[str, str]:
    return {
        "past": pgettext("stop on the line", "done"),
        "now": pgettext("stop on the line", "now"),
        "next": pgettext("stop on the line", "still to come"),
        "late": pgettext("stop on the line", "late"),
    }


@lru_cache(maxsize=2048)
def _dots(language: str, stops: Key) -> str:
    states = _states()
    # On a card the line illustrates: only the full line marks the current step for assistive technology.
    items = "".join(
        f"{OPENING[stop.state].replace(CURRENT, '')}"
        f'<span class="vh">{conditional_escape(stop.name)}: {states[stop.state]}</span></li>'
        for stop, *_ in stops
    )
    return f"<ol>{items}</ol>"


@lru_cache(maxsize=2048)
def _line(
    language: str, stops: Key, label: tuple[Words, type], vertical: bool, lanes: tuple[tuple, ...]
) -> SafeString:
    states = _states()
    named = f' aria-label="{conditional_escape(label[0])}"' if label[0] else ""
    items = "".join(_item(key[0], states) for key in stops)
    if vertical or len(stops) > MOST_STOPS:
        return mark_safe(f'<div class="line line--v"><ol{named}>{items}</ol></div>')
    beside = "".join(
        f'<ol class="line__lane from-{start} to-{end}" aria-label="{_parallel(name)}">'
        f"{''.join(_item(key[0], states) for key in along)}</ol>"
        for name, _, start, end, along in lanes
    )
    return mark_safe(
        f'<div class="line"><div class="line__map stops-{max(2, len(stops))}">'
        f'<ol class="line__main"{named}>{items}</ol>{beside}</div></div>'
    )


def _parallel(name: Words) -> str:
    return conditional_escape(gettext("In parallel: %(name)s") % {"name": name})


def _item(stop: Stop, states: dict[str, str]) -> str:
    name: str = conditional_escape(stop.name)
    if stop.url:
        name = f'<a class="plain" href="{conditional_escape(stop.url)}">{name}</a>'
    text = f'<span class="line__text">{conditional_escape(stop.text)}</span>' if stop.text else ""
    due = (
        f'<span class="line__due">{icon(stop.due_icon)}<span>{conditional_escape(stop.due)}</span></span>'
        if stop.due
        else ""
    )
    return (
        f'{OPENING[stop.state]}<span class="line__name">{name}'
        f'<span class="vh"> ({states[stop.state]})</span></span>{text}{due}</li>'
    )
