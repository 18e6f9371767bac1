"""From the printer to the result: codes, envelopes, boxes, two clerks, a third one, and sums that agree."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.ballots import actions as ballots
from proposals.ballots import publishing
from proposals.ballots.board import files, verify
from proposals.ballots.models import CastBallot, Slot, Tally, Vote
from proposals.ballots.paperwork import actions
from proposals.ballots.paperwork.ledger import ledger_of
from proposals.ballots.paperwork.models import Batch, PaperCode, Typed, Way
from tests.proposals.ballots.paperwork.office import (
    admin,
    clerks,
    counted,
    enter,
    give,
    hand_out,
    open_batch,
    paper_vote,
    print_codes,
    take_in,
    type_all,
)
from tests.proposals.ballots.voting import keys_by_cost, let_it_end, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def vote_on_paper() -> Vote:
    """Thirteen people: five at the town hall, four by code, three online; one of those by code was online before."""
    voters, staff = people(13), clerks()
    vote = paper_vote()
    key = keys_by_cost(vote)
    for voter in voters[8:12]:
        ballots.cast(vote=vote, by=voter, chosen=[key[8_000]], at=timezone.now())
    for voter in voters[:5]:
        hand_out(vote, voter, staff[0])
    codes = print_codes(vote, 6)
    for voter, code in zip(voters[5:9], codes, strict=False):
        give(vote, voter, code, staff[0])
    for code in codes[:4]:
        take_in(vote, code, staff[1])
    desk = open_batch(vote, Way.DESK, 5, staff[0])
    type_all(desk, staff[0], ["1 2", "2", "0", "X2", "3"])
    desk = type_all(desk, staff[1], ["2 1", "2", "0", "X2", "2"])
    assert actions.differences(desk) == [5] and not desk.is_sealed
    actions.decide(batch=desk, number=5, text="3", by=staff[2], at=timezone.now())
    enter(vote, Way.CODE, ["1", "1 2", "2", "X1"], staff)
    return vote


def test_what_was_printed_comes_back_is_typed_twice_and_counts():
    vote = vote_on_paper()
    let_it_end(vote)
    vote = Vote.objects.get(pk=vote.pk)
    assert ballots.close_and_count(vote=vote, at=timezone.now()) is None, "paper may come in for three days"
    actions.finish(vote=vote, reason="", by=admin(), at=timezone.now())
    tally = ballots.close_and_count(vote=vote, at=timezone.now())
    # 01 costs 8,000, 02 costs 12,000, 03 costs 45,000: the cheapest one stands first.
    votes = {turn["project"]: int(turn["votes"]) for turn in tally.result["rounds"]}
    assert votes == {"01": 3 + 1 + 2, "02": 2 + 2, "03": 1}
    assert tally.result["channels"] == {"web": 3, "desk": 5, "paper": 4}
    assert tally.result["incomplete"] == 3, "one blank, two invalid"
    desk, coded = (tally.result["paper"]["ways"][way] for way in ("desk", "paper"))
    assert (desk["admitted"], desk["entered"], desk["valid"], desk["blank"], desk["invalid"]) == (
        5,
        5,
        3,
        1,
        1,
    )
    assert (coded["printed"], coded["given"], coded["admitted"], coded["valid"], coded["invalid"]) == (
        6,
        4,
        4,
        3,
        1,
    )
    assert desk["categories"] == {"unclear": 1} and coded["categories"] == {"too_much": 1}


def test_the_stand_alone_program_counts_paper_and_web_to_the_same_result():
    vote = vote_on_paper()
    ballots.mix_and_publish(vote=vote, at=timezone.now())
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    tally = ballots.close_and_count(vote=vote, at=timezone.now())
    board = json.loads("".join(files.board_file(Vote.objects.get(pk=vote.pk), tally)))
    assert verify.verify(board)["winners"] == list(tally.result["selected"])


def test_the_result_page_tells_the_sums_of_every_channel():
    vote = vote_on_paper()
    let_it_end(vote)
    page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "Ballots on paper are being entered" in page
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "3 valid, 1 blank, 1 invalid" in page and "6 printed, 4 handed out, 4 entered" in page
    assert "Not clear what was meant" in page


def test_nothing_is_left_that_joins_a_code_a_slot_or_a_clerk_with_a_choice():
    vote = vote_on_paper()
    assert not Typed.objects.exists(), "typed lines go when their batch is sealed"
    for model in (PaperCode, Batch):
        assert not {field.name for field in model._meta.fields} & {"choice", "positions", "projects"}
    assert not {field.name for field in Typed._meta.fields} & {"by", "person", "at", "tag", "key"}
    for verb in ("paper.decided", "paper.batch_sealed", "paper.batch_opened"):
        for entry in Entry.objects.filter(verb=verb):
            assert set(entry.data) <= {"batch", "ballot"}
    assert Entry.objects.filter(verb="paper.decided").count() == 1
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    ballots.close_and_count(vote=vote, at=timezone.now())
    assert not PaperCode.objects.exists() and not Slot.objects.exists()


def test_a_batch_is_dealt_to_closed_slots_only_and_leaves_open_ones_alone():
    vote = vote_on_paper()
    by_closed = {
        way: vote.slots.filter(closed=way, choice__isnull=False).count() for way in ("", "desk", "paper")
    }
    assert by_closed == {"": 3, "desk": 5, "paper": 4}


# --- the gate before the count ---


def test_open_batches_hold_the_count_even_after_the_announced_day():
    staff, voters = clerks(), people(2)
    vote = paper_vote()
    for voter in voters:
        hand_out(vote, voter, staff[0])
    batch = open_batch(vote, Way.DESK, 2, staff[0])
    type_all(batch, staff[0], ["1", "2"])
    let_it_end(vote)
    vote = Vote.objects.get(pk=vote.pk)
    later = timezone.now() + timedelta(days=10)
    assert ballots.close_and_count(vote=vote, at=later) is None
    with pytest.raises(Refused):
        actions.finish(vote=vote, reason="We are late.", by=admin(), at=timezone.now())
    type_all(batch, staff[1], ["1", "2"])
    assert ballots.close_and_count(vote=vote, at=later).result["channels"] == {"desk": 2}


def test_a_ballot_that_is_missing_needs_a_public_reason_and_counts_as_an_empty_one():
    staff, voters = clerks(), people(3)
    vote = paper_vote()
    key = keys_by_cost(vote)
    ballots.cast(vote=vote, by=voters[0], chosen=[key[8_000]], at=timezone.now())
    for voter in voters:
        hand_out(vote, voter, staff[0])
    enter(vote, Way.DESK, ["1", "2"], staff)
    let_it_end(vote)
    vote = Vote.objects.get(pk=vote.pk)
    assert ballots.close_and_count(vote=vote, at=timezone.now() + timedelta(days=10)) is None
    with pytest.raises(Refused):
        actions.finish(vote=vote, reason=" ", by=admin(), at=timezone.now())
    actions.finish(vote=vote, reason="One person took the ballot home.", by=admin(), at=timezone.now())
    tally = ballots.close_and_count(vote=vote, at=timezone.now())
    assert counted(vote) == [("desk", 0), ("desk", 1), ("desk", 1)]
    page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "One person took the ballot home." in page
    assert tally.result["paper"]["ways"]["desk"]["missing"] == 1


def test_a_vote_nobody_used_paper_in_is_counted_at_its_end():
    vote = paper_vote()
    let_it_end(vote)
    assert ballots.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now()) is not None


def test_only_who_holds_the_vote_finishes_and_not_before_its_end():
    staff = clerks(1)
    vote = paper_vote()
    for person in (staff[0], admin()):
        with pytest.raises(Refused):
            actions.finish(vote=vote, reason="", by=person, at=timezone.now())
    let_it_end(vote)
    vote = Vote.objects.get(pk=vote.pk)
    with pytest.raises(Refused):
        actions.finish(vote=vote, reason="", by=staff[0], at=timezone.now())
    assert not hasattr(Vote.objects.get(pk=vote.pk), "paper_finished")


def test_sums_that_do_not_agree_with_the_count_are_not_published(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = True
    vote = vote_on_paper()
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    tally = ballots.close_and_count(vote=vote, at=timezone.now())
    tally.result["channels"]["desk"] = 4
    tally.save()
    with pytest.raises(Refused) as refused:
        publishing.confirm_result(vote=vote, by=admin(), at=timezone.now())
    assert "do not agree" in str(refused.value)
    tally.result["channels"]["desk"] = 5
    tally.save()
    publishing.confirm_result(vote=vote, by=admin(), at=timezone.now())
    assert Tally.objects.get().published_at is None


def test_more_ballots_than_people_are_refused():
    staff, voters = clerks(), people(2)
    vote = paper_vote()
    for voter in voters:
        hand_out(vote, voter, staff[0])
    with pytest.raises(Refused):
        open_batch(vote, Way.DESK, 3, staff[0])
    with pytest.raises(Refused):
        open_batch(vote, Way.CODE, 1, staff[0])
    assert not Batch.objects.exists()
    open_batch(vote, Way.DESK, 2, staff[0])
    assert ledger_of(vote).ways["desk"].missing == 0
    assert not CastBallot.objects.exists()
