"""What people say about themselves: optional, theirs alone, sealed apart, and let out as figures of ten or more (REQ-17, REQ-36)."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils.translation import override

from accounts.actions import close_account
from accounts.guests import make_guest
from accounts.privacy import consents
from accounts.privacy.everything import everything_about
from accounts.privacy.models import Consent
from feedback import report_pages, reports
from feedback.opendata import figures as city_figures
from feedback.reach import asking, figures, own, sealed
from feedback.reach.catalogue import RATHER_NOT
from feedback.reach.models import Answers, Cell, Population
from groundwork import small_numbers
from groundwork.answer import Refused
from groundwork.datasets import datasets
from groundwork.journal.models import Entry
from quartier.builders import make_person
from tests.visits import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
HERE: Any = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PAGE = "/en/me/data/about-me/"
CANARY = "75-"
SAID = {"age": CANARY, "gender": "other"}


@pytest.fixture(autouse=True)
def keys(tmp_path: Any) -> Any:
    sealed._keys.cache_clear()
    with override_settings(VOTE_KEYS_DIR=str(tmp_path)):
        yield tmp_path / sealed.FILE
    sealed._keys.cache_clear()


@pytest.fixture
def city(world: World) -> World:
    asking.choose(
        chosen=["gender", "age"], population={("age", "75-"): 30, ("age", "16-24"): 70}, by=world.ada, at=world.now
    )  # fmt: skip
    return world


def say(world: World, person: Any, answers: dict[str, str], *, agreed: bool = True) -> None:
    own.tell(person=person, answers=answers, agreed=agreed, channel=Consent.Channel.PAGE, at=world.now)


def crowd(world: World, monkeypatch: pytest.MonkeyPatch, number: int) -> list[Any]:
    """So many people who took part in the process that collects."""
    found = [make_person(f"crowd{n}", f"Crowd {n}") for n in range(number)]
    monkeypatch.setattr(reports, "people_of", lambda process: {person.pk for person in found})
    return found


# --- said, changed, taken back ---


def test_an_empty_form_is_an_answer_and_needs_no_consent(city: World) -> None:
    client = client_of(city, "jonas")
    assert own.is_to_be_asked(city.jonas, city.now)
    assert client.post(PAGE, {}, **HERE).status_code == 302
    assert own.told(city.jonas) == {"age": RATHER_NOT, "gender": RATHER_NOT}
    assert (
        not own.is_to_be_asked(city.jonas, city.now)
        and not Consent.objects.filter(person=city.jonas).exists()
    )


def test_an_answer_without_consent_is_refused_beside_the_box_and_nothing_is_kept(city: World) -> None:
    client = client_of(city, "jonas")
    refused = client.post(PAGE, SAID, **HERE)
    assert refused.status_code == 422 and b'aria-invalid="true"' in refused.content
    assert b"Without your consent we keep no answer" in refused.content
    assert client.post(PAGE, SAID | {"age": "400"}, **HERE).status_code == 422
    assert not Answers.objects.exists()
    with pytest.raises(Refused, match="consent"):
        say(city, city.jonas, SAID, agreed=False)
    assert client.post(PAGE, SAID | {"agrees": "on"}, **HERE).status_code == 302
    assert own.told(city.jonas) == SAID and own.agrees(city.jonas)


@pytest.mark.parametrize("way", ["page", "consents", "api", "rather not"])
def test_taking_back_deletes_the_row_and_stands_in_the_ledger(city: World, way: str) -> None:
    say(city, city.jonas, SAID)
    client = client_of(city, "jonas")
    if way == "page":
        assert client.post(f"{PAGE}forget/", **HERE).status_code == 302
    elif way == "consents":
        client.post("/en/me/data/consents/", {"purpose": own.PURPOSE, "thing": ""}, **HERE)
    elif way == "api":
        assert client.delete("/api/v1/me/about-me", **HERE).status_code == 204
    else:
        client.post(PAGE, {}, **HERE)
    assert CANARY not in json.dumps(own.told(city.jonas))
    assert Answers.objects.exists() is (way == "rather not")
    lines = Consent.objects.filter(person=city.jonas, purpose=own.PURPOSE).order_by("pk")
    assert list(lines.values_list("is_given", flat=True)) == [True, False]
    assert not own.is_to_be_asked(city.jonas, city.now)


def test_only_accounts_of_people_who_decide_for_themselves_are_asked(city: World) -> None:
    guest = make_guest(language="de", at=city.now)
    city.amina.minor_until = (city.now + timedelta(days=400)).date()
    for person in (guest, city.amina):
        assert not own.is_to_be_asked(person, city.now)
        with pytest.raises(Refused):
            say(city, person, SAID)
    assert not Answers.objects.exists()


def test_it_is_asked_on_my_page_and_after_taking_part_and_nowhere_else(city: World) -> None:
    for role, address, asked in [
        ("jonas", "/en/me/", True), ("amina", "/en/processes/collecting/", True), ("mo", "/en/processes/collecting/", False),
        ("visitor", "/en/processes/collecting/", False),
    ]:  # fmt: skip
        client = client_of(city, role) if role != "visitor" else Client()
        assert (b"You can say a few things about yourself" in client.get(address).content) is asked, role
    asking.choose(chosen=[], population={}, by=city.ada, at=city.now)
    assert b"a few things about yourself" not in client_of(city, "jonas").get("/en/me/").content


def test_programs_read_and_write_their_own_and_no_answer_of_a_write_says_it(city: World) -> None:
    client = client_of(city, "jonas")
    address = "/api/v1/me/about-me"
    key: Any = {"HTTP_IDEMPOTENCY_KEY": "once"}
    body = json.dumps(SAID | {"agrees": True})
    made = client.put(address, body, content_type="application/json", **HERE, **key)
    assert made.status_code == 204 and made.content == b""
    found = client.get(address).json()
    assert found == {"asked": ["age", "gender"], "answers": SAID, "agrees": True}
    assert client_of(city, "amina").get(address).json()["answers"] is None
    assert Client().get(address).status_code == 401
    wrong = client.put(address, '{"district": "mitte"}', content_type="application/json", **HERE)
    assert wrong.status_code == 422
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from webapi_keptanswer where row_to_json(webapi_keptanswer)::text like %s", [f"%{CANARY}%"])  # fmt: skip
        assert cursor.fetchone() == (0,)


# --- apart and sealed ---


def test_a_row_says_neither_who_nor_what_and_all_rows_are_alike(city: World, keys: Any) -> None:
    say(city, city.jonas, SAID)
    say(city, city.amina, {})
    rows = list(Answers.objects.all())
    assert {len(bytes(row.sealed)) for row in rows} == {sealed.NONCE + sealed.LENGTH + 16}
    assert not [field for field in Answers._meta.get_fields() if field.is_relation]
    for row in rows:
        assert CANARY.encode() not in bytes(row.sealed) and len(row.handle) == 64 and row.month.day == 1
    # Moved to another handle it opens no more: nobody can be given somebody else's answers.
    first, second = (Answers.objects.get(pk=sealed.handle_of(p.pk)) for p in (city.jonas, city.amina))
    first.sealed, second.sealed = second.sealed, first.sealed
    with pytest.raises(sealed.KeyGone):
        sealed.opened(first)
    assert keys.stat().st_mode & 0o077 == 0


def test_without_the_keys_nothing_is_read_written_or_made_anew_until_an_operator_says_so(
    city: World, keys: Any
) -> None:
    say(city, city.jonas, SAID)
    keys.unlink()
    sealed._keys.cache_clear()
    client = client_of(city, "jonas")
    assert client.get(PAGE).status_code == 403 and client.get("/en/me/").status_code == 200
    with pytest.raises(Refused, match="cannot be read"):
        say(city, city.amina, SAID)
    with pytest.raises(sealed.KeyGone):
        figures.count(city.processes["collecting"])
    assert not keys.exists() and Answers.objects.count() == 1
    call_command("forget_answers", yes=True, verbosity=0)
    say(city, city.amina, SAID)
    assert keys.exists() and own.told(city.amina) == SAID


def test_the_copy_holds_ones_own_answers_and_forgetting_takes_them(city: World) -> None:
    say(city, city.jonas, SAID)
    say(city, city.amina, {"age": "16-24"})
    (row,) = everything_about(city.jonas)["reach.Answers"]
    assert row == SAID | {"month": city.now.date().replace(day=1).isoformat()}
    close_account(person=city.jonas, at=city.now)
    assert [row.pk for row in Answers.objects.all()] == [sealed.handle_of(city.amina.pk)]


def test_after_two_years_answers_and_consent_are_over(city: World) -> None:
    say(city, city.jonas, SAID)
    assert own.forget_old(city.now + timedelta(days=700)) == 0
    assert own.forget_old(city.now + timedelta(days=800)) == 1
    assert not Answers.objects.exists() and not own.agrees(city.jonas)
    assert Consent.objects.filter(person=city.jonas).first().channel == Consent.Channel.ENDED


# --- let out by one rule ---


def test_a_figure_appears_with_the_tenth_person_and_moves_by_ten_only(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    process, people = city.processes["collecting"], crowd(city, monkeypatch, 21)
    seen = []
    for number, person in enumerate(people, 1):
        say(city, person, {"age": "75-"})
        figures.count(process)
        seen.append(Cell.objects.get(process=process, question="age", answer="75-").held)
        assert number == len(seen)
    assert seen == [0] * 9 + [10] * 10 + [20] * 2
    own.take_back(person=people[0], channel=Consent.Channel.PAGE, at=city.now)
    figures.count(process)
    assert figures.shown_of(process)["age"] == {"16-24": None, "25-39": None, "40-59": None, "60-74": None, "75-": 20, "-": None}  # fmt: skip


def test_no_release_and_no_difference_of_releases_speaks_of_fewer_than_ten(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People come, change their mind and go; the process stops counting a question and begins again."""
    process, people = city.processes["collecting"], crowd(city, monkeypatch, 36)
    chance, releases = random.Random(17), []
    for step in range(24):
        for person in chance.sample(people, 9):
            say(city, person, {"age": chance.choice(["75-", "75-", "16-24", "-"]), "gender": chance.choice(["woman", "man"])})  # fmt: skip
        if step in (8, 9):
            asking.choose_for(process=process, chosen=["gender"], by=city.ada, at=city.now)
        elif step == 10:
            asking.choose_for(process=process, chosen=["gender", "age"], by=city.ada, at=city.now)
        figures.count(process)
        releases.append({(c.question, c.answer): c.held for c in Cell.objects.filter(process=process)})
        for cell in Cell.objects.filter(process=process):
            assert cell.shown == small_numbers.shown(cell.held)
    for before, after in pairwise(releases):
        for key, n in after.items():
            assert n == 0 or n >= 10
            assert n == before.get(key, 0) or abs(n - before.get(key, 0)) >= 10
    assert any(len({release.get(key, 0) for release in releases}) > 2 for key in releases[-1])


