"""From which age one agrees for oneself, the two ways below it, and what nobody does with minors (REQ-16)."""

from __future__ import annotations

import datetime as dt
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import minors
from accounts.ages import years_between
from accounts.models import GuardianConsent, Person
from cocreation.models import Contribution
from quartier.home import _around

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
AGES = {
    "AT": 14, "BE": 13, "CZ": 15, "DE": 16, "DK": 13, "ES": 14, "FI": 13, "FR": 15, "IE": 16, "IT": 14, "NL": 16, "PL": 16,
    "PT": 13, "SE": 13, "SK": 16, "XX": 16,
}  # fmt: skip


# --- the table and the dates ---


@pytest.mark.parametrize(("country", "age"), AGES.items())
def test_on_the_birthday_one_agrees_for_oneself_and_not_a_day_before(settings, country, age):
    settings.QUARTIER_COUNTRY = country
    assert minors.age_of_consent() == age
    birthday = dt.date(2026, 3, 14)
    born = birthday.replace(year=2026 - age)
    assert minors.agrees_alone(born, birthday)
    assert not minors.agrees_alone(born, birthday - timedelta(days=1))


@pytest.mark.parametrize(
    ("born", "until"),
    [
        ("2012-03-14", "2028-04-01"), ("2012-03-01", "2028-03-01"), ("2012-12-31", "2029-01-01"), ("2012-12-01", "2028-12-01"),
        ("2012-02-29", "2028-03-01"), ("2011-02-28", "2027-03-01"), ("2012-11-30", "2028-12-01"),
    ],
)  # fmt: skip
def test_what_is_kept_is_a_month_and_never_too_early(born, until):
    born, until = dt.date.fromisoformat(born), dt.date.fromisoformat(until)
    assert minors.minor_until(born, "DE") == until
    assert until.day == 1
    assert years_between(born, until) >= 16


def test_an_unlawful_or_broken_table_is_a_system_check(settings, tmp_path):
    assert minors.the_table_is_lawful(None) == []
    for text, wrong in [("default = 16\n[countries]\nDE = 12\n", "E002"), ("nonsense", "E001")]:
        file = tmp_path / f"{wrong}.toml"
        file.write_text(text)
        settings.AGE_OF_CONSENT_FILE = str(file)
        assert [found.id for found in minors.the_table_is_lawful(None)] == [f"accounts.{wrong}"]


# --- the question ---


def sign_up(client: Client, **more: str) -> Any:
    form = {"email": "kim@example.org", "password1": "sehr-langes-wort-27", "public_name": "Kim"} | more
    return client.post("/de/identify/signup/", form, **HERE)


def code() -> str:
    found = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.M)
    assert found
    return found[1]


def test_the_sign_up_asks_one_question_and_shows_the_ways_of_younger_people(world, settings):
    settings.QUARTIER_COUNTRY = "AT"
    page = Client().get("/de/identify/signup/").content.decode()
    assert "Ich bin 14 oder älter" in page
    assert 'href="/de/account/younger/"' in page
    assert 'type="date"' not in page
    answer = sign_up(Client())
    assert answer.status_code == 200
    assert "Bitte kreuzen Sie das an" in answer.content.decode()
    assert not Person.objects.filter(email="kim@example.org").exists()
    assert sign_up(Client(), old_enough="on").status_code == 302


def test_the_way_without_an_account_asks_for_nothing_but_a_nickname(world):
    client = Client()
    page = client.get("/de/account/younger/").content.decode()
    assert 'href="/de/account/guest/"' in page
    assert not client.cookies
    form = client.get("/de/account/guest/").content.decode()
    fields = set(re.findall(r'name="(\w+)"', form[form.index("<main") :]))
    assert fields <= {"public_name", "next"}


# --- a guardian agrees ---


def ask_guardian(client: Client, world, **more: str) -> Any:
    years = world.now.year - 13
    form = {"nickname": "Kim", "born": f"{years}-05-23", "guardian_email": "eltern@example.org"} | more
    return client.post("/de/account/younger/guardian/", form, **HERE)


