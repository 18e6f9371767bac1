"""Looking up who wrote something takes two people and a reason, and the person concerned is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.privacy.everything import everything_about
from cocreation import four_eyes
from cocreation.models import Approval
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from quartier.builders import give_role
from tests.cocreation.test_roles import HERE, again

SECRET = "amina@example.org"
REASON = "Jemand droht, den Brunnen zu zerstören."


@pytest.fixture
def page(world):
    return f"/de/contributions/{world.fountain.receipt}/identity/"


def test_nothing_is_shown_before_a_second_person_agreed_and_then_to_the_asker_alone_for_a_day(
    world, sign_in, page
):
    mo, clara, ada = (sign_in(world.people[name]) for name in ("mo", "clara", "ada"))
    for client in (mo, clara, ada):
        assert SECRET not in client.get(page).content.decode()
    decide = f"/de/desk/second-pair-of-eyes/{world.asked.pk}/"
    assert clara.post(decide, {"decision": "approve"}, **HERE).status_code == 302
    shown = mo.get(page).content.decode()
    assert SECRET in shown and "Lindach" in shown
    assert SECRET not in clara.get(page).content.decode()
    assert SECRET not in ada.get(page).content.decode()
    with time_machine.travel(world.now + timedelta(hours=25)):
        assert SECRET not in sign_in(world.mo).get(page).content.decode()


def test_the_second_person_must_be_another_one(world, sign_in):
    decide = f"/de/desk/second-pair-of-eyes/{world.asked.pk}/"
    assert sign_in(world.mo).post(decide, {"decision": "approve"}, **HERE).status_code == 403
    assert Approval.objects.get(pk=world.asked.pk).is_open
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=world.asked.pk).update(approved_by=world.mo, approved_at=world.now)
    assert four_eyes.identity_for(world.mo, world.fountain.contribution, world.now) is None


def test_the_second_person_needs_the_right_and_is_not_the_one_concerned(world):
    for name in ("olga", "jonas"):
        with pytest.raises(Refused):
            four_eyes.approve(approval=world.asked, by=world.people[name], at=world.now)
    give_role(world.amina, "clerk")
    with pytest.raises(Refused, match="Hier geht es um Sie"):
        four_eyes.approve(approval=world.asked, by=again(world.amina), at=world.now)
    give_role(world.jonas, "moderator", process=world.voting)
    with pytest.raises(Refused):
        four_eyes.approve(approval=world.asked, by=again(world.jonas), at=world.now)
    assert Approval.objects.get(pk=world.asked.pk).is_open


def test_the_look_up_is_shown_to_the_person_with_names_and_reason_and_stands_in_the_journal(world, sign_in):
    mine = sign_in(world.amina)
    assert REASON not in mine.get("/de/me/data/").content.decode()
    four_eyes.approve(approval=world.asked, by=world.clara, at=world.now)
    told = mine.get("/de/me/data/").content.decode()
    assert "Mo Bilgin" in told and "Clara Sommer" in told and REASON in told
    assert REASON not in sign_in(world.ines).get("/de/me/data/").content.decode()
    asked, approved = Entry.objects.filter(verb__startswith="identity.").order_by("id")
    assert (asked.actor_id, approved.actor_id) == (world.mo.pk, world.clara.pk)
    assert approved.data == {"about": world.amina.pk, "contribution": world.fountain.pk}
    export = json.dumps(everything_about(world.amina), ensure_ascii=False)
    assert REASON in export and "Clara" not in export


def test_declined_is_shown_to_nobody_and_may_be_asked_again(world, sign_in, page):
    four_eyes.decline(approval=world.asked, by=world.ada, at=world.now)
    assert SECRET not in sign_in(world.mo).get(page).content.decode()
    assert REASON not in sign_in(world.amina).get("/de/me/data/").content.decode()
    assert sign_in(world.mo).post(page, {"reason": "Doch."}, **HERE).status_code == 302


def test_a_question_needs_a_reason_an_author_and_can_only_wait_once(world, sign_in, page):
    client = sign_in(world.clara)
    assert client.post(page, {"reason": ""}, **HERE).status_code == 422
    with pytest.raises(Refused, match="schon jemand"):
        four_eyes.ask_who_wrote(
            contribution=world.fountain.contribution, reason="…", by=world.clara, at=world.now
        )
    contribution = world.trees.contribution
    contribution.author = None
    with pytest.raises(Refused):
        four_eyes.ask_who_wrote(contribution=contribution, reason="…", by=world.clara, at=world.now)
    assert Approval.objects.count() == 1


def test_only_moderators_of_the_process_and_the_citizens_office_may_ask(world, sign_in):
    give_role(world.jonas, "moderator", process=world.voting)
    for person in (world.jonas, world.olga):
        page = f"/de/contributions/{world.trees.receipt}/identity/"
        assert sign_in(person).get(page).status_code == 403
        assert sign_in(person).post(page, {"reason": "…"}, **HERE).status_code == 403
    assert Approval.objects.count() == 1


def test_a_role_that_ended_since_shows_nothing_any_more(world):
    four_eyes.approve(approval=world.asked, by=world.clara, at=world.now)
    assert four_eyes.identity_for(world.mo, world.fountain.contribution, world.now)
    world.mo.grants.update(ends=world.now)
    assert four_eyes.identity_for(again(world.mo), world.fountain.contribution, world.now) is None
