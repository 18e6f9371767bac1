"""Times, dates, sums and numbers as people say them, in every language of the interface.

Pure functions of (language, value, now): no format machinery, no settings. Pages show twenty cards with
several dates each, so every function is a few string operations, and what repeats is remembered. A new
language is one more `Speech`. Datetimes are handed over in local time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Speech:
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    date: Callable[[int, str, int | None], str]  # (day, month, year or None)
    clock: Callable[[int, int], str]
    today: str
    tomorrow: str
    yesterday: str
    days_left: tuple[str, str]  # (one, many)
    hours_left: tuple[str, str]
    minutes_left: tuple[str, str]
    over: str
    just_now: str
    minutes_ago: tuple[str, str]
    hours_ago: tuple[str, str]
    thousands: str
    decimal: str
    money: Callable[[str], str]
    percent: Callable[[str], str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _german_clock(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}{NBSP}Uhr" if minute else f"{hour}{NBSP}Uhr"


def _english_clock(hour: int, minute: int) -> str:
    if not minute and hour in (0, 12):
        return "noon" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{NBSP}{'pm' if hour >= 12 else 'am'}"


SPEECH = {
    "de": Speech(
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        weekdays=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        weekdays_short=_words("Mo Di Mi Do Fr Sa So"),
        date=lambda day, month, year: f"{day}.{NBSP}{month} {year}" if year else f"{day}.{NBSP}{month}",
        clock=_german_clock,
        today="heute",
        tomorrow="morgen",
        yesterday="gestern",
        days_left=("noch 1 Tag", "noch {} Tage"),
        hours_left=("noch 1 Stunde", "noch {} Stunden"),
        minutes_left=("endet in 1 Minute", "endet in {} Minuten"),
        over="beendet",
        just_now="gerade eben",
        minutes_ago=("vor 1 Minute", "vor {} Minuten"),
        hours_ago=("vor 1 Stunde", "vor {} Stunden"),
        thousands=".",
        decimal=",",
        money=lambda digits: f"{digits}{NBSP}€",
        percent=lambda digits: f"{digits}{NBSP}%",
    ),
    "en": Speech(
        months=_words(
            "January February March April May June July August September October November December"
        ),
        weekdays=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        weekdays_short=_words("Mon Tue Wed Thu Fri Sat Sun"),
        date=lambda day, month, year: f"{day}{NBSP}{month} {year}" if year else f"{day}{NBSP}{month}",
        clock=_english_clock,
        today="today",
        tomorrow="tomorrow",
        yesterday="yesterday",
        days_left=("1 day left", "{} days left"),
        hours_left=("1 hour left", "{} hours left"),
        minutes_left=("ends in 1 minute", "ends in {} minutes"),
        over="ended",
        just_now="just now",
        minutes_ago=("1 minute ago", "{} minutes ago"),
        hours_ago=("1 hour ago", "{} hours ago"),
        thousands=",",
        decimal=".",
        money=lambda digits: f"-€{digits[1:]}" if digits.startswith("-") else f"€{digits}",
        percent=lambda digits: f"{digits}%",
    ),
}


def speech(language: str | None) -> Speech:
    return SPEECH.get((language or "en")[:2]) or SPEECH["en"]


def _count(words: tuple[str, str], n: int) -> str:
    return words[0] if n == 1 else words[1].format(n)


@lru_cache(maxsize=4096)
def day(language: str, value: date, this_year: int) -> str:
    """12. Februar; with its year when that is not this year."""
    say = speech(language)
    return say.date(value.day, say.months[value.month - 1], None if value.year == this_year else value.year)


@lru_cache(maxsize=1500)
def clock(language: str, hour: int, minute: int) -> str:
    """18 Uhr, 6 pm, 10:42 Uhr."""
    return speech(language).clock(hour, minute)


def when(language: str, value: date, this_year: int) -> str:
    """Sonntag, 23. Mai, 18 Uhr; without the hour for a plain date."""
    words = f"{speech(language).weekdays[value.weekday()]}, {day(language, _date(value), this_year)}"
    if isinstance(value, datetime):
        words += f", {clock(language, value.hour, value.minute)}"
    return words


def near(language: str, value: date, today: date, *, short: bool) -> str:
    """So, 18 Uhr (short) or Sonntag, 18 Uhr within the coming days; farther away a weekday would mislead."""
    say, on = speech(language), _date(value)
    distance = (on - today).days
    if not 0 <= distance <= 6:
        return day(language, on, today.year) if short else when(language, on, today.year)
    if distance < 2:
        name = say.tomorrow if distance else say.today
    else:
        name = (say.weekdays_short if short else say.weekdays)[on.weekday()]
    return f"{name}, {clock(language, value.hour, value.minute)}" if isinstance(value, datetime) else name


def left(language: str, until: datetime, now: datetime) -> str:
    """noch 3 Tage, noch 5 Stunden, endet in 20 Minuten, beendet. Never promises more time than there is."""
    say = speech(language)
    seconds = int((until - now).total_seconds())
    if seconds <= 0:
        return say.over
    if seconds >= 86_400:
        return _count(say.days_left, seconds // 86_400)
    if seconds >= 3_600:
        return _count(say.hours_left, seconds // 3_600)
    return _count(say.minutes_left, max(1, seconds // 60))


def ago(language: str, value: datetime, now: datetime) -> str:
    """gerade eben, vor 20 Minuten, vor 3 Stunden, gestern, 3. Mai."""
    say = speech(language)
    seconds = int((now - value).total_seconds())
    if seconds < 60:
        return say.just_now
    if seconds < 3_600:
        return _count(say.minutes_ago, seconds // 60)
    if value.date() == now.date():
        return _count(say.hours_ago, seconds // 3_600)
    if value.date() == now.date() - timedelta(days=1):
        return say.yesterday
    return day(language, value.date(), now.year)


@lru_cache(maxsize=4096)
def number(language: str, value: int | Decimal | float, places: int | None = None) -> str:
    """2.318 or 2,318; decimals as they are, or rounded to `places`."""
    say = speech(language)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if places is not None and isinstance(value, Decimal):
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, rest = f"{value:,f}".partition(".") if isinstance(value, Decimal) else (f"{value:,}", "", "")
    return whole.replace(",", say.thousands) + (say.decimal + rest if rest else "")


@lru_cache(maxsize=4096)
def money(language: str, euros: int | Decimal | float) -> str:
    """42.000 € or €42,000; cents only when there are any."""
    exact = euros if isinstance(euros, Decimal) else Decimal(str(euros))
    cents = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    digits = (
        number(language, int(cents)) if cents == cents.to_integral_value() else number(language, cents, 2)
    )
    return speech(language).money(digits)


def _digits(language: str, value: Decimal) -> str:
    return number(language, int(value) if value == value.to_integral_value() else value)


def percent(language: str, value: int | Decimal | float) -> str:
    """5,6 % or 5.6%; at most one decimal, none when it is zero."""
    exact = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    digits = (
        number(language, int(exact)) if exact == exact.to_integral_value() else number(language, exact, 1)
    )
    return speech(language).percent(digits)


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
