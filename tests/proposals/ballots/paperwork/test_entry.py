"""Two people, two lines: who may type, what a line says, where they differ, who decides."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from groundwork.answer import No, Refused
from proposals.ballots import actions as ballots
from proposals.ballots.paperwork import actions
from proposals.ballots.paperwork.models import Batch, Typed, Way
from proposals.ballots.paperwork.parsing import Line, as_typed, read_line
from tests.proposals.ballots.paperwork.office import (
    clerks,
    client_of,
    hand_out,
    open_batch,
    paper_vote,
    type_all,
)
from tests.proposals.ballots.voting import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def a_batch(size: int = 2, **about) -> tuple[Batch, list]:
    staff = clerks()
    voters = people(size)
    vote = paper_vote(**about)
    for voter in voters:
        hand_out(vote, voter, staff[0])
    return open_batch(vote, Way.DESK, size, staff[0]), staff


def test_a_line_is_read_in_any_order_and_with_or_without_zeros():
    vote = paper_vote()
    options = ballots.options_of(vote)
    assert read_line(" 02,1 ", vote, options) == Line("valid", "", (1, 2)) == read_line("1 2", vote, options)
    assert read_line("0", vote, options) == Line("blank") and read_line("x2", vote, options) == Line(
        "invalid", "unclear"
    )
    for wrong in ("", "9", "1 1", "1 01", "0 1", "X9", "X1 2", "1 2 3"):
        assert isinstance(read_line(wrong, vote, options), No), wrong
    for right in ("01 02", "0", "X4"):
        line = read_line(right, vote, options)
        assert isinstance(line, Line) and as_typed(line, options) == right


def test_a_ballot_that_costs_too_much_is_refused_with_what_to_type_instead():
    batch, staff = a_batch()
    answer = client_of(staff[0]).post(
        batch.get_absolute_url().replace("/de/", "/en/"), {"number": "1", "line": "1 2 3"}
    )
    assert answer.status_code == 422 and "type X1" in answer.content.decode()
    assert not Typed.objects.exists()
    assert Batch.objects.get().first_by is None, "who mistyped has not begun"


def test_one_person_cannot_be_both():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1", "2"])
    type_all(batch, staff[0], ["1", "2"])
    assert not Batch.objects.get().is_sealed and Typed.objects.filter(side=2).count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(second_by=staff[0])


def test_a_third_person_does_not_type():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1"])
    type_all(batch, staff[1], ["1"])
    with pytest.raises(Refused):
        type_all(batch, staff[2], ["1"])
    assert Typed.objects.count() == 2


def test_the_second_does_not_see_what_the_first_typed():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1", "X3"])
    page = client_of(staff[1]).get(f"/en/desk/paper/batches/{batch.pk}/").content.decode()
    assert "Second entry" in page and "What you typed" not in page
    type_all(batch, staff[1], ["2"])
    page = client_of(staff[1]).get(f"/en/desk/paper/batches/{batch.pk}/differences/").content.decode()
    assert "Nothing differs here" in page, "not before both are through"


def test_the_two_see_their_own_line_and_a_third_sees_both():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1", "0"])
    type_all(batch, staff[1], ["1", "X3"])
    address = f"/en/desk/paper/batches/{batch.pk}/differences/"
    second = client_of(staff[1]).get(address).content.decode()
    assert "X3 <span" in second and "0 <span" not in second and "This stands on the ballot" not in second
    third = client_of(staff[2]).get(address).content.decode()
    assert "X3 <span" in third and "0 <span" in third


def test_one_of_the_two_cannot_decide_but_can_correct_their_line():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1", "0"])
    type_all(batch, staff[1], ["1", "X3"])
    with pytest.raises(Refused):
        actions.decide(batch=batch, number=2, text="0", by=staff[1], at=timezone.now())
    assert actions.differences(batch) == [2]
    done = actions.type_ballot(batch=batch, number=2, text="0", by=staff[1], at=timezone.now())
    assert done.is_sealed and (done.valid, done.blank, done.invalid) == (1, 1, 0)
    assert not Typed.objects.exists()


def test_about_ballots_on_which_they_agree_nobody_decides():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1", "0"])
    type_all(batch, staff[1], ["1", "X3"])
    with pytest.raises(Refused):
        actions.decide(batch=batch, number=1, text="2", by=staff[2], at=timezone.now())
    assert Typed.objects.get(side=1, number=1).positions == [1]


def test_a_sealed_batch_is_closed_for_good():
    batch, staff = a_batch(1)
    type_all(batch, staff[0], ["1"])
    type_all(batch, staff[1], ["1"])
    for act in (
        lambda: type_all(batch, staff[0], ["2"]),
        lambda: actions.decide(batch=batch, number=1, text="2", by=staff[2], at=timezone.now()),
        lambda: actions.cancel_batch(batch=batch, by=staff[0], at=timezone.now()),
    ):
        with pytest.raises(Refused):
            act()
    assert Batch.objects.get().valid == 1


def test_a_batch_that_was_given_up_frees_its_ballots():
    batch, staff = a_batch()
    type_all(batch, staff[0], ["1"])
    actions.cancel_batch(batch=batch, by=staff[0], at=timezone.now())
    assert not Typed.objects.exists()
    assert open_batch(batch.vote, Way.DESK, 2, staff[0]).size == 2


def test_a_whole_batch_through_the_pages():
    batch, staff = a_batch()
    address = f"/en/desk/paper/batches/{batch.pk}/"
    first, second, third = (client_of(clerk) for clerk in staff)
    for number, line in ((1, "1 2"), (2, "3")):
        assert first.post(address, {"number": number, "line": line}).status_code == 302
    assert "You are through" in first.get(address).content.decode()
    for number, line in ((1, "1 2"), (2, "2")):
        assert second.post(address, {"number": number, "line": line}).status_code == 302
    assert "On 1 ballot the two lines differ" in second.get(address).content.decode()
    assert second.post(address + "differences/", {"number": 2, "line": "2"}).status_code == 403
    done = third.post(address + "differences/", {"number": 2, "line": "3"})
    assert done.status_code == 302 and done["Location"].endswith(f"/desk/paper/{batch.vote_id}/")
    assert Batch.objects.get().valid == 2


def test_only_clerks_and_who_holds_the_vote_work_on_it():
    batch, _staff = a_batch()
    nobody = people(1, "nobody")[0]
    with pytest.raises(Refused):
        type_all(batch, nobody, ["1"])
    with pytest.raises(Refused):
        open_batch(batch.vote, Way.DESK, 1, nobody)
    assert not Typed.objects.exists()