@pytest.fixture
def kim(world, django_capture_on_commit_callbacks) -> Person:
    """Thirteen years old, with an account a guardian agreed to."""
    client = Client()
    assert ask_guardian(client, world)["Location"] == "/de/account/younger/guardian/code/"
    assert mail.outbox[-1].to == ["eltern@example.org"]
    assert "Kim" in str(mail.outbox[-1].body)
    answer = client.post("/de/account/younger/guardian/code/", {"code": code()}, **HERE)
    assert answer["Location"] == "/de/identify/signup/"
    assert "old_enough" not in client.get("/de/identify/signup/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(client)
    person = Person.objects.get(email="kim@example.org")
    assert person.is_minor(world.now.date())
    assert person.guardian_consent.guardian_email == "eltern@example.org"
    assert not Person.objects.filter(minor_until__day__gt=1).exists()
    return person


def consent_page() -> str:
    letter = next(m for m in reversed(mail.outbox) if "/account/guardian/" in str(m.body))
    return re.search(r"https?://[^/]+(/\S+)", str(letter.body))[1]


def test_who_is_old_enough_or_not_born_yet_needs_no_guardian(world):
    client = Client()
    for born in (f"{world.now.year - 17}-01-01", f"{world.now.year + 1}-01-01", "1800-01-01", "gestern"):
        assert ask_guardian(client, world, born=born).status_code == 422
    assert mail.outbox == []


def test_three_wrong_codes_of_a_guardian_end_it(world):
    client = Client()
    ask_guardian(client, world)
    for _try in range(3):
        answer = client.post("/de/account/younger/guardian/code/", {"code": "WRONG1"}, **HERE)
    assert answer["Location"] == "/de/account/younger/guardian/"
    assert "old_enough" in client.get("/de/identify/signup/").content.decode()


def test_a_guardian_takes_it_back_and_the_account_is_closed(world, kim):
    proposal = world.fountain
    Contribution.objects.filter(pk=proposal.pk).update(author=kim)
    page = consent_page()
    client = Client()
    assert "Kim" in client.get(page).content.decode()
    assert Person.objects.get(pk=kim.pk).is_active  # looking changes nothing
    assert client.post(page, **HERE).status_code == 200
    kim.refresh_from_db()
    assert (kim.is_active, kim.public_name, kim.minor_until) == (False, "", None)
    consent = GuardianConsent.objects.get()
    assert (consent.person, consent.guardian_email) == (None, "")
    assert consent.withdrawn_at
    assert Contribution.objects.get(pk=proposal.pk).is_public
    assert client.post(page, **HERE).status_code == 200


def test_when_the_age_is_reached_the_guardian_is_forgotten(world, kim):
    last = dt.datetime.combine(kim.minor_until, dt.time(), tzinfo=dt.UTC) - timedelta(hours=12)
    assert minors.forget_guardians(last) == 0
    assert minors.forget_guardians(last + timedelta(days=1)) == 1
    kim.refresh_from_db()
    assert kim.minor_until is None
    assert not GuardianConsent.objects.exists()


def test_a_guest_below_the_age_makes_it_an_account_with_a_guardian(world, django_capture_on_commit_callbacks):
    client = Client()
    client.post("/de/account/guest/", {"public_name": "Kim"}, **HERE)
    assert client.post("/de/account/claim/", {"email": "kim@example.org"}, **HERE).status_code == 422
    ask_guardian(client, world)
    answer = client.post("/de/account/younger/guardian/code/", {"code": code()}, **HERE)
    assert answer["Location"] == "/de/account/claim/"
    assert client.post("/de/account/claim/", {"email": "kim@example.org"}, **HERE).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/de/account/claim/code/", {"code": code()}, **HERE)
    person = Person.objects.get(email="kim@example.org")
    assert person.minor_until is not None
    assert person.guardian_consent.guardian_email == "eltern@example.org"


# --- no profile ---


def test_nothing_is_suggested_to_minors_from_where_they_live(world, sign_in, kim):
    kim.place = "lindach"
    kim.save()
    assert not minors.may_profile(kim, world.now)
    assert minors.may_profile(world.amina, world.now)
    assert not minors.may_profile(None, world.now)
    assert _around(None, []) == set()
    assert 'name="place"' not in sign_in(kim).get("/de/me/data/").content.decode()
    answer = sign_in(kim).post("/de/me/data/", {"public_name": "Kim", "about": "", "language": "de"}, **HERE)
    assert answer.status_code == 302
    assert Person.objects.get(pk=kim.pk).place == ""