def test_what_a_process_counts_is_chosen_by_its_team_and_stands_in_the_journal(city: World) -> None:
    process = city.processes["collecting"]
    told = Entry.objects.on("cocreation.Process", process.pk).filter(verb="reach.questions_chosen")
    with pytest.raises(Refused):
        asking.choose_for(process=process, chosen=["gender"], by=city.amina, at=city.now)
    assert asking.of_process(process) == asking.of_city()
    assert not told.exists()
    asking.choose_for(process=process, chosen=["gender"], by=city.ada, at=city.now)
    assert asking.of_process(process) == ["gender"]
    assert told.get().actor_id == city.ada.pk


def test_who_restricted_the_use_of_their_data_is_not_counted(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    process, people = city.processes["collecting"], crowd(city, monkeypatch, 10)
    for person in people:
        say(city, person, {"age": "75-"})
    people[0].restricted_since = city.now
    people[0].save()
    figures.count(process)
    assert figures.shown_of(process)["age"]["75-"] is None


def test_page_report_data_set_and_figure_tell_the_same(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    process, people = city.processes["collecting"], crowd(city, monkeypatch, 22)
    for person in people:
        say(city, person, {"age": "75-"})
    figures.count(process)
    page = client_of(city, "olga").get("/en/desk/reach/collecting/").content.decode()
    # Nobody below 25 is shown, and they are 70 of a hundred who live here: named as missing.
    assert page.count("missing here") == 1 and "100%" in page and "fewer than 10" in page
    numbers = reports.numbers_of(process, city.now)
    assert numbers.told["reach"]["age"]["75-"] == 20
    again = reports.Numbers.read(json.loads(json.dumps(numbers.as_json())))
    with override("en"):
        (table,) = [
            each for each in report_pages.tables(again) if "as far as people said it" in str(each.words)
        ]
    assert table.words == "Age, as far as people said it"
    assert table.rows[-1] == report_pages.Row("75 or older", "20 (36–100%); of all who live here: 30%")
    rows = {tuple(row)[1:] for row in datasets.get("who-took-part").query()}
    assert ("collecting", "age", "75-", 20) in rows and ("collecting", "age", "16-24", None) in rows
    city_figures.count(city.now)
    assert city_figures.find("told-about-themselves").value == 20


def test_only_the_administration_chooses_what_is_asked(city: World) -> None:
    olga, ada = client_of(city, "olga"), client_of(city, "ada")
    assert olga.get("/en/desk/reach/").status_code == 200
    assert olga.post("/en/desk/reach/", {"questions": ["children"]}, **HERE).status_code == 403
    assert ada.post("/en/desk/reach/", {"questions": ["salary"]}, **HERE).status_code == 422
    assert asking.of_city() == ["age", "gender"]
    assert (
        ada.post("/en/desk/reach/", {"questions": ["children"], "children_yes": "12"}, **HERE).status_code
        == 302
    )
    assert asking.of_city() == ["children"]
    assert list(Population.objects.values_list("question", "answer", "people")) == [("children", "yes", 12)]


def test_the_consent_is_one_of_its_own(city: World) -> None:
    assert consents.purposes.get("demographics").stop is own.stop
