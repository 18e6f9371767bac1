"""Taking part without an account: what works, what stays closed, and how it becomes an account without losing anything."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import guest_session, guests
from accounts.claiming import claim
from accounts.models import Person
from cocreation import eligibility
from cocreation.actions import follow, hide_contribution
from cocreation.eligibility import remember, without_account
from cocreation.models import Contribution, Eligibility, Follow, PendingAct, Phase, Process, RoleGrant
from cocreation.roles import roles_of
from feedback.notices.fanout import plan, spread
from feedback.notices.models import Notice
from feedback.notices.sending import send_due
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import support_proposal
from proposals.ballots import actions as ballots
from proposals.ballots.models import Slot, Vote
from proposals.models import Proposal, Support
from tests.matrix.expectations import a_proposal

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def open_to_all(world) -> Process:
    """Anyone may propose and support here, also without an account."""
    Phase.objects.filter(process=world.collecting, method="ideas").update(
        audience={"propose": {"level": "anyone"}, "support": {"level": "anyone"}}
    )
    return world.collecting


@pytest.fixture
def guest(world) -> Person:
    return guests.make_guest(language="de", public_name="Zugvogel", at=world.now)


def enter(client: Client, **form: str) -> Person:
    before = set(Person.objects.values_list("pk", flat=True))
    assert client.post("/de/account/guest/", form, **HERE).status_code == 302
    return Person.objects.exclude(pk__in=before).get()


def code() -> str:
    found = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.M)
    assert found
    return found[1]


def make_it_an_account(client: Client, email: str) -> Any:
    assert (
        client.post("/de/account/claim/", {"email": email, "old_enough": "on"}, **HERE)["Location"]
        == "/de/account/claim/code/"
    )
    return client.post("/de/account/claim/code/", {"code": code()}, **HERE)


# --- coming in ---


def test_a_visitor_does_an_act_and_sends_it_without_an_account(world, open_to_all):
    client = Client()
    kept = client.post("/de/processes/collecting/propose/", a_proposal(world), **HERE)["Location"]
    assert not client.cookies
    assert 'action="/de/account/guest/"' in client.get(kept).content.decode()
    answer = client.post("/de/account/guest/", {"next": kept, "public_name": "Zugvogel"}, **HERE)
    contribution = Contribution.objects.latest("pk")
    assert contribution.receipt in answer["Location"]
    assert contribution.author.public_name == "Zugvogel"
    assert contribution.author.is_guest
    page = client.get("/de/me/").content.decode()
    assert contribution.receipt in page
    for words in ("Ohne Konto dabei", "Ich bin fertig", "Konto daraus machen"):
        assert words in page
    for path in ('/me/data/"', "/me/verifications/", "/identify/", "/me/organisations/"):
        assert f'href="/de{path}' not in page  # no way leads to a closed door


def test_where_an_account_is_needed_the_waiting_page_offers_no_other_way(world):
    client = Client()
    kept = client.post("/de/processes/collecting/propose/", a_proposal(world), **HERE)["Location"]
    assert "/account/guest/" not in client.get(kept).content.decode()
    # Somebody who comes in all the same is told what is missing, and nothing is lost.
    assert client.post("/de/account/guest/", {"next": kept}, **HERE)["Location"] == kept
    act = PendingAct.objects.get(pk=kept.rstrip("/").split("/")[-1])
    assert act.person.is_guest
    assert act.next_url == "cocreation:claim"
    assert act.completed_at is None


def test_without_a_name_a_guest_is_someone_from_a_place(world):
    assert guests.make_guest(language="en", at=world.now).public_name == "Someone from Auental"
    assert guests.make_guest(language="de", at=world.now, place="lindach").public_name == "Jemand aus Lindach"


def test_who_came_and_did_nothing_is_forgotten_after_two_days(world, guest):
    busy = guests.make_guest(language="de", at=world.now)
    follow(person=busy, process=world.voting, at=world.now)
    before = Person.objects.count()
    assert guests.forget_idle(world.now + timedelta(days=1)) == 0
    assert guests.forget_idle(world.now + timedelta(days=2)) == 1
    assert Person.objects.count() == before - 1
    assert not Person.objects.filter(pk=guest.pk).exists()


# --- what stays closed ---


def test_the_session_ends_with_the_browser_and_after_twelve_hours(world):
    client = Client()
    with time_machine.travel(world.now, tick=False):
        enter(client)
        assert not client.cookies["session"]["max-age"]
        left = Session.objects.get().expire_date - world.now
        assert left == timedelta(hours=12)
    with time_machine.travel(world.now + timedelta(hours=11), tick=False):
        assert client.get("/de/me/").status_code == 200
    with time_machine.travel(world.now + timedelta(hours=22), tick=False):
        assert client.get("/de/me/").status_code == 200  # prolonged by use
    with time_machine.travel(world.now + timedelta(hours=35), tick=False):
        assert client.get("/de/me/").status_code == 302


def test_i_am_finished_clears_this_browser(world):
    client = Client()
    enter(client)
    answer = client.post("/de/account/finished/", **HERE)
    assert '"cookies"' in answer["Clear-Site-Data"]
    assert client.get("/de/me/").status_code == 302


CLOSED = [
    ("/de/me/data/", 403), ("/de/me/verifications/", 403), ("/de/me/organisations/", 403), ("/de/me/mail/", 403),
    ("/de/identify/email/", 302), ("/de/identify/password/change/", 302), ("/de/identify/2fa/", 302),
    ("/de/identify/2fa/totp/activate/", 302), ("/de/identify/login/", 302), ("/de/identify/signup/", 302),
    ("/de/desk/", 403), ("/de/desk/verify/", 403), ("/de/studio/", 403), ("/de/desk/hidden/", 403),
]  # fmt: skip


def test_a_guest_reaches_no_settings_no_mail_and_no_staff_pages(world, sign_in, guest):
    client = sign_in(guest)
    RoleGrant.objects.create(person=guest, role="admin", starts=world.now - timedelta(days=1))
    assert not roles_of(Person.objects.get(pk=guest.pk)).is_staff
    for url, status in CLOSED:
        url = reverse("notices:settings") if url.endswith("/mail/") else url
        answer = client.get(url)
        assert answer.status_code == status, url
        if status == 302:
            assert answer["Location"].startswith("/de/account/claim/"), url
        elif "/desk/" not in url and "/studio/" not in url:
            assert "/de/account/claim/" in answer.content.decode(), url
    assert client.get("/de/me/data/copy/").status_code == 200
    RoleGrant.objects.filter(person=guest).delete()
    assert client.post("/de/me/data/close/", **HERE).status_code == 200
    assert Person.objects.get(pk=guest.pk).public_name == ""


def test_a_guest_has_no_way_to_log_in_and_no_power(world, guest):
    assert not guest.has_usable_password()
    assert not EmailAddress.objects.filter(user=guest).exists()
    for url, form in [
        ("login/", {"login": guest.email, "password": "x"}),
        ("login/code/", {"email": guest.email}),
        ("password/reset/", {"email": guest.email}),
    ]:
        Client().post(f"/de/identify/{url}", form, **HERE)
    assert mail.outbox == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=guest.pk).update(is_superuser=True)
    with pytest.raises(ValueError, match="without proof"):
        guest_session.sign_in(None, world.amina)  # type: ignore[arg-type]


def test_a_guest_is_told_on_the_page_and_never_by_mail(world, guest, open_to_all):
    support_proposal(proposal=world.fountain, by=guest, at=world.now)
    Contribution.objects.filter(pk=world.fountain.pk).update(author=guest)
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Werbung."
    )
    plan(list(Entry.objects.filter(verb="contribution.hidden", subject_key=str(world.fountain.pk))))
    spread(world.now)
    notice = Notice.objects.get(person=guest)
    assert (notice.rhythm, notice.due_at) == ("none", None)
    Notice.objects.filter(pk=notice.pk).update(
        rhythm="immediate", due_at=world.now
    )  # even if something asked for it
    send_due(world.now + timedelta(minutes=1))
    assert not [letter for letter in mail.outbox if guest.email in letter.to]


# --- making it an account ---


def test_a_guest_becomes_an_account_and_nothing_is_lost(world, open_to_all):
    client = Client()
    guest = enter(client, public_name="Zugvogel")
    client.post(f"/de/proposals/{world.fountain.receipt}/support/", **HERE)
    kept = client.post("/de/processes/collecting/follow/", **HERE)["Location"]
    assert "/waiting/" in kept  # to be told one needs an address
    assert make_it_an_account(client, "Nele@Example.org").status_code == 302
    person = Person.objects.get(pk=guest.pk)
    assert (person.is_guest, person.email, person.public_name) == (False, "nele@example.org", "Zugvogel")
    assert EmailAddress.objects.get(user=person).verified
    assert Support.objects.filter(person=person, proposal=world.fountain).exists()
    assert "Zugvogel" in client.get("/de/me/data/").content.decode()
    assert not client.session.get("guest_since")
    assert client.session.get_expiry_age() > 24 * 3600


def test_the_page_and_the_mail_do_not_tell_whose_address_has_an_account(world):
    told = []
    for email in ("amina@example.org", "nobody@example.org"):
        client = Client()
        enter(client)
        client.post("/de/account/claim/", {"email": email, "old_enough": "on"}, **HERE)
        page = client.get("/de/account/claim/code/").content.decode()
        letter = mail.outbox[-1]
        told.append(
            (re.sub(re.escape(email), "…", page), letter.subject, re.sub(code(), "…", str(letter.body)))
        )
    assert told[0] == told[1]


def test_three_wrong_codes_end_it_and_nothing_is_changed(world):
    client = Client()
    guest = enter(client)
    client.post("/de/account/claim/", {"email": "amina@example.org", "old_enough": "on"}, **HERE)
    answers = [
        client.post("/de/account/claim/code/", {"code": "WRONG1"}, **HERE).status_code for _ in range(3)
    ]
    assert answers == [422, 422, 302]
    assert (
        client.post("/de/account/claim/code/", {"code": code()}, **HERE)["Location"] == "/de/account/claim/"
    )
    assert Person.objects.get(pk=guest.pk).is_guest


def test_a_guest_turns_out_to_be_amina_and_her_account_holds_everything_once(world, open_to_all):
    support_proposal(proposal=world.fountain, by=world.amina, at=world.now)
    follow(person=world.amina, process=world.voting, at=world.now)
    client = Client()
    guest = enter(client)
    for proposal in (world.fountain, world.trees):
        client.post(f"/de/proposals/{proposal.receipt}/support/", **HERE)
    follow(person=guest, process=world.voting, at=world.now)
    follow(person=guest, process=world.answering, at=world.now)
    client.post("/de/processes/collecting/propose/", a_proposal(world), **HERE)
    mine = Contribution.objects.get(author=guest)
    before = {p.pk: p.supports for p in Proposal.objects.filter(pk__in=[world.fountain.pk, world.trees.pk])}
    assert make_it_an_account(client, "amina@example.org").status_code == 302
    assert not Person.objects.filter(pk=guest.pk).exists()
    mine.refresh_from_db()
    assert mine.author == world.amina
    assert set(Support.objects.filter(person=world.amina).values_list("proposal", flat=True)) >= set(before)
    after = {p.pk: p.supports for p in Proposal.objects.filter(pk__in=before)}
    assert after == {world.fountain.pk: before[world.fountain.pk] - 1, world.trees.pk: before[world.trees.pk]}
    for pk, number in after.items():
        assert Support.objects.filter(proposal=pk).count() == number
    followed = Follow.objects.filter(person=world.amina).values_list("process__slug", flat=True)
    assert sorted(followed) == ["answering", "voting"]
    assert "Amina" in client.get("/de/me/").content.decode()
    assert mine.proposal.revisions.get().by == world.amina


def test_a_second_factor_is_asked_for_before_the_account_opens(world):
    client = Client()
    enter(client)
    answer = make_it_an_account(client, "olga@example.org")
    assert "/2fa/authenticate/" in answer["Location"]
    assert client.get("/de/me/").status_code == 302


def test_an_address_somebody_gave_and_never_proved_opens_nothing_for_them(world, guest):
    squatter = Person.objects.create_user("nele@example.org", "sehr-langes-wort-27", public_name="X")
    EmailAddress.objects.create(user=squatter, email="nele@example.org", verified=False, primary=True)
    account = claim(guest=guest, email="nele@example.org", at=world.now)
    assert account == squatter
    account.refresh_from_db()
    assert not account.has_usable_password()


# --- entries and ballots ---


def entry_in(process: Process, number: int, person: Person | None = None, at: Any = None) -> Eligibility:
    return Eligibility.objects.create(
        process=process, key=bytes([number] * 32), residence="lindach", age_band="18-21", source="letter",
        person=person, claimed_at=at if person else None,
    )  # fmt: skip


def test_two_entries_of_one_process_are_never_put_together(world, guest):
    entry_in(world.voting, 1, world.amina, world.now)
    entry_in(world.voting, 2, guest, world.now)
    follow(person=guest, process=world.answering, at=world.now)
    with pytest.raises(Refused, match=r"Bürgerhaushalt|Budget"):
        claim(guest=guest, email="amina@example.org", at=world.now)
    assert Eligibility.objects.get(person=guest)
    assert Follow.objects.filter(person=guest).exists()
    assert not Follow.objects.filter(person=world.amina).exists()


def test_whoever_shows_who_they_are_comes_in_without_an_account_and_comes_back_as_the_same(world, rf):
    process, entry = world.collecting, entry_in(world.collecting, 7)
    way = without_account.get("guests")

    def arrive(by_way_of: str = "letter") -> tuple[Any, str]:
        client = Client()
        request = rf.post("/", {"next": "/de/processes/collecting/"})
        request.session, request.user = client.session, AnonymousUser()
        here = Eligibility.objects.get(pk=entry.pk)
        return request, way.go(
            remember(process=process, entry=here, by_way_of=by_way_of, at=world.now), request
        )

    first, url = arrive()
    assert url == "/de/processes/collecting/"
    assert first.user.public_name == "Jemand aus Lindach"
    assert Eligibility.objects.get(pk=entry.pk).person == first.user
    again, _url = arrive()
    assert again.user == first.user
    # What many people know of somebody does not lead back to what a guest did.
    with pytest.raises(Refused, match=r"ohne Konto|without an account"):
        arrive("register")
    # Once an account holds it, it opens no visit any more.
    claim(guest=first.user, email="amina@example.org", at=world.now)
    with pytest.raises(Refused):
        arrive()
    assert Eligibility.objects.get(pk=entry.pk).person == world.amina


def test_a_ballot_stays_one_ballot_when_the_guest_gets_an_account(world, guest, sign_in):
    """The entry is what is counted: guest votes, claims, changes the ballot, and still fills one slot."""
    Process.objects.filter(pk=world.voting.pk).update(identity="register")
    entry = entry_in(world.voting, 9)
    eligibility.claim(entry=entry, person=guest, by_way_of="letter", at=world.now)
    vote = Vote.objects.get(phase__process=world.voting)
    options = ballots.options_of(vote)
    client = sign_in(guest)
    url = "/de/processes/voting/ballot/"
    assert client.get(url).status_code == 200
    filled = Slot.objects.filter(choice__isnull=False).count()
    assert client.post(url, {"choice": options[0].pk}, **HERE).status_code == 302
    assert Slot.objects.filter(choice__isnull=False).count() == filled + 1
    account = claim(guest=guest, email="jonas@example.org", at=world.now)
    assert account == world.jonas
    jonas = sign_in(Person.objects.get(pk=world.jonas.pk))
    assert "checked" in jonas.get(url).content.decode()
    assert jonas.post(url, {"choice": options[2].pk}, **HERE).status_code == 302
    assert Slot.objects.filter(choice__isnull=False).count() == filled + 1
    fresh = Vote.objects.select_related("phase__process").get(pk=vote.pk)
    assert ballots.own_choice(fresh, Person.objects.get(pk=world.jonas.pk), options) == {options[2].pk}


def test_where_accounts_are_counted_a_guest_needs_one_and_the_ballot_waits_sealed(world, guest, sign_in):
    vote = Vote.objects.get(phase__process=world.voting)
    option = ballots.options_of(vote)[0]
    answer = sign_in(guest).post("/de/processes/voting/ballot/", {"choice": option.pk}, **HERE)
    assert "/waiting/" in answer["Location"]
    act = PendingAct.objects.get(person=guest)
    assert set(act.payload) == {"vote", "sealed", "title"}
