"""Suggested changes: who may, what they change, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import hooks
from cocreation.actions import hide_contribution
from feedback.notices.models import Notice
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import Overtaken, Wording, revise_proposal, support_proposal
from proposals.amendments import actions, rules
from proposals.amendments.actions import Suggestion
from proposals.amendments.models import Amendment, Decision, Opinion, Poll
from proposals.amendments.passages import Passage
from proposals.amendments.places import standing_of
from proposals.models import Authorship, Proposal, Revision, Stage
from proposals.record import record_sources
from tests.world import DAY, tell_everybody
from tests.worlds.amendments import suggest

pytestmark = pytest.mark.django_db


def rows() -> tuple[int, ...]:
    """Everything an action of this room may write."""
    counted = (Amendment, Decision, Poll, Opinion, Revision, Authorship, Entry)
    return tuple(model.objects.count() for model in counted)


@pytest.fixture
def asked(world):
    """Two support the fountain, and are asked about another wording of it."""
    for supporter in (world.jonas, world.clara):
        support_proposal(proposal=world.fountain, by=supporter, at=world.now)
    amendment = suggest(
        world, world.fountain, by="ines", old="weil es fehlt", new="weil Wasser fehlt", at=world.now
    )
    actions.ask_supporters(amendment=amendment, by=world.amina, at=world.now, ends=world.now + 3 * DAY)
    return Amendment.objects.get(pk=amendment.pk)


# --- suggest ---


def test_a_suggestion_gets_a_number_and_keeps_the_exact_old_words(world):
    amendment = suggest(world, world.fountain, by="jonas", old="am Dorfplatz, weil", new="am Teich, weil")
    amendment.refresh_from_db()
    assert amendment.old == "am Dorfplatz, weil"
    assert amendment.revision.body[amendment.start : amendment.end] == amendment.old
    assert amendment.contribution.receipt == amendment.receipt
    assert Entry.objects.filter(verb="amendment.published", subject_key=str(amendment.pk)).count() == 1


@pytest.mark.parametrize("name", ["hidden", "draft", "voting0", "answering0"])
def test_nobody_suggests_changes_to_what_is_not_open(world, name):
    proposal, before = world.proposals[name], rows()
    with pytest.raises(Refused):
        suggest(world, proposal, by="clara", old=proposal.title, new="Anders")
    assert rows() == before


def test_who_writes_a_proposal_changes_it_without_asking(world):
    before = rows()
    with pytest.raises(Refused, match="selbst"):
        suggest(world, world.fountain, by="amina", old="weil es fehlt", new="weil es nötig ist")
    assert rows() == before


@pytest.mark.parametrize(
    ("passage", "new"),
    [
        (Passage("title", 0, 12), "x" * 130),
        (Passage("title", 0, 99), ""),
        (Passage("body", 5000, 5002), "zu spät"),
        (Passage("title", 0, 12), "Trinkbrunnen"),
    ],
)
def test_what_cannot_be_the_text_is_refused(world, passage, new):
    before = rows()
    with pytest.raises(Refused):
        actions.publish_amendment(
            proposal=world.fountain, revision=world.fountain.newest, by=world.jonas, at=world.now,
            suggestion=Suggestion(passage, new, "Darum."),
        )  # fmt: skip
    assert rows() == before


# --- decide ---


def test_accepting_makes_a_version_with_exactly_the_passage_replaced_and_credits(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    before = world.fountain.newest
    decision = actions.accept_amendment(
        amendment=amendment, by=world.amina, at=world.now, seen=1, is_substantive=True, reason="Stimmt."
    )
    newest = Proposal.objects.get(pk=world.fountain.pk).newest
    assert (newest.number, newest.is_substantive, newest.by) == (2, True, world.amina)
    assert newest.body == before.body.replace("weil es fehlt", "weil Wasser fehlt")
    assert (newest.title, newest.summary) == (before.title, before.summary)
    assert amendment.receipt in newest.note and "Jonas" not in newest.note
    assert decision.revision == newest
    hand = Authorship.objects.get(proposal=world.fountain, person=world.jonas)
    assert hand.role == "contributor" and hand.accepted_at == world.now
    assert not rules.hall.writes(world.jonas, world.fountain)


def test_who_does_not_want_to_be_named_is_not(world):
    amendment = suggest(
        world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt", named=False
    )
    actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=1)
    assert not Authorship.objects.filter(proposal=world.fountain, person=world.jonas).exists()


def test_another_wording_keeps_both_and_the_credit(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    decision = actions.accept_amendment(
        amendment=amendment, by=world.amina, at=world.now, seen=1, wording="weil dort Wasser fehlt"
    )
    assert decision.outcome == "reworded" and decision.wording == "weil dort Wasser fehlt"
    assert amendment.new == "weil Wasser fehlt"
    assert "weil dort Wasser fehlt" in world.fountain.revisions.get(number=2).body
    assert Authorship.objects.filter(proposal=world.fountain, person=world.jonas, role="contributor").exists()


@pytest.mark.parametrize("who", ["jonas", "ines", "mo", "ada", "clara"])
def test_nobody_but_the_writers_decides(world, who):
    """Also not who suggested it, nor who administers: that made people co-authors of what is not theirs elsewhere."""
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    before = rows()
    by = world.people[who]
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=amendment, by=by, at=world.now, seen=1)
    with pytest.raises(Refused):
        actions.decline_amendment(amendment=amendment, by=by, at=world.now, reason="Nein.")
    with pytest.raises(Refused):
        actions.ask_supporters(amendment=amendment, by=by, at=world.now, ends=world.now + DAY)
    assert rows() == before


def test_a_contributor_does_not_decide(world):
    first = suggest(world, world.fountain, by="jonas", old="Trinkbrunnen am", new="Brunnen am")
    actions.accept_amendment(amendment=first, by=world.amina, at=world.now, seen=1)
    second = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Wasser fehlt")
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=second, by=world.jonas, at=world.now, seen=2)


def test_declining_needs_a_reason_also_for_the_database(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    before = rows()
    with pytest.raises(Refused):
        actions.decline_amendment(amendment=amendment, by=world.amina, at=world.now, reason="  ")
    assert rows() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(amendment=amendment, outcome="declined", by=world.amina, at=world.now)


def test_it_is_decided_once(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    actions.decline_amendment(amendment=amendment, by=world.amina, at=world.now, reason="Nein.")
    before = rows()
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=1)
    with pytest.raises(Refused):
        actions.withdraw_amendment(amendment=amendment, by=world.jonas, at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(amendment=amendment, outcome="withdrawn", by=world.jonas, at=world.now)
    assert rows() == before


def test_on_a_ballot_the_text_stays(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    Proposal.objects.filter(pk=world.fountain.pk).update(stage=Stage.ON_BALLOT)
    before = rows()
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=1)
    assert rows() == before


def test_the_same_person_suggesting_twice_is_one_hand(world):
    for number, (old, new) in enumerate(
        [("Trinkbrunnen am", "Brunnen am"), ("weil es fehlt", "weil Wasser fehlt")], 1
    ):
        amendment = suggest(world, world.fountain, by="jonas", old=old, new=new)
        actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=number)
    assert Authorship.objects.filter(proposal=world.fountain, person=world.jonas).count() == 1


def test_taking_it_back_takes_it_from_every_page(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    with pytest.raises(Refused):
        actions.withdraw_amendment(amendment=amendment, by=world.ines, at=world.now)
    actions.withdraw_amendment(amendment=amendment, by=world.jonas, at=world.now)
    assert not Amendment.objects.visible_to(None).filter(pk=amendment.pk).exists()
    assert not Amendment.objects.visible_to(world.amina).filter(pk=amendment.pk).exists()
    assert Amendment.objects.visible_to(world.jonas).filter(pk=amendment.pk).exists()
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=1)


def test_with_its_proposal_a_suggestion_is_gone(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Nein."
    )
    assert not Amendment.objects.visible_to(world.jonas).filter(pk=amendment.pk).exists()


# --- a newer text ---


def test_a_version_beside_the_passage_leaves_it_acceptable(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    first = world.fountain.newest
    wording = Wording(first.title, first.summary, f"Ein {first.body}\n\nUnd noch ein Satz.")
    revise_proposal(proposal=world.fountain, wording=wording, by=world.amina, at=world.now, seen=1)
    actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=2)
    body = world.fountain.revisions.get(number=3).body
    assert body == wording.body.replace("weil es fehlt", "weil Wasser fehlt")


def test_a_writer_who_saw_an_older_text_looks_once_more(world):
    amendment = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    first = world.fountain.newest
    revise_proposal(
        proposal=world.fountain, wording=Wording(first.title, "Ganz anders.", first.body), by=world.amina,
        at=world.now, seen=1,
    )  # fmt: skip
    before = rows()
    with pytest.raises(Overtaken):
        actions.accept_amendment(amendment=amendment, by=world.amina, at=world.now, seen=1)
    assert rows() == before


def test_a_conflict_stays_open_and_can_be_fitted_by_either_side(world):
    one = suggest(world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt")
    other = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Schatten fehlt")
    actions.accept_amendment(amendment=one, by=world.amina, at=world.now, seen=1)
    newest = Proposal.objects.get(pk=world.fountain.pk).newest
    standing = standing_of(other, newest)
    assert standing.is_changed
    assert other.verdict is None
    before = rows()
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=other, by=world.amina, at=world.now, seen=2)
    assert rows() == before
    fitted = actions.publish_amendment(
        proposal=world.fountain, revision=newest, by=world.ines, at=world.now, instead_of=other,
        suggestion=Suggestion(Passage("body", standing.start, standing.end), "Wasser und Schatten", "Beides."),
    )  # fmt: skip
    other = Amendment.objects.get(pk=other.pk)
    assert other.decision.outcome == "replaced" and other.replaced_by == fitted
    assert other.is_public
    actions.accept_amendment(amendment=fitted, by=world.amina, at=world.now, seen=2)
    assert "Wasser und Schatten" in world.fountain.revisions.get(number=3).body


def test_only_ones_own_suggestion_is_replaced(world):
    other = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Schatten fehlt")
    before = rows()
    with pytest.raises(Refused):
        suggest(
            world, world.fountain, by="jonas", old="weil es fehlt", new="weil Wasser fehlt", instead_of=other
        )
    assert rows() == before


# --- the supporters ---


def test_supporters_answer_once_and_nobody_else(world, asked):
    actions.answer_poll(amendment=asked, value="yes", by=world.jonas, at=world.now)
    before = rows()
    for person in (world.jonas, world.ines, world.amina):
        with pytest.raises(Refused):
            actions.answer_poll(amendment=asked, value="no", by=person, at=world.now)
    with pytest.raises(Refused):
        actions.answer_poll(amendment=asked, value="maybe", by=world.clara, at=world.now)
    with pytest.raises(Refused):
        actions.answer_poll(amendment=asked, value="no", by=world.clara, at=world.now + 3 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(poll=asked.poll, person=world.jonas, value="no", at=world.now)
    assert rows() == before
    assert Amendment.objects.with_opinions().get(pk=asked.pk).opinions == {"yes": 1, "no": 0, "none": 0}


def test_writers_wait_for_the_supporters_and_are_not_bound(world, asked):
    actions.answer_poll(amendment=asked, value="no", by=world.jonas, at=world.now)
    with pytest.raises(Refused):
        actions.accept_amendment(amendment=asked, by=world.amina, at=world.now + DAY, seen=1)
    decision = actions.accept_amendment(amendment=asked, by=world.amina, at=world.now + 3 * DAY, seen=1)
    assert decision.is_accepted


@pytest.mark.parametrize("days", [-1, 400])
def test_supporters_are_asked_for_a_time_within_the_phase(world, days):
    support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    amendment = suggest(world, world.fountain, by="ines", old="weil es fehlt", new="weil Wasser fehlt")
    before = rows()
    with pytest.raises(Refused):
        actions.ask_supporters(amendment=amendment, by=world.amina, at=world.now, ends=world.now + days * DAY)
    assert rows() == before


def test_who_suggested_it_can_take_it_back_while_supporters_are_asked(world, asked):
    actions.withdraw_amendment(amendment=asked, by=world.ines, at=world.now)
    with pytest.raises(Refused):
        actions.answer_poll(amendment=asked, value="yes", by=world.jonas, at=world.now)


# --- who is told, what is remembered ---


def test_who_is_told_of_what(world, asked):
    actions.accept_amendment(amendment=asked, by=world.amina, at=world.now + 3 * DAY, seen=1)
    tell_everybody(world)

    def told(verb: str) -> set[str]:
        found = Notice.objects.filter(verb=verb, contribution_id=world.fountain.pk)
        return set(found.values_list("person__public_name", flat=True))

    assert told("amendment.published") == {"Amina Yıldız"}
    assert told("amendment.put_to_supporters") == {"Jonas Petersen", "Clara Sommer", "Ines Pohl"}
    assert told("amendment.accepted") == {"Ines Pohl"}


def test_the_life_record_says_what_became_of_it(world):
    awnings = world.to_assess
    words = [str(entry.words) for entry in record_sources.get("amendments")(awnings)]
    assert len(words) == 5  # two open ones, one question to the supporters, one accepted, one declined
    assert not any(world.amendments["hidden"].receipt in each for each in words)


def test_a_closed_account_leaves_words_without_a_name_and_no_answers(world, asked):
    actions.answer_poll(amendment=asked, value="yes", by=world.jonas, at=world.now)
    hooks.closing.get("amendments")(world.jonas, world.now + timedelta(hours=1))
    assert not Opinion.objects.filter(person=world.jonas).exists()


def test_a_guest_and_an_account_are_one_answer(world, asked):
    for person in (world.jonas, world.clara):
        actions.answer_poll(amendment=asked, value="yes", by=person, at=world.now)
    hooks.claiming.get("amendments")(world.jonas, world.clara, world.now)
    assert list(Opinion.objects.filter(poll=asked.poll).values_list("person", flat=True)) == [world.clara.pk]
