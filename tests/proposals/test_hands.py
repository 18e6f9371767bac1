"""Many hands: who is named, who writes, who leads, and what is left when they go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.actions import close_account
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals import actions, hands, rules
from proposals.cards import authors_of
from proposals.models import Authorship, Proposal, TakeOver
from proposals.record import record_of
from tests.world import DAY
from tests.worlds.hands import LETTER

pytestmark = pytest.mark.django_db


def invite(world, who="ines", role="author", by="amina", **more):
    person = {} if "email" in more else {"person": world.people[who]}
    return hands.invite(
        proposal=world.fountain, role=role, by=world.people[by], at=world.now, **person, **more
    )


def join(world, who="ines", role="author", **more):
    hand = invite(world, who, role)
    return hands.accept(hand=hand, by=world.people[who], at=world.now + timedelta(minutes=1), **more)


def of(world, who: str) -> Authorship:
    return Authorship.objects.standing().get(proposal=world.fountain, person=world.people[who])


def state() -> list[tuple]:
    fields = ("pk", "person", "role", "accepted_at", "declined_at", "left_at", "lead_offered_at")
    return [*Authorship.objects.order_by("pk").values_list(*fields), Entry.objects.count()]


# --- invited, agreed, declined ---


def test_nobody_is_named_before_they_agree(world, sign_in):
    invite(world)
    address = f"/en/proposals/{world.fountain.receipt}/"
    assert (
        "Ines"
        not in sign_in(None).get(address).content.decode().partition("<h1")[2].partition('id="life"')[0]
    )
    assert "Ines" not in sign_in(None).get(f"{address}authors/").content.decode()
    assert not rules.writes(world.ines, world.fountain)
    hand = Authorship.objects.invited().get(person=world.ines)
    hands.accept(hand=hand, by=world.ines, at=world.now, organisation=world.garden)
    page = sign_in(None).get(address).content.decode()
    assert "Ines Pohl" in page and "Gärtnerei Pohl" in page
    assert rules.writes(world.ines, world.fountain)


def test_only_writers_invite_and_a_contributor_does_not_write(world):
    join(world, "jonas", "contributor")
    before = state()
    for who in ("jonas", "mo", "ada"):
        with pytest.raises(Refused):
            invite(world, "ines", by=who)
    assert not rules.may_revise(world.jonas, world.fountain, world.now)
    assert state() == before


@pytest.mark.parametrize("who", ["amina", "clara"])
def test_who_is_an_author_or_asked_already_is_not_asked_twice(world, who):
    before = state()
    with pytest.raises(Refused):
        invite(world, who)
    assert state() == before


def test_who_said_no_is_not_asked_again_and_only_who_asked_is_told(world):
    hand = invite(world)
    hands.decline(hand=hand, by=world.ines, at=world.now)
    entry = Entry.objects.get(verb="authorship.declined")
    assert entry.data["tell"] == [world.amina.pk] and entry.actor_id is None
    with pytest.raises(Refused):
        invite(world)
    with pytest.raises(Refused):
        hands.accept(hand=hand, by=world.ines, at=world.now)
    assert not rules.writes(world.ines, world.fountain)


def test_only_confirmed_members_join_for_an_organisation(world):
    hand = invite(world, "jonas")
    before = state()
    with pytest.raises(Refused):
        hands.accept(hand=hand, by=world.jonas, at=world.now, organisation=world.garden)
    with pytest.raises(Refused):
        hands.accept(hand=hand, by=world.mo, at=world.now)
    assert state() == before


def test_an_invitation_ends_after_thirty_days_and_its_address_is_forgotten(world):
    hand = invite(world, email="Neu@Example.org")
    late = world.now + timedelta(days=31)
    with pytest.raises(Refused):
        hands.accept(hand=hand, by=world.jonas, at=late)
    assert hands.forget_expired(late) == 3
    hand.refresh_from_db()
    assert (hand.email, hand.code, hand.accepted_at) == ("", "", None)


# --- by letter ---


def test_an_address_gets_a_letter_whoever_it_belongs_to_and_the_page_says_the_same(world, sign_in):
    client, address = sign_in(world.amina), f"/en/proposals/{world.fountain.receipt}/authors/"
    pages = []
    for email in (world.jonas.email, "niemand@example.org"):
        answer = client.post(
            address, {"who": email, "role": "author"}, headers={"sec-fetch-site": "same-origin"}
        )
        assert answer.status_code == 302
        pages.append(client.get(address).content.decode().replace(email, "X"))
    assert hands.post_letters(world.now) == 3 and hands.post_letters(world.now) == 0
    mail.outbox = [message for message in mail.outbox if message.to != [LETTER]]
    assert [message.to for message in mail.outbox] == [[world.jonas.email], ["niemand@example.org"]]
    assert "Jonas" not in pages[0] and "Jonas" not in pages[1]
    assert all(
        "/authors/invited/" in message.body and world.fountain.title in message.body
        for message in mail.outbox
    )


def test_the_link_of_the_letter_works_for_who_signs_up_and_then_for_nobody_else(world, sign_in):
    hand = invite(world, email="neu@example.org")
    address = f"/en/authors/invited/{hand.code}/"
    assert "Create an account" in sign_in(None).get(address).content.decode()
    answer = sign_in(world.jonas).post(address, {"answer": "yes"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 302 and rules.writes(world.jonas, world.fountain)
    assert sign_in(world.ines).get(address).status_code == 404
    hand.refresh_from_db()
    assert (hand.email, hand.code) == ("", "")


def test_who_has_the_address_finds_the_invitation_on_their_page(world, sign_in):
    EmailAddress.objects.update_or_create(
        user=world.jonas, email=world.jonas.email, defaults={"verified": True, "primary": True}
    )
    invite(world, email=world.jonas.email.upper())
    page = sign_in(world.jonas).get("/en/me/").content.decode()
    assert "Invited to write together" in page
    assert (
        sign_in(world.jonas).get(f"/en/proposals/{world.fountain.receipt}/authors/invitation/").status_code
        == 200
    )
    assert "Invited to write together" not in sign_in(world.ines).get("/en/me/").content.decode()


def test_a_day_has_no_more_letters_than_a_group_needs(world):
    for number in range(hands.OPEN_INVITATIONS - 2):
        invite(world, email=f"nachbar{number}@example.org")
    with pytest.raises(Refused):
        invite(world, email="noch-einer@example.org")


# --- roles and lead ---


def test_the_lead_changes_hands_only_when_the_other_agrees(world):
    join(world)
    ines = of(world, "ines")
    with pytest.raises(Refused):
        hands.accept_lead(hand=ines, by=world.ines, at=world.now)
    hands.offer_lead(hand=ines, by=world.amina, at=world.now)
    assert of(world, "amina").role == "lead"
    hands.accept_lead(hand=ines, by=world.ines, at=world.now)
    assert (of(world, "amina").role, of(world, "ines").role) == ("author", "lead")
    assert rules.may_withdraw(world.ines, world.fountain) and not rules.may_withdraw(
        world.amina, world.fountain
    )


def test_two_leads_are_impossible_whatever_the_code_does(world):
    join(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Authorship.objects.filter(pk=of(world, "ines").pk).update(role="lead")


def test_only_the_lead_arranges(world):
    join(world)
    join(world, "jonas", "contributor")
    before = state()
    for act in (
        lambda: hands.change_role(hand=of(world, "jonas"), role="author", by=world.ines, at=world.now),
        lambda: hands.offer_lead(hand=of(world, "jonas"), by=world.amina, at=world.now),
        lambda: hands.change_role(hand=of(world, "amina"), role="author", by=world.amina, at=world.now),
        lambda: hands.end_invitation(hand=world.hands["clara"], by=world.ines, at=world.now),
        lambda: hands.leave(hand=of(world, "amina"), by=world.ines, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    assert state() == before
    hands.change_role(hand=of(world, "jonas"), role="author", by=world.amina, at=world.now)
    assert rules.writes(world.jonas, world.fountain)


# --- leaving ---


def test_when_the_lead_leaves_who_has_been_there_longest_leads(world):
    join(world, "jonas")
    join(world, "ines")
    hands.leave(hand=of(world, "amina"), by=world.amina, at=world.now + DAY)
    assert of(world, "jonas").role == "lead"
    assert authors_of([world.fountain.pk])[world.fountain.pk].name == "Jonas Petersen"
    assert not rules.writes(world.amina, world.fountain)
    assert not Entry.objects.filter(verb="authorship.orphaned").exists()


def test_closing_an_account_hands_on_the_lead_and_leaves_no_name(world):
    join(world)
    close_account(person=world.amina, at=world.now + DAY)
    assert of(world, "ines").role == "lead"
    assert not Authorship.objects.filter(person=world.amina).exists()


def test_the_last_writer_leaves_an_orphan_that_everybody_is_told_of(world, sign_in):
    join(world, "jonas", "contributor")
    hands.leave(hand=of(world, "amina"), by=world.amina, at=world.now + DAY)
    assert rules.is_orphan(world.fountain)
    assert Entry.objects.filter(verb="authorship.orphaned").count() == 1
    assert not Authorship.objects.invited().filter(proposal=world.fountain).exists()
    page = sign_in(None).get(f"/en/proposals/{world.fountain.receipt}/").content.decode()
    assert (
        "Looks for new authors" in page
        and "Amina" not in page.partition("<main")[2].partition("</h1>")[2][:600]
    )


# --- taking over ---


@pytest.fixture
def orphan(world):
    TakeOver.objects.all().delete()
    join(world, "ines", "contributor")
    hands.leave(hand=of(world, "amina"), by=world.amina, at=world.now)
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    return Proposal.objects.get(pk=world.fountain.pk)


def test_only_supporters_and_contributors_offer_and_only_for_orphans(world, orphan):
    with pytest.raises(Refused):
        hands.offer_take_over(proposal=orphan, by=world.mo, at=world.now)
    with pytest.raises(Refused):
        hands.offer_take_over(proposal=world.trees, by=world.jonas, at=world.now)
    assert (
        hands.offer_take_over(proposal=orphan, by=world.jonas, at=world.now).decide_by == world.now + 14 * DAY
    )
    with pytest.raises(Refused):
        hands.offer_take_over(proposal=orphan, by=world.jonas, at=world.now)


def test_contributors_decide_first_and_the_city_after_the_day(world, orphan):
    offer = hands.offer_take_over(proposal=orphan, by=world.jonas, at=world.now)
    assert rules.may_decide(world.ines, offer, world.now) and not rules.may_decide(world.mo, offer, world.now)
    assert not rules.may_decide(world.jonas, offer, world.now)
    late = offer.decide_by
    assert not rules.may_decide(world.ines, offer, late) and rules.may_decide(world.mo, offer, late)
    assert not rules.may_decide(world.amina, offer, late)
    hands.decide_take_over(offer=offer, accepted=True, by=world.ines, at=world.now)
    assert of(world, "jonas").role == "lead" and not rules.is_orphan(orphan)
    with pytest.raises(Refused):
        hands.decide_take_over(offer=offer, accepted=False, by=world.ines, at=world.now)


def test_a_contributor_who_takes_over_leads_and_the_city_decides_where_nobody_else_is_left(world, orphan):
    offer = hands.offer_take_over(proposal=orphan, by=world.ines, at=world.now)
    hands.decide_take_over(offer=offer, accepted=True, by=world.olga, at=world.now)
    assert of(world, "ines").role == "lead"


# --- what is told and shown ---


def test_the_record_tells_who_joined_and_left_and_counts_small_versions(world):
    join(world)
    for number, (body, big) in enumerate([("Neu.", False), ("Neuer.", False), ("Anders.", True)], start=1):
        wording = actions.Wording(world.fountain.title, world.fountain.summary, body)
        actions.revise_proposal(
            proposal=world.fountain, wording=wording, by=world.ines, at=world.now + number * DAY, seen=number,
            note="Weil", is_substantive=big,
        )  # fmt: skip
    hands.leave(hand=of(world, "ines"), by=world.ines, at=world.now + 9 * DAY)
    from django.utils import translation

    with translation.override("en"):
        entries = [(str(each.words), each.by) for each in record_of(world.fountain, [], [])]
    assert entries == [
        ("Joined: Author", "Ines Pohl"), ("2 small improvements of the text", ""),
        ("Version 4 of the text", "Ines Pohl"), ("Left the authors", "Ines Pohl"),
    ]  # fmt: skip


def test_cards_name_the_lead_and_count_the_others(world, sign_in):
    join(world)
    join(world, "jonas")
    author = authors_of([world.fountain.pk])[world.fountain.pk]
    assert (author.name, author.more) == ("Amina Yıldız", 2)
    page = sign_in(None).get(f"/en/processes/{world.collecting.slug}/proposals/").content.decode()
    assert "and 2 more" in page


def test_taking_it_back_tells_the_other_authors(world):
    join(world)
    actions.withdraw_proposal(proposal=world.fountain, by=world.amina, at=world.now)
    assert Entry.objects.get(verb="proposal.withdrawn").data["tell"] == [world.ines.pk]
