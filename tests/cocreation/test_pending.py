"""What a visitor wrote is kept while they say who they are: in this tab, in another one, or not at all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Person, Verification
from cocreation import eligibility, pending
from cocreation.actions import verify_person
from cocreation.methods import methods
from cocreation.models import Eligibility, Follow, PendingAct, Phase, Process
from groundwork.answer import No, Refused
from proposals.ballots import actions as ballots
from proposals.ballots.models import Vote
from tests.matrix.expectations import EXPECT, a_proposal

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def shout(world):
    """An act that can wait: shouting words. Refuses whispers."""
    done = []

    def complete(person, payload, at):
        if payload["words"] == "whisper":
            raise Refused(No("Too quiet."))
        done.append((person.pk, payload["words"]))
        return world.processes["collecting"].get_absolute_url()

    with pending.acts.temporarily(
        "shout", pending.PendingKind("shout", "Your shout", complete, lambda p: p["words"])
    ):
        yield done


def keep(world, words="Schatten für alle", at=None):
    return pending.keep("shout", {"words": words}, process=world.processes["collecting"], at=at or world.now)


def sign_up(client: Client, email: str, target: str) -> str:
    """Create an account the way a visitor does, by the code in the mail; returns where the log-in leads."""
    answer = client.post(
        f"/de/identify/signup/?next={target}",
        {
            "email": email,
            "password1": "sehr-langes-wort-27",
            "public_name": "Nele",
            "old_enough": "on",
            "next": target,
        },
        **HERE,
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.M)[1]
    answer = client.post(answer["Location"], {"code": code}, **HERE)
    assert answer.status_code == 302
    return answer["Location"]


def test_the_waiting_page_shows_what_is_kept_and_sets_no_cookie(world, shout):
    act = keep(world)
    client = Client()
    page = client.get(f"/de/waiting/{act.token}/")
    assert page.status_code == 200
    assert "Schatten für alle" in page.content.decode()
    assert f"next=/de/waiting/{act.token}/" in page.content.decode()
    assert not client.cookies


def test_signing_up_completes_the_act_by_itself(world, shout):
    act = keep(world)
    client = Client()
    leads_to = sign_up(client, "nele@example.org", f"/de/waiting/{act.token}/")
    person = Person.objects.get(email="nele@example.org")
    assert shout == [(person.pk, "Schatten für alle")]
    assert leads_to == "/de/processes/collecting/"
    act.refresh_from_db()
    assert act.completed_by == person
    assert act.payload == {}


def test_an_act_survives_a_sign_up_in_another_tab(world, shout):
    act = keep(world)
    client = Client()
    client.get(f"/de/waiting/{act.token}/")
    sign_up(client, "nele@example.org", "/de/")  # the other tab knows nothing of the act
    assert shout == []
    page = client.get(f"/de/waiting/{act.token}/")
    assert "Schatten für alle" in page.content.decode()
    answer = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert answer.status_code == 302
    assert len(shout) == 1
    again = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert again["Location"] == answer["Location"]
    assert len(shout) == 1


def test_a_refused_act_stays_with_its_reason(world, shout):
    act = keep(world, "whisper")
    client = Client()
    assert f"/waiting/{act.token}/" in sign_up(client, "nele@example.org", f"/de/waiting/{act.token}/")
    page = client.get(f"/de/waiting/{act.token}/").content.decode()
    assert "Too quiet." in page
    assert "whisper" in page
    answer = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert answer.status_code == 403
    assert "Too quiet." in answer.content.decode()
    act.refresh_from_db()
    assert act.completed_at is None
    assert act.payload == {"words": "whisper"}
    assert shout == []


def test_after_48_hours_nothing_is_done_and_the_page_says_so(world, shout, sign_in):
    act = keep(world, at=world.now - timedelta(hours=48))
    client = sign_in(world.amina)
    client.post(f"/de/waiting/{act.token}/", **HERE)
    assert shout == []
    assert "48" in client.get(f"/de/waiting/{act.token}/").content.decode()
    assert pending.forget_expired(world.now) == 1


def test_somebody_else_cannot_see_a_completed_act(world, shout, sign_in):
    act = keep(world)
    pending.complete(act.token, by=world.amina, at=world.now)
    assert sign_in(world.jonas).get(f"/de/waiting/{act.token}/").status_code == 404
    assert Client().get(f"/de/waiting/{act.token}/").status_code == 404


def test_a_visitor_who_follows_is_asked_to_sign_in_and_then_follows(world):
    client, before = Client(), Follow.objects.count()
    answer = client.post("/de/processes/collecting/follow/", **HERE)
    assert "/waiting/" in answer["Location"]
    assert not client.cookies
    assert Follow.objects.count() == before
    sign_up(client, "nele@example.org", answer["Location"])
    follow = Follow.objects.get(person__email="nele@example.org")
    assert follow.process == world.processes["collecting"]
    act = PendingAct.objects.get(completed_at__isnull=False)
    assert act.completed_by == EmailAddress.objects.get(email="nele@example.org").user


def test_following_twice_is_following_once_and_can_be_ended(world, sign_in):
    client = sign_in(world.amina)
    for _ in range(2):
        client.post("/de/processes/collecting/follow/", **HERE)
    assert Follow.objects.filter(person=world.amina).count() == 1
    client.post("/de/processes/collecting/follow/", {"stop": "1"}, **HERE)
    assert Follow.objects.filter(person=world.amina).count() == 0


# --- somebody who is known, and lacks a confirmation ---


def ballot_of_jonas(world, sign_in) -> tuple[Client, PendingAct]:
    """Jonas has an account; his address is not confirmed yet. He fills in his ballot all the same."""
    jonas = sign_in(world.jonas)
    vote = Vote.objects.get(phase__process=world.voting)
    option = ballots.options_of(vote)[0]
    answer = jonas.post("/de/processes/voting/ballot/", {"choice": option.pk}, **HERE)
    act = PendingAct.objects.get(person=world.jonas)
    assert answer["Location"] == f"/de/waiting/{act.token}/"
    return jonas, act


def choice_of(world, person) -> set[int] | None:
    vote = Vote.objects.select_related("phase__process").get(phase__process=world.voting)
    found = ballots.own_choice(vote, Person.objects.get(pk=person.pk), ballots.options_of(vote))
    return None if found is None else set(found)


def test_a_ballot_waits_sealed_for_the_confirmed_address_and_then_counts_by_itself(
    world, sign_in, django_capture_on_commit_callbacks
):
    jonas, act = ballot_of_jonas(world, sign_in)
    assert set(act.payload) == {"vote", "sealed", "title"}
    option = ballots.options_of(Vote.objects.get(phase__process=world.voting))[0]
    assert act.expires_at - act.created_at == timedelta(days=30)
    page = jonas.get("/de/me/").content.decode()
    assert str(act.refusal) in page
    assert "bestätigt" in act.refusal
    ballot = jonas.get("/de/processes/voting/ballot/").content.decode()
    assert ballot.count(" checked") == 1  # their own kept choice, for them alone
    assert choice_of(world, world.jonas) is None
    with django_capture_on_commit_callbacks(execute=True):
        verify_person(person=world.jonas, residence="auental", by=world.clara, at=world.now)
    assert choice_of(world, world.jonas) == {option.pk}
    act.refresh_from_db()
    assert (act.completed_by, act.payload, act.refusal) == (world.jonas, {}, "")
    assert act.result_url in jonas.get("/de/me/").content.decode()


def test_a_changed_mind_takes_the_place_of_the_waiting_ballot(world, sign_in):
    jonas, _act = ballot_of_jonas(world, sign_in)
    other = ballots.options_of(Vote.objects.get(phase__process=world.voting))[2]
    jonas.post("/de/processes/voting/ballot/", {"choice": other.pk}, **HERE)
    assert PendingAct.objects.filter(person=world.jonas).count() == 1
    page = jonas.get("/de/processes/voting/ballot/").content.decode()
    assert re.search(rf'value="{other.pk}"[^>]* checked', page)


def test_what_cannot_count_any_more_is_given_up_with_the_reason_and_not_kept(
    world, sign_in, django_capture_on_commit_callbacks
):
    jonas, act = ballot_of_jonas(world, sign_in)
    Phase.objects.filter(process=world.voting, method="ballot").update(ends=world.now - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        verify_person(person=world.jonas, residence="auental", by=world.clara, at=world.now)
    act.refresh_from_db()
    assert act.given_up_at
    assert act.payload == {}
    assert act.completed_at is None
    for url in ("/de/me/", f"/de/waiting/{act.token}/"):
        assert act.refusal in jonas.get(url).content.decode()
    pending.forget_expired(act.expires_at)
    assert not PendingAct.objects.filter(pk=act.pk).exists()


def test_a_confirmation_that_told_nobody_is_found_by_the_sweep(
    world, sign_in, django_capture_on_commit_callbacks
):
    _jonas, act = ballot_of_jonas(world, sign_in)
    assert pending.complete_all(world.now) == 0
    Verification.objects.create(person=world.jonas, residence="auental", method="desk", verified_at=world.now)
    with django_capture_on_commit_callbacks(execute=True):
        assert pending.complete_all(world.now) == 1
    act.refresh_from_db()
    assert act.completed_at


def test_an_entry_completes_what_waited_for_it(world, sign_in, django_capture_on_commit_callbacks):
    Process.objects.filter(pk=world.voting.pk).update(identity="register")
    amina = sign_in(world.amina)  # confirmed by the city, which does not count here
    option = ballots.options_of(Vote.objects.get(phase__process=world.voting))[0]
    amina.post("/de/processes/voting/ballot/", {"choice": option.pk}, **HERE)
    assert PendingAct.objects.get(person=world.amina).next_url.endswith("/identify/")
    entry = Eligibility.objects.create(
        process=world.voting, key=b"7" * 32, residence="lindach", source="letter"
    )
    with django_capture_on_commit_callbacks(execute=True):
        eligibility.claim(entry=entry, person=world.amina, by_way_of="letter", at=world.now)
    assert choice_of(world, world.amina) == {option.pk}
    with pytest.raises(Refused):
        eligibility.claim(entry=entry, person=world.jonas, by_way_of="letter", at=world.now)


def test_a_kept_act_of_somebody_is_nobody_elses(world, sign_in):
    _jonas, act = ballot_of_jonas(world, sign_in)
    url = f"/de/waiting/{act.token}/"
    assert sign_in(world.amina).get(url).status_code == 404
    assert sign_in(world.amina).post(url, **HERE).status_code == 404
    assert Client().get(url)["Location"] == f"/de/identify/login/?next={url}"
    assert pending.complete(act.token, by=world.amina, at=world.now) is None
    assert choice_of(world, world.amina) is None


def test_one_broken_act_holds_up_no_other(world, shout, sign_in):
    for words in ("whisper", "eins", "zwei"):
        pending.keep("shout", {"words": words}, process=None, at=world.now, person=world.amina)
    PendingAct.objects.filter(payload__words="eins").update(payload={})  # a KeyError in the act
    assert pending.complete_for(world.amina, world.now) == 1
    assert shout == [(world.amina.pk, "zwei")]
    given_up = PendingAct.objects.get(given_up_at__isnull=False)
    assert given_up.refusal == "Too quiet."


# --- every act ---

# What a visitor attempts and a page of it: the kind under which it waits.
ATTEMPTS = {
    "follow": ("/de/processes/collecting/follow/", {}),
    "follow_contribution": ("/de/proposals/{fountain}/follow/", {}),
    "support": ("/de/proposals/{fountain}/support/", {}),
    "propose": ("/de/processes/collecting/propose/", "proposal"),
    "amend": (
        "/de/proposals/{fountain}/amend/",
        {"passage": "summary-0-5", "new": "Ein T", "reason": "Schöner."},
    ),
    "vote": ("/de/processes/voting/ballot/", {}),
    "works": ("/de/commitments/{delivered}/works/", {"value": "yes"}),
    "take_on": ("/de/commitments/{promised}/tasks/{task}/take/", {}),
    "join": ("/de/organisations/gaertnerei-pohl/join/", {}),
}
# Writing that no visitor attempts: their own pages, what only shows once one has done something, an open door of its own;
# and practice, of which nothing is stored for anybody.
NOT_ATTEMPTED = {
    "ballots:practice", "accounts:data", "accounts:close", "accounts:my_organisations", "accounts:member", "accounts:guest", "accounts:finished",
    "accounts:guardian", "accounts:guardian_code", "accounts:guardian_consent", "accounts:claim_code", "cocreation:claim",
    "cocreation:waiting", "proposals:withdraw_support", "proposals:withdraw", "proposals:unfollow", "notices:read",
    "notices:settings", "notices:stop", "notices:unsubscribe", "cocreation:identified", "cocreation:group_invitation",
    "cocreation:group_leave", "conversation:edit", "conversation:withdraw", "amendments:decide", "amendments:withdraw",
    "cowriting:start", "cowriting:discard", "merging:merge", "merging:agree", "merging:stop", "moderation:change",
    "moderation:report", "proposals:answer_office", "proposals:author_step", "proposals:invitation_link",
    "proposals:seek_coauthors", "proposals:take_over_decide", "searches:delete", "searches:new", "searches:rhythm",
    "variants:remove", "variants:variants", "notices:limits", "notices:thing", "notices:follow", "notices:try_again",
    "feedback:helpful", "feedback:ask", "feedback:poster_ask", "notices:device", "notices:forget_device", "privacy:copy",
    "privacy:fetch", "privacy:consents", "privacy:request_new", "privacy:request_withdraw", "tokens:revoke",
    "reach:answers", "reach:forget", "webhooks:again", "webhooks:remove", "webhooks:switch", "webhooks:test",
    "defects:unfollow", "defects:withdraw",
}  # fmt: skip


def test_every_act_of_every_method_can_wait():
    missing = {
        f"{method.slug}.{act.slug}"
        for method in methods
        for act in method.acts
        if act.waits and act.slug not in pending.acts
    }
    assert not missing, f"No kind in pending.acts completes {missing}, and they are not marked waits=False."


def test_every_address_a_visitor_writes_to_keeps_the_act():
    """Read from the table of who may do what: where others write and a visitor is turned away, the act must wait."""
    turned_away = set()
    for name, rules in EXPECT.items():
        rule = rules.get("POST")
        if rule is None or name in NOT_ATTEMPTED or name.split(":")[-1].startswith("desk"):
            continue
        rows = [rule.row, *rule.states.values()]
        residents = any(row["jonas"] in ("done", "kept") or row["amina"] in ("done", "kept") for row in rows)
        if residents and not any(row["visitor"] == "kept" for row in rows):
            turned_away.add(name)
    assert not turned_away


@pytest.mark.parametrize("kind", sorted(ATTEMPTS))
def test_a_visitor_does_it_signs_up_in_another_tab_and_it_counts(world, kind):
    url, form = ATTEMPTS[kind]
    url = url.format(
        fountain=world.fountain.receipt, delivered=world.commitments["delivered"].pk,
        promised=world.commitments["answering0"].pk, task=world.tasks["answering0"].pk,
    )  # fmt: skip
    tab, browser = Client(), Client()
    answer = tab.post(url, a_proposal(world) if form == "proposal" else form, **HERE)
    assert "/waiting/" in answer["Location"], answer.content.decode()[:500]
    assert not tab.cookies
    act = PendingAct.objects.get(act=kind, payload__title__isnull=False, created_at__gt=world.now)
    sign_up(browser, "nele@example.org", "/de/")
    done = browser.post(f"/de/waiting/{act.token}/", **HERE)
    act.refresh_from_db()
    if kind == "vote":  # an account alone does not vote: it waits on Nele's page for her address
        assert done.status_code == 403
        assert act.person.email == "nele@example.org"
        assert "bestätigt" in browser.get("/de/me/").content.decode()
    else:
        assert done["Location"] == act.result_url
        assert browser.get(act.result_url.split("#")[0]).status_code == 200
