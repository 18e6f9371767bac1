"""A counted vote tells nobody what came out until two different people have confirmed it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import Approval, Office, Phase
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.ballots import actions, publishing
from proposals.ballots.models import Tally, Vote
from proposals.models import Proposal
from quartier.builders import give_role, make_office, make_person
from tests.proposals.ballots.voting import build_vote, keys_by_cost, let_it_end

pytestmark = pytest.mark.django_db
RESULT = "/en/processes/wahl/result/"
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def two_people(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = True
    with translation.override("en"):
        yield


@pytest.fixture
def counted() -> Vote:
    vote = build_vote()
    key = keys_by_cost(vote)
    actions.enter_ballots(vote=vote, ballots=[[key[45_000]]] * 3 + [[key[12_000], key[8_000]]] * 2)
    let_it_end(vote)
    actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    return Vote.objects.get(pk=vote.pk)


def admin() -> Person:
    return Person.objects.get(email="writer@example.org")


def owner(office: str = "amt") -> Person:
    person = make_person(f"owner-{office}", f"Owner {office}")
    give_role(
        person,
        "owner",
        office=Office.objects.filter(slug=office).first() or make_office(office, {"de": office}),
    )
    return person


def stages() -> set[str]:
    return set(Proposal.objects.values_list("stage", flat=True))


def test_until_two_have_confirmed_nothing_tells_the_result(counted):
    page = Client().get(RESULT).content.decode()
    assert "waiting for two people" in page and "Project 1" not in page
    for path in ("count-yourself/", "ballots.csv", "ballots.pb"):
        assert Client().get(RESULT + path).status_code == 404
    assert stages() == {"on_ballot"}
    assert "wahl" not in Client().get("/en/results/votes/").content.decode()
    process = Client().get("/en/processes/wahl/").content.decode()
    assert "Two people of the city look at the result" in process
    proposal = Proposal.objects.get(cost=45_000)
    assert "Chosen" not in Client().get(proposal.get_absolute_url()).content.decode()
    assert not Entry.objects.filter(verb="vote.published").exists()
    assert Entry.objects.get(verb="vote.counted").data == {"ballots": 5}


def test_two_different_people_publish_it_and_then_everybody_is_told(counted):
    first, second = Client(**HERE), Client(**HERE)
    first.force_login(admin())
    second.force_login(owner())
    confirm = f"/en/desk/results/{counted.pk}/confirm/"
    assert "Project 1" in first.get("/en/desk/results/").content.decode()
    assert first.post(confirm).status_code == 302
    assert Tally.objects.get().published_at is None and stages() == {"on_ballot"}
    assert first.post(confirm).status_code == 403
    assert Tally.objects.get().published_at is None
    assert "waits for somebody else" in first.get("/en/desk/results/").content.decode()
    assert second.post(confirm).status_code == 302
    assert Tally.objects.get().published_at is not None and stages() == {"chosen", "not_chosen"}
    assert Client().get(RESULT + "ballots.csv").status_code == 200
    assert "Project 1" in Client().get(RESULT).content.decode()
    assert Entry.objects.get(verb="vote.published").data == {"ballots": 5, "selected": 1}
    assert "No result waits" in first.get("/en/desk/results/").content.decode()


def test_the_database_refuses_that_one_person_is_both(counted):
    publishing.confirm_result(vote=counted, by=admin(), at=timezone.now())
    asked = Approval.objects.get(what="result")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(approved_by=admin(), approved_at=timezone.now())


def test_only_those_who_set_the_process_up_confirm(counted):
    foreign, official = owner("other"), make_person("official", "Official")
    give_role(official, "official", office=Office.objects.get(slug="amt"))
    for person in (foreign, official):
        with pytest.raises(Refused):
            publishing.confirm_result(vote=counted, by=person, at=timezone.now())
    assert not Approval.objects.exists()
    assert publishing.count_waiting(foreign, timezone.now()) == 0
    assert publishing.count_waiting(admin(), timezone.now()) == 1


def test_a_city_that_has_one_person_for_it_says_so_in_its_settings(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = False
    vote = build_vote()
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    assert Tally.objects.get().published_at is not None
    assert Phase.objects.get(pk=vote.pk).vote.tally.published_at
