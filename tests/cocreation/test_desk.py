"""The desk opens to those who hold the role and have a second factor, and to nobody else."""

from __future__ import annotations

import re
from itertools import product

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import Organisation, Verification
from cocreation.actions import verify_person
from cocreation.models import Contribution, Hiding, RoleGrant
from cocreation.standing import standing_of
from groundwork.answer import Refused
from groundwork.journal.models import Entry

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DOORS = {
    "/de/desk/": {"olga", "mo", "clara", "ada"},
    "/de/desk/hidden/": {"mo", "ada"},
    "/de/desk/verify/": {"clara", "ada"},
    "/de/desk/organisations/": {"clara", "ada"},
    "/de/studio/": {"ada"},
    "/de/studio/new/": {"ada"},
    "/de/studio/draft/": {"ada"},
    "/de/studio/draft/texts/": {"ada"},
    "/de/studio/draft/phases/ideas/": {"ada"},
}


def test_only_those_with_the_role_enter(world, sign_in):
    clients = {name: sign_in(world.people[name]) for name in ("amina", "ines", "olga", "mo", "clara", "ada")}
    for door, name in product(DOORS, clients):
        answer = clients[name].get(door)
        assert answer.status_code == (200 if name in DOORS[door] else 403), (door, name)


def test_a_visitor_is_led_to_the_log_in_and_back(world, client):
    for door in DOORS:
        answer = client.get(door)
        assert answer.status_code == 302
        assert answer["Location"] == f"/de/identify/login/?next={door}"


def test_staff_without_a_second_factor_do_not_enter(world, sign_in):
    Authenticator.objects.filter(user=world.ada).delete()
    client = sign_in(world.ada)
    for door in DOORS:
        answer = client.get(door)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/de/desk/second-factor/")
    page = client.get(answer["Location"]).content.decode()
    assert "/identify/2fa/totp/activate/" in page


def test_a_write_without_a_second_factor_changes_nothing(world, sign_in):
    Authenticator.objects.filter(user=world.ada).delete()
    sign_in(world.ada).post("/de/studio/draft/publish/", **HERE)
    world.processes["draft"].refresh_from_db()
    assert not world.processes["draft"].is_published


def test_a_role_that_has_ended_opens_nothing(world, sign_in):
    RoleGrant.objects.filter(person=world.mo).update(ends=world.now)
    assert sign_in(world.mo).get("/de/desk/hidden/").status_code == 403


def test_the_second_factor_page_does_not_lead_to_foreign_addresses(world, sign_in):
    answer = sign_in(world.ada).get("/de/desk/second-factor/?next=https://example.com/")
    assert answer["Location"] == "/de/desk/"


def test_the_clerk_confirms_an_address_and_sees_nothing_else(world, sign_in):
    client = sign_in(world.clara)
    assert "Jonas Petersen" not in client.get("/de/desk/verify/?email=jonas@example.org").content.decode()
    page = client.post("/de/desk/verify/", {"email": "jonas@example.org"}, **HERE).content.decode()
    assert "Jonas Petersen" in page
    # Who was looked up reads it among their data, without the name of the clerk.
    mine = sign_in(world.jonas).get("/de/me/data/").content.decode()
    assert "Im Bürgerbüro über die E-Mail-Adresse nachgeschlagen" in mine and "Clara" not in mine
    form = {"email": "jonas@example.org", "residence": "lindach", "seen": "on"}
    assert client.post("/de/desk/verify/", form, **HERE).status_code == 302
    verification = Verification.objects.get(person=world.jonas)
    assert (verification.residence, verification.method, verification.verified_by) == (
        "lindach",
        "desk",
        world.clara,
    )
    jonas = type(world.jonas).objects.get(pk=world.jonas.pk)
    assert standing_of(jonas, world.collecting, verification.verified_at).residence == "lindach"
    assert Entry.objects.filter(verb="person.verified", subject_key=str(world.jonas.pk)).count() == 1


