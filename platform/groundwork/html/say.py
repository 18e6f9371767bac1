"""The words of time and money in the reader's language, as plain strings: for views, mails, feeds and labels.

Templates use the filters of the same names (tags.py), which also write the exact time into `<time>`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext

from groundwork import clock as house_clock
from groundwork.html import words

Number = int | Decimal | float


def local(value: date) -> date:
    """A datetime in the reader's time zone; a plain date and a naive datetime stay as they are."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(get_current_timezone())
    return value


def _now() -> datetime:
    return house_clock.now().astimezone(get_current_timezone())


def _language() -> str:
    return get_language() or "en"


def day(value: date) -> str:
    """12. Februar"""
    there = local(value)
    on = there.date() if isinstance(there, datetime) else there
    return words.day(_language(), on, _now().year)


def when(value: date) -> str:
    """Sonntag, 23. Mai, 18 Uhr"""
    return words.when(_language(), local(value), _now().year)


def short_when(value: date) -> str:
    """So, 18 Uhr within a week, 30. Juni beyond"""
    return words.near(_language(), local(value), _now().date(), short=True)


def soon(value: date) -> str:
    """Sonntag, 18 Uhr within a week, Mittwoch, 30. Juni beyond"""
    return words.near(_language(), local(value), _now().date(), short=False)


def start(value: datetime, now: datetime | None = None) -> str:
    """12. Februar; on the day itself heute, 18 Uhr: then the hour is what one asks for"""
    there, today = local(value), local(now) if now else _now()
    assert isinstance(there, datetime) and isinstance(today, datetime)
    if there.date() == today.date():
        return words.near(_language(), there, today.date(), short=True)
    return words.day(_language(), there.date(), today.year)


def clock(value: datetime) -> str:
    """10:42 Uhr"""
    there = local(value)
    return words.clock(_language(), there.hour, there.minute)  # type: ignore[attr-defined]


def ago(value: datetime, now: datetime | None = None) -> str:
    """vor 2 Stunden, gestern, 3. Mai"""
    at = local(now) if now else _now()
    return words.ago(_language(), local(value), at)  # type: ignore[arg-type]


def time_left(until: datetime, now: datetime | None = None) -> str:
    """noch 3 Tage, noch 5 Stunden, endet in 20 Minuten, beendet"""
    return words.left(_language(), until, now or _now())


def money(euros: Number) -> str:
    """42.000 €"""
    return words.money(_language(), euros)


def money_range(low: Number | None, high: Number) -> str:
    """42.000 €; 40.000 € bis 45.000 € where there is a lower end"""
    if low is None or low >= high:
        return money(high)
    return gettext("%(low)s to %(high)s") % {"low": money(low), "high": money(high)}


def number(value: Number, places: int | None = None) -> str:
    """2.318"""
    return words.number(_language(), value, places)


def percent(value: Number) -> str:
    """5,6 %"""
    return words.percent(_language(), value)
