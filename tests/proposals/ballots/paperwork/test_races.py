"""Fifty at once: one code is taken in once, and a person at the desk and at the keyboard has one ballot."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from proposals.ballots import actions as ballots
from proposals.ballots.models import Slot
from proposals.ballots.paperwork import actions
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
)
from tests.proposals.ballots.test_races import RACERS, race
from tests.proposals.ballots.voting import let_it_end, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def test_fifty_clerks_take_in_one_code_and_one_of_them_does():
    voter, staff = people(1)[0], clerks()
    vote = paper_vote()
    code = print_codes(vote, 1)[0]
    give(vote, voter, code, staff[0])
    assert race(lambda number: take_in(vote, code, staff[number % 3])) == Counter(done=1, Refused=RACERS - 1)
    assert PaperCode.objects.filter(returned=True).count() == 1
    assert Slot.objects.exclude(closed="").count() == 1


def test_fifty_hand_outs_to_one_person_are_one():
    voter, staff = people(1)[0], clerks()
    vote = paper_vote()
    assert race(lambda number: hand_out(vote, voter, staff[number % 3])) == Counter(
        done=1, Refused=RACERS - 1
    )
    assert Slot.objects.exclude(closed="").count() == 1


@pytest.mark.parametrize("paper", ["paper", "online"])
def test_casting_and_handing_out_at_the_same_moment_leave_one_ballot(paper):
    voter, staff = people(1)[0], clerks()
    vote = paper_vote(paper)
    option = ballots.options_of(vote)[0].pk

    def act(number: int) -> None:
        if number % 10 == 0:
            hand_out(vote, voter, staff[0])
        else:
            ballots.cast(vote=vote, by=voter, chosen=[option], at=timezone.now())

    assert set(race(act)) <= {"done", "Refused"}
    slot = Slot.objects.exclude(closed="", choice=None).get()
    if paper == "online" and slot.choice is not None:
        assert slot.closed == "", "where the online ballot counts, whoever voted online got no paper"
    if slot.closed:
        enter(vote, Way.DESK, ["1 2"], staff)
    let_it_end(vote)
    vote.refresh_from_db()
    if slot.closed:
        actions.finish(vote=vote, reason="", by=admin(), at=timezone.now())
    ballots.close_and_count(vote=vote, at=timezone.now())
    assert counted(vote) == [("desk", 2) if slot.closed else ("web", 1)]


def test_two_clerks_who_begin_at_once_are_the_two_of_the_batch():
    voter, staff = people(1)[0], clerks()
    vote = paper_vote()
    hand_out(vote, voter, staff[0])
    batch = open_batch(vote, Way.DESK, 1, staff[0])

    def act(number: int) -> None:
        line = "1" if number % 3 == 0 else "2"
        actions.type_ballot(batch=batch, number=1, text=line, by=staff[number % 3], at=timezone.now())

    assert set(race(act)) <= {"done", "Refused"}
    found = Batch.objects.get()
    if found.is_sealed:  # the two who agree came first
        assert not Typed.objects.exists() and found.valid == 1
    else:
        assert {found.first_by_id, found.second_by_id} <= {clerk.pk for clerk in staff}
        assert found.first_by_id != found.second_by_id and Typed.objects.count() == 2
