"""Shared drafts: who may, what is kept, what closes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import close_account
from cocreation.actions import hide_contribution
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import Overtaken, Wording, revise_proposal
from proposals.cowriting import actions, rules, texts
from proposals.cowriting.models import DraftUpdate, SharedDraft
from proposals.models import Authorship, Proposal, Stage
from tests.proposals.cowriting.conftest import also_writes, body_of

pytestmark = pytest.mark.django_db


def write(draft: SharedDraft, body: str, by, at) -> bool:
    state = actions.state_of(draft)
    words = replace(texts.words_of(texts.opened([state])), body=body)
    return actions.write_words(draft=draft, seen=state, words=words, by=by, at=at)


def publish(draft: SharedDraft, by, at, **more):
    return actions.publish_draft(
        draft=draft, by=by, at=at, seen=actions.mark(actions.words_of(draft)), **more
    )


# --- starting ---


def test_a_draft_begins_with_the_words_of_the_newest_version(world):
    draft = actions.open_draft(proposal=world.to_assess, by=world.amina, at=world.now)
    newest = world.to_assess.revisions.latest("number")
    assert actions.words_of(draft) == Wording(newest.title, newest.summary, newest.body)
    assert draft.base == newest.number


def test_who_starts_one_while_there_is_one_joins_it(world, together):
    assert actions.open_draft(proposal=world.fountain, by=world.jonas, at=world.now) == together
    assert SharedDraft.objects.open().filter(proposal=world.fountain).count() == 1


def test_the_database_holds_one_open_draft_for_a_proposal(world, together):
    again = SharedDraft(
        proposal=world.fountain, base=1, origin=b"", snapshot=b"", created_at=world.now, updated_at=world.now
    )
    with pytest.raises(IntegrityError, match="cowriting_one_open_draft"), transaction.atomic():
        again.save()


def test_the_other_writers_are_told_and_nobody_else(world):
    also_writes(world.to_assess, world.jonas, world.now)
    also_writes(world.to_assess, world.clara, world.now, role="contributor")
    actions.open_draft(proposal=world.to_assess, by=world.amina, at=world.now)
    assert Entry.objects.filter(verb="draft.opened").latest("pk").data == {"tell": [world.jonas.pk]}


@pytest.mark.parametrize("who", ["jonas", "ines", "mo", "ada", "olga", "clara"])
def test_who_does_not_write_the_proposal_can_do_nothing(world, who):
    draft = SharedDraft.objects.open().get(proposal=world.fountain)
    other, before = world.people[who], body_of(draft)
    for act in (
        lambda: actions.open_draft(proposal=world.to_assess, by=other, at=world.now),
        lambda: write(draft, "Mine.", other, world.now),
        lambda: publish(draft, other, world.now),
        lambda: actions.discard_draft(draft=draft, by=other, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    draft.refresh_from_db()
    assert draft.is_open
    assert body_of(draft) == before
    assert world.fountain.revisions.count() == 1


def test_contributors_and_those_who_left_do_not_write(world, together):
    hand = Authorship.objects.get(proposal=world.fountain, person=world.jonas)
    assert rules.may_write(world.jonas, together, world.now)
    hand.left_at = world.now
    hand.save()
    with pytest.raises(Refused):
        write(together, "Mine.", world.jonas, world.now)
    also_writes(world.fountain, world.ines, world.now, role="contributor")
    with pytest.raises(Refused):
        write(together, "Mine.", world.ines, world.now)


def test_somebody_without_an_account_does_not_write_together(world, together):
    world.jonas.is_guest = True
    assert not rules.may_write(world.jonas, together, world.now)


def test_on_the_ballot_and_hidden_nothing_is_written(world, together):
    before = body_of(together)
    Proposal.objects.filter(pk=world.fountain.pk).update(stage=Stage.ON_BALLOT)
    with pytest.raises(Refused):
        write(together, "Mine.", world.amina, world.now)
    Proposal.objects.filter(pk=world.fountain.pk).update(stage=Stage.RECEIVED)
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="r", reason="r"
    )
    with pytest.raises(Refused):
        write(together, "Mine.", world.amina, world.now)
    assert body_of(together) == before


# --- writing ---


def test_two_forms_that_saw_the_same_draft_both_keep_what_they_say(world, together):
    state = actions.state_of(together)
    words = replace(texts.words_of(texts.opened([state])), body="One. Two.")
    actions.write_words(draft=together, seen=state, words=words, by=world.amina, at=world.now)
    state = actions.state_of(together)
    for body, by in [("Zero. One. Two.", world.amina), ("One. Two. Three.", world.jonas)]:
        words = replace(words, body=body)
        actions.write_words(draft=together, seen=state, words=words, by=by, at=world.now)
    assert body_of(together) == "Zero. One. Two. Three."


def test_a_form_that_changes_nothing_writes_nothing(world, together):
    before = DraftUpdate.objects.count()
    assert not write(together, body_of(together), world.amina, world.now)
    assert DraftUpdate.objects.count() == before


def test_a_broken_update_is_refused_and_changes_nothing(world, together):
    before, rows = body_of(together), DraftUpdate.objects.count()
    for bad in (b"", b"\xff" * 20, texts.started(Wording("a", "b", "c"))[:-2]):
        with pytest.raises(texts.Broken):
            actions.take_update(draft=together, update=bad, by=world.amina, at=world.now)
    assert (body_of(together), DraftUpdate.objects.count()) == (before, rows)


def test_a_draft_does_not_grow_without_end(world, together, monkeypatch):
    monkeypatch.setattr(texts, "MOST_BYTES", 2000)
    with pytest.raises(actions.TooMuch):
        write(together, "x y " * 1000, world.amina, world.now)


def test_compaction_loses_no_word_and_leaves_no_row(world, together, monkeypatch):
    monkeypatch.setattr(actions, "TAIL", 5)
    for number in range(12):
        write(together, body_of(together) + f" {number}.", world.amina, world.now)
    assert together.updates.count() <= 6
    before = body_of(together)
    actions.compact(draft=together)
    assert together.updates.count() == 0
    assert body_of(together) == before
    assert before.endswith("0. 1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11.")


# --- publishing ---


def test_publishing_makes_the_next_version_and_closes_the_draft(world, together):
    write(together, "A fountain that everyone can reach.", world.jonas, world.now)
    revision = publish(together, world.amina, world.now, note="Access.", is_substantive=True)
    assert (revision.number, revision.body, revision.note) == (
        2,
        "A fountain that everyone can reach.",
        "Access.",
    )
    assert revision.is_substantive
    together.refresh_from_db()
    assert (together.published_as, together.is_open) == (2, False)
    with pytest.raises(Refused):
        write(together, "More.", world.amina, world.now)


def test_words_that_changed_after_reading_are_not_published(world, together):
    seen = actions.mark(actions.words_of(together))
    write(together, "Something else.", world.jonas, world.now)
    with pytest.raises(Refused):
        actions.publish_draft(draft=together, by=world.amina, at=world.now, seen=seen)
    assert world.fountain.revisions.count() == 1


def test_a_version_published_meanwhile_is_carried_over_and_nothing_of_either_is_lost(world, together):
    base = world.fountain.revisions.get()
    write(together, base.body + " It glows at night.", world.jonas, world.now)
    theirs = Wording("A new title", base.summary, "First of all: " + base.body)
    revise_proposal(proposal=world.fountain, wording=theirs, by=world.amina, at=world.now, seen=1)
    with pytest.raises(Overtaken):
        publish(together, world.jonas, world.now)
    together.refresh_from_db()
    assert together.is_open

    actions.carry_over(draft=together, by=world.jonas, at=world.now)
    together.refresh_from_db()
    words = actions.words_of(together)
    assert words.title == "A new title"
    assert words.body == "First of all: " + base.body + " It glows at night."
    with pytest.raises(Refused):
        actions.carry_over(draft=together, by=world.jonas, at=world.now)

    # Once more: what was carried over is not carried twice.
    again = Wording("A new title", base.summary, "First of all: " + base.body + " Soon.")
    revise_proposal(proposal=world.fountain, wording=again, by=world.amina, at=world.now, seen=2)
    together.refresh_from_db()
    actions.carry_over(draft=together, by=world.jonas, at=world.now)
    body = body_of(together)
    assert body.count("First of all") == body.count("It glows at night.") == body.count("Soon.") == 1
    together.refresh_from_db()
    assert publish(together, world.jonas, world.now).number == 4


# --- discarding ---


def test_a_discarded_draft_comes_back_with_every_word_for_thirty_days(world, together):
    write(together, "Keep this.", world.jonas, world.now)
    actions.discard_draft(draft=together, by=world.amina, at=world.now)
    with pytest.raises(Refused):
        write(together, "More.", world.amina, world.now)
    actions.restore_draft(draft=together, by=world.jonas, at=world.now + timedelta(days=29))
    assert body_of(together) == "Keep this."
    together.refresh_from_db()
    assert together.is_open


def test_after_thirty_days_it_is_gone_and_what_is_open_stays(world, together):
    actions.discard_draft(draft=together, by=world.amina, at=world.now)
    other = actions.open_draft(proposal=world.to_assess, by=world.amina, at=world.now)
    later = world.now + timedelta(days=30)
    with pytest.raises(Refused):
        actions.restore_draft(draft=together, by=world.amina, at=later)
    actions.sweep(at=later - timedelta(seconds=1))
    assert SharedDraft.objects.filter(pk=together.pk).exists()
    actions.sweep(at=later)
    assert list(SharedDraft.objects.all()) == [other]


def test_it_does_not_come_back_beside_a_new_one(world, together):
    actions.discard_draft(draft=together, by=world.amina, at=world.now)
    actions.open_draft(proposal=world.fountain, by=world.jonas, at=world.now)
    with pytest.raises(Refused):
        actions.restore_draft(draft=together, by=world.amina, at=world.now)
    assert SharedDraft.objects.open().filter(proposal=world.fountain).count() == 1


def test_a_closed_account_leaves_the_words_and_takes_its_name(world, together):
    write(together, "Ours.", world.jonas, world.now)
    close_account(person=world.jonas, at=world.now)
    assert not DraftUpdate.objects.filter(by=world.jonas).exists()
    assert body_of(together) == "Ours."
