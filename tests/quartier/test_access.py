"""Passwords, log-ins and sessions as docs/security/access.md promises them (ASVS 6 and 7)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account import app_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Person
from quartier.settings import base

pytestmark = pytest.mark.django_db

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
OLD, NEW = "sehr-langes-wort-27", "ein ganz anderes Wort 28"


@pytest.fixture
def jonas(world) -> Person:
    world.jonas.set_password(OLD)
    world.jonas.save()
    return world.jonas


def log_in(person: Person, password: str = OLD) -> Client:
    client = Client()
    client.post("/de/identify/login/", {"login": person.email, "password": password}, **HERE)
    return client


def is_in(client: Client) -> bool:
    return client.get("/de/me/").status_code == 200


@pytest.mark.parametrize(
    "password", ["password123", "kurz", "Auental2026!", "quartier-auental", "Rathaus 12345", "1234567890"]
)
def test_common_short_and_own_words_are_refused_as_passwords(world, settings, password):
    settings.CITY_NAME = "Auental"
    with pytest.raises(ValidationError):
        validate_password(password)
    validate_password("Wer im Rathaus lacht, lacht lange")  # a word of the city in a sentence is no harm


@pytest.mark.parametrize("password", ["ÄÖÜ ß 日本語 🌳 Ümläüt", "x " * 60 + "Ende", "nur kleine buchstaben"])
def test_any_characters_and_long_passwords_are_taken_as_they_are(jonas, password):
    validate_password(password)
    jonas.set_password(password)
    jonas.save()
    assert is_in(log_in(jonas, password))
    assert not is_in(log_in(jonas, password.upper()))
    assert not is_in(log_in(jonas, password[:-1]))


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(jonas):
    here, elsewhere = log_in(jonas), log_in(jonas)
    assert is_in(here) and is_in(elsewhere)
    address = "/de/identify/password/change/"
    here.post(address, {"oldpassword": "falsch", "password1": NEW, "password2": NEW}, **HERE)
    jonas.refresh_from_db()
    assert jonas.check_password(OLD)
    here.post(address, {"oldpassword": OLD, "password1": NEW, "password2": NEW}, **HERE)
    jonas.refresh_from_db()
    assert jonas.check_password(NEW)
    assert not is_in(elsewhere)


def test_passwords_are_typed_masked_and_may_be_pasted(world):
    page = Client().get("/de/identify/login/").content.decode()
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert field and 'type="password"' in field[0] and 'autocomplete="current-password"' in field[0]
    assert "onpaste" not in page and "maxlength" not in field[0]


def test_a_log_in_starts_a_new_session(jonas):
    client = Client()
    client.get("/de/identify/login/")
    before = client.session.session_key
    client.post("/de/identify/login/", {"login": jonas.email, "password": OLD}, **HERE)
    assert client.session.session_key not in (None, before)
    key = client.session.session_key
    client.post("/de/identify/login/", {"login": jonas.email, "password": OLD}, **HERE)
    client.post("/de/identify/logout/", **HERE)
    assert not is_in(client)
    client.cookies["session"] = key
    assert not is_in(client)  # the old number opens nothing any more


@pytest.mark.parametrize("address", ["/de/", "/de/status/", "/healthz", "/de/processes/collecting/propose/"])
def test_trace_is_answered_nowhere(world, address):
    assert Client().trace(address, **HERE).status_code == 405


def test_log_ins_are_limited_in_production(jonas, settings):
    assert not hasattr(base, "ACCOUNT_RATE_LIMITS")  # only the tests switch the package's limits off
    del settings.ACCOUNT_RATE_LIMITS
    assert {
        "login",
        "login_failed",
        "signup",
        "reset_password",
        "request_login_code",
    } <= app_settings.RATE_LIMITS.keys()
    answers = [
        Client().post("/de/identify/login/", {"login": jonas.email, "password": "falsch"}, **HERE).status_code
        for _try in range(12)
    ]
    client = log_in(jonas)
    assert not is_in(client), answers  # too many wrong ones: not even the right one opens for a while
