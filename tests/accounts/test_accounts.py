"""One's own pages: what is shown, corrected, taken along and deleted; organisations and who speaks for them."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.actions import ask_to_join, close_account, confirm_member, end_membership, register_organisation
from accounts.models import Membership, Organisation, Person, Verification
from cocreation.actions import follow
from cocreation.models import Contribution, Follow
from groundwork.answer import Refused
from proposals.models import Proposal, Support
from proposals.rules import may_propose_for

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PAGES = ["/de/me/", "/de/me/data/", "/de/me/data/close/", "/de/me/verifications/", "/de/me/organisations/"]


def test_own_pages_need_a_log_in(world, client):
    for page in [*PAGES, "/de/me/data/copy/"]:
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"] == f"/de/identify/login/?next={page}"


@pytest.mark.parametrize("name", ["amina", "jonas", "ada"])
def test_own_pages_open(world, sign_in, name):
    client = sign_in(world.people[name])
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert answer.content.decode().count("<h1") == 1, page


def test_the_profile_is_corrected(world, sign_in):
    form = {"public_name": "Amina Y.", "about": "Lehrerin", "language": "en", "place": "auental"}
    assert sign_in(world.amina).post("/de/me/data/", form, **HERE).status_code == 302
    person = Person.objects.get(pk=world.amina.pk)
    assert (person.public_name, person.about, person.language, person.place) == (
        "Amina Y.",
        "Lehrerin",
        "en",
        "auental",
    )


def test_a_wrong_profile_changes_nothing(world, sign_in):
    amina = sign_in(world.amina)
    for wrong in [{"public_name": ""}, {"place": "atlantis"}, {"language": "xx"}]:
        form = {"public_name": "Neu", "about": "", "language": "de", "place": ""} | wrong
        assert amina.post("/de/me/data/", form, **HERE).status_code == 422
    assert Person.objects.get(pk=world.amina.pk).public_name == "Amina Yıldız"


# --- close ---


def test_a_closed_account_keeps_no_name_and_the_contributions_stay(world, sign_in, client):
    person, receipt = world.amina, world.fountain.receipt
    Support.objects.create(proposal=world.trees, person=person, at=world.now)
    follow(person=person, process=world.processes["collecting"], at=world.now)
    signed_in = sign_in(person)
    answer = signed_in.post("/de/me/data/close/", {"email": "amina@example.org"}, **HERE)
    assert answer.status_code == 200
    row = Person.objects.get(pk=person.pk)
    assert (row.public_name, row.about, row.place, row.is_active) == ("", "", "", False)
    assert "amina" not in row.email
    assert not row.has_usable_password()
    assert not EmailAddress.objects.filter(user=person).exists()
    assert not Verification.objects.filter(person=person).exists()
    assert not Follow.objects.filter(person=person).exists()
    assert Contribution.objects.get(receipt=receipt).author is None
    assert Proposal.objects.get(receipt=receipt).is_public
    assert Support.objects.filter(proposal=world.trees, person=person).count() == 1
    assert signed_in.get("/de/me/").status_code == 302
    page = client.get(f"/de/proposals/{receipt}/")
    assert page.status_code == 200
    assert "Amina" not in page.content.decode()


def test_another_session_of_a_closed_account_is_over_too(world, sign_in):
    other = sign_in(world.jonas)
    assert other.get("/de/me/").status_code == 200
    close_account(person=world.jonas, at=world.now)
    assert other.get("/de/me/").status_code == 302


def test_the_wrong_address_closes_nothing(world, sign_in):
    answer = sign_in(world.amina).post("/de/me/data/close/", {"email": "jonas@example.org"}, **HERE)
    assert answer.status_code == 422
    assert Person.objects.get(pk=world.amina.pk).is_active
    assert Person.objects.get(pk=world.jonas.pk).is_active


def test_who_works_for_the_city_hands_over_first_and_nothing_is_deleted(world, sign_in):
    answer = sign_in(world.olga).post("/de/me/data/close/", {"email": "olga@example.org"}, **HERE)
    assert answer.status_code == 403
    row = Person.objects.get(pk=world.olga.pk)
    assert (row.public_name, row.is_active) == ("Olga Brandt", True)
    assert Authenticator.objects.filter(user=world.olga).exists()
    assert EmailAddress.objects.filter(user=world.olga).exists()


# --- organisations ---


def test_a_registered_organisation_waits_and_is_seen_by_its_people_alone(world, sign_in, client):
    form = {"name": "Chor Lindach", "kind": "creative_and_arts", "about": "Wir singen."}
    amina = sign_in(world.amina)
    assert amina.post("/de/me/organisations/", form, **HERE).status_code == 302
    organisation = Organisation.objects.get(slug="chor-lindach")
    assert organisation.confirmed_at is None
    assert client.get("/de/organisations/chor-lindach/").status_code == 404
    assert sign_in(world.jonas).get("/de/organisations/chor-lindach/").status_code == 404
    assert amina.get("/de/organisations/chor-lindach/").status_code == 200
    assert not may_propose_for(world.amina, organisation)


def test_a_name_is_registered_once(world):
    with pytest.raises(Refused):
        register_organisation(name="gärtnerei POHL", kind="company", about="", by=world.jonas, at=world.now)
    assert Organisation.objects.filter(name__iexact="Gärtnerei Pohl").count() == 1


def test_joining_needs_the_confirmation_of_those_who_speak_for_it(world, sign_in):
    garden = world.garden
    mo = sign_in(world.mo)
    assert mo.post(f"/de/organisations/{garden.slug}/join/", **HERE).status_code == 302
    membership = Membership.objects.get(person=world.mo, organisation=garden)
    assert not may_propose_for(world.mo, garden)
    for by in (world.mo, world.amina):
        with pytest.raises(Refused):
            confirm_member(membership=membership, by=by, at=world.now)
    membership.refresh_from_db()
    assert membership.confirmed_at is None
    with pytest.raises(Refused):
        ask_to_join(organisation=garden, by=world.mo)
    ines = sign_in(world.ines)
    url = f"/de/organisations/{garden.slug}/members/{membership.pk}/"
    assert ines.post(url, {"act": "confirm"}, **HERE).status_code == 302
    assert may_propose_for(world.mo, garden)
    assert mo.post(url, {"act": "end"}, **HERE).status_code == 302
    assert not may_propose_for(world.mo, garden)
    ask_to_join(organisation=garden, by=world.mo)


def test_a_stranger_ends_no_membership(world, sign_in):
    membership = Membership.objects.get(person=world.ines, organisation=world.garden)
    url = f"/de/organisations/{world.garden.slug}/members/{membership.pk}/"
    assert sign_in(world.amina).post(url, {"act": "end"}, **HERE).status_code == 403
    membership.refresh_from_db()
    assert membership.ended_at is None


def test_the_last_who_speaks_for_an_organisation_stays(world):
    membership = Membership.objects.get(person=world.ines, organisation=world.garden)
    with pytest.raises(Refused):
        end_membership(membership=membership, by=world.ines, at=world.now)
    membership.refresh_from_db()
    assert membership.ended_at is None
