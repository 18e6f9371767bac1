"""Times, dates and sums as people say them, in German and English."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from groundwork.html import words

NOW = datetime(2027, 5, 20, 15, 0)  # a Thursday
S = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("de", date(2027, 2, 12), f"12.{S}Februar"),
        ("en", date(2027, 2, 12), f"12{S}February"),
        ("de", date(2026, 2, 12), f"12.{S}Februar 2026"),
        ("en", date(2028, 3, 1), f"1{S}March 2028"),
    ],
)
def test_a_day_names_its_year_only_when_it_is_not_this_one(language, value, expected):
    assert words.day(language, value, 2027) == expected


@pytest.mark.parametrize(
    ("language", "hour", "minute", "expected"),
    [
        ("de", 18, 0, f"18{S}Uhr"),
        ("de", 10, 5, f"10:05{S}Uhr"),
        ("de", 0, 0, f"0{S}Uhr"),
        ("en", 18, 0, f"6{S}pm"),
        ("en", 10, 5, f"10:05{S}am"),
        ("en", 12, 0, "noon"),
        ("en", 0, 0, "midnight"),
        ("en", 0, 30, f"12:30{S}am"),
    ],
)
def test_the_clock_is_said_as_in_the_language(language, hour, minute, expected):
    assert words.clock(language, hour, minute) == expected


def test_when_names_weekday_day_and_hour():
    sunday = datetime(2027, 5, 23, 18, 0)
    assert words.when("de", sunday, 2027) == f"Sonntag, 23.{S}Mai, 18{S}Uhr"
    assert words.when("en", sunday, 2027) == f"Sunday, 23{S}May, 6{S}pm"
    assert words.when("de", sunday.date(), 2027) == f"Sonntag, 23.{S}Mai"


@pytest.mark.parametrize(
    ("value", "short", "german", "english"),
    [
        (datetime(2027, 5, 23, 18), True, f"So, 18{S}Uhr", f"Sun, 6{S}pm"),
        (datetime(2027, 5, 23, 18), False, f"Sonntag, 18{S}Uhr", f"Sunday, 6{S}pm"),
        (datetime(2027, 5, 20, 18), True, f"heute, 18{S}Uhr", f"today, 6{S}pm"),
        (datetime(2027, 5, 21, 18), False, f"morgen, 18{S}Uhr", f"tomorrow, 6{S}pm"),
        (datetime(2027, 6, 30, 18), True, f"30.{S}Juni", f"30{S}June"),
        (
            datetime(2027, 6, 30, 18),
            False,
            f"Mittwoch, 30.{S}Juni",
            f"Wednesday, 30{S}June",
        ),
        (datetime(2027, 5, 27, 18), True, f"27.{S}Mai", f"27{S}May"),
        (date(2027, 5, 23), True, "So", "Sun"),
    ],
)
def test_a_weekday_alone_is_only_said_of_the_coming_days(value, short, german, english):
    assert words.near("de", value, NOW.date(), short=short) == german
    assert words.near("en", value, NOW.date(), short=short) == english


@pytest.mark.parametrize(
    ("distance", "german", "english"),
    [
        (timedelta(days=3, hours=3), "noch 3 Tage", "3 days left"),
        (timedelta(days=1), "noch 1 Tag", "1 day left"),
        (timedelta(hours=23, minutes=59), "noch 23 Stunden", "23 hours left"),
        (timedelta(hours=1), "noch 1 Stunde", "1 hour left"),
        (timedelta(minutes=20), "endet in 20 Minuten", "ends in 20 minutes"),
        (timedelta(seconds=5), "endet in 1 Minute", "ends in 1 minute"),
        (timedelta(0), "beendet", "ended"),
        (-timedelta(days=2), "beendet", "ended"),
    ],
)
def test_time_left_never_promises_more_than_there_is(distance, german, english):
    assert words.left("de", NOW + distance, NOW) == german
    assert words.left("en", NOW + distance, NOW) == english


def test_ago_grows_from_minutes_to_days_to_dates():
    said = [
        words.ago("de", NOW - distance, NOW)
        for distance in (
            timedelta(seconds=5),
            timedelta(minutes=20),
            timedelta(hours=3),
            timedelta(days=1),
            timedelta(days=17),
        )
    ]
    assert said == ["gerade eben", "vor 20 Minuten", "vor 3 Stunden", "gestern", f"3.{S}Mai"]


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        (42_000, f"42.000{S}€", "€42,000"),
        (Decimal("42000.00"), f"42.000{S}€", "€42,000"),
        (Decimal("12.5"), f"12,50{S}€", "€12.50"),
        (1_234_567, f"1.234.567{S}€", "€1,234,567"),
        (0, f"0{S}€", "€0"),
        (-1500, f"-1.500{S}€", "-€1,500"),
        (Decimal("0.005"), f"0,01{S}€", "€0.01"),
    ],
)
def test_money_shows_cents_only_when_there_are_any(amount, german, english):
    assert words.money("de", amount) == german
    assert words.money("en", amount) == english


def test_numbers_and_shares():
    assert words.number("de", 2318) == "2.318"
    assert words.number("en", 2318) == "2,318"
    assert words.number("de", 0.5) == "0,5"
    assert words.number("de", Decimal("2.345"), 1) == "2,3"
    assert words.percent("de", 5.6) == f"5,6{S}%"
    assert words.percent("en", 31) == "31%"
    assert words.percent("en", Decimal("30.96")) == "31%"


def test_an_unknown_language_speaks_english():
    assert words.money("fr", 5) == "€5"


# --- the filters ---


@pytest.fixture
def draw():
    def draw(source, language="de", **context):
        with translation.override(language):
            return Template(source).render(Context(context))

    return draw


def test_a_filter_writes_local_words_and_the_exact_time(draw):
    at = datetime(2027, 5, 23, 16, 0, tzinfo=UTC)
    assert draw("{{ at|when }}", at=at).startswith('<time datetime="2027-05-23T18:00+02:00">Sonntag, 23.')
    assert 'datetime="2027-05-23"' in draw("{{ on|day }}", on=at.date())


def test_filters_are_silent_about_nothing(draw):
    assert draw("{{ x|day }}{{ x|when }}{{ x|money }}{{ x|number }}{% time_left x %}", x=None) == ""


def test_two_time_zones_of_one_moment_read_the_same(draw):
    at = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    assert "1." in draw("{{ at|day }}", at=at) and "Januar 2028" in draw("{{ at|day }}", at=at)


def test_time_left_takes_the_moment_of_the_page(draw):
    now = datetime(2027, 5, 20, tzinfo=UTC)
    assert ">noch 3 Tage<" in draw("{% time_left at now %}", at=now + timedelta(days=3), now=now)
    assert ">3 days left<" in draw("{% time_left at now %}", "en", at=now + timedelta(days=3), now=now)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Miriam Okafor", "MO"),
        ("Dorfverein Lindach e. V.", "DV"),
        ("Tiefbauamt", "TI"),
        ("Ana María de la Cruz", "AC"),
        ("", "·"),
        (None, "·"),
    ],
)
def test_initials(draw, name, expected):
    assert draw("{{ name|initials }}", name=name) == expected