def test_an_incomplete_confirmation_changes_nothing(world, sign_in):
    clara = sign_in(world.clara)
    for form in [
        {"email": "jonas@example.org", "residence": "lindach"},  # nothing was seen
        {"email": "jonas@example.org", "residence": "atlantis", "seen": "on"},
        {"email": "jonas", "residence": "lindach", "seen": "on"},
        {"email": "nobody@example.org", "residence": "lindach", "seen": "on"},
    ]:
        assert clara.post("/de/desk/verify/", form, **HERE).status_code == 422
    assert not Verification.objects.filter(person=world.jonas).exists()


def test_nobody_confirms_their_own_address(world, sign_in):
    form = {"email": "clara@example.org", "residence": "auental", "seen": "on"}
    assert sign_in(world.clara).post("/de/desk/verify/", form, **HERE).status_code == 403
    assert not Verification.objects.filter(person=world.clara).exists()


def test_only_the_citizens_office_confirms_addresses(world):
    for name in ("amina", "olga", "mo"):
        with pytest.raises(Refused):
            verify_person(person=world.jonas, residence="lindach", by=world.people[name], at=world.now)
    assert not Verification.objects.filter(person=world.jonas).exists()


def test_a_new_confirmation_replaces_the_old_one(world):
    verify_person(person=world.amina, residence="auental", by=world.clara, at=world.now)
    assert [v.residence for v in Verification.objects.filter(person=world.amina, revoked_at=None)] == [
        "auental"
    ]


def test_moderators_take_a_contribution_off_the_pages_and_bring_it_back(world, sign_in):
    client, receipt = sign_in(world.mo), world.fountain.receipt
    assert client.get(f"/de/contributions/{receipt}/hide/").status_code == 200
    assert client.post(f"/de/contributions/{receipt}/hide/", {"rule": "respect"}, **HERE).status_code == 422
    assert Contribution.objects.get(receipt=receipt).is_public
    client.post(f"/de/contributions/{receipt}/hide/", {"rule": "respect", "reason": "Beleidigt."}, **HERE)
    assert not Contribution.objects.get(receipt=receipt).is_public
    assert receipt in client.get("/de/desk/hidden/").content.decode()
    assert (
        client.post(f"/de/contributions/{receipt}/hide/", {"rule": "law", "reason": "x"}, **HERE).status_code
        == 403
    )
    client.post(f"/de/contributions/{receipt}/restore/", **HERE)
    assert Contribution.objects.get(receipt=receipt).is_public
    assert not Hiding.objects.filter(contribution__receipt=receipt, lifted_at=None).exists()


def test_residents_hide_nothing(world, sign_in):
    form = {"rule": "respect", "reason": "Mag ich nicht."}
    answer = sign_in(world.amina).post(f"/de/contributions/{world.trees.receipt}/hide/", form, **HERE)
    assert answer.status_code == 403
    assert Contribution.objects.get(receipt=world.trees.receipt).is_public


def test_the_citizens_office_confirms_an_organisation_once(world, sign_in):
    Organisation.objects.create(slug="chor", name="Chor", kind="creative_and_arts")
    client = sign_in(world.clara)
    assert "Chor" in client.get("/de/desk/organisations/").content.decode()
    assert client.post("/de/desk/organisations/", {"organisation": "chor"}, **HERE).status_code == 302
    assert Organisation.objects.get(slug="chor").confirmed_by == world.clara
    assert client.post("/de/desk/organisations/", {"organisation": "chor"}, **HERE).status_code == 403


def test_the_left_column_counts_what_waits(world, sign_in):
    page = sign_in(world.mo).get("/de/desk/").content.decode()
    link = re.search(r'<a href="/de/desk/hidden/"[^>]*>.*?</a>', page, re.S)
    assert link
    number = re.search(r'class="count[^"]*">(\d+)', link[0])
    assert number
    assert int(number[1]) == Hiding.objects.filter(lifted_at=None).count() > 0
