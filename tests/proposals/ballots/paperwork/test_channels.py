"""One person, one counted ballot, whichever way and however often they try: every pair of ways, under both rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Person
from groundwork.answer import Refused
from proposals.ballots import actions as ballots
from proposals.ballots.models import Slot, Vote
from proposals.ballots.paperwork import actions
from proposals.ballots.paperwork.models import PaperCode, Way
from tests.proposals.ballots.paperwork.office import (
    admin,
    clerks,
    client_of,
    counted,
    enter,
    give,
    hand_out,
    key_of,
    paper_vote,
    print_codes,
    take_in,
)
from tests.proposals.ballots.voting import keys_by_cost, let_it_end, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@dataclass
class Trial:
    """One voter and what was admitted for them; a ballot lies in a box only after it was admitted."""

    vote: Vote
    voter: Person
    staff: list[Person]
    codes: list[str]
    boxes: list[str] = field(default_factory=list)

    def web(self) -> None:
        key = keys_by_cost(self.vote)
        ballots.cast(vote=self.vote, by=self.voter, chosen=[key[8_000], key[12_000]], at=timezone.now())

    def desk(self) -> None:
        hand_out(self.vote, self.voter, self.staff[0])
        self.boxes.append(Way.DESK)

    def code(self) -> None:
        take_in(self.vote, self.codes[0], self.staff[0])
        self.boxes.append(Way.CODE)


def trial(paper: str) -> Trial:
    voter, staff = people(1)[0], clerks()
    vote = paper_vote(paper)
    codes = print_codes(vote, 2)
    give(vote, voter, codes[0], staff[0])
    return Trial(vote, voter, staff, codes)


WEB = ("web", 2)
DESK, CODE = ("desk", 1), ("paper", 1)

# (rule, first way, second way) -> whether the second is refused, and the one ballot that counts.
MATRIX = [
    ("paper", "web", "web", False, WEB),
    ("paper", "web", "desk", False, DESK),
    ("paper", "web", "code", False, CODE),
    ("paper", "desk", "web", True, DESK),
    ("paper", "desk", "desk", True, DESK),
    ("paper", "desk", "code", True, DESK),
    ("paper", "code", "web", True, CODE),
    ("paper", "code", "desk", True, CODE),
    ("paper", "code", "code", True, CODE),
    ("online", "web", "web", False, WEB),
    ("online", "web", "desk", True, WEB),
    ("online", "web", "code", True, WEB),
    ("online", "desk", "web", True, DESK),
    ("online", "desk", "desk", True, DESK),
    ("online", "desk", "code", True, DESK),
    ("online", "code", "web", True, CODE),
    ("online", "code", "desk", True, CODE),
    ("online", "code", "code", True, CODE),
]


@pytest.mark.parametrize(("rule", "first", "second", "refused", "counts"), MATRIX)
def test_two_ways_leave_exactly_one_counted_ballot(rule, first, second, refused, counts):
    this = trial(rule)
    ways: dict[str, Callable[[], None]] = {"web": this.web, "desk": this.desk, "code": this.code}
    ways[first]()
    if refused:
        before = list(Slot.objects.order_by("tag").values_list("tag", "choice", "closed"))
        with pytest.raises(Refused):
            ways[second]()
        assert list(Slot.objects.order_by("tag").values_list("tag", "choice", "closed")) == before
    else:
        ways[second]()
    for way in this.boxes:
        enter(this.vote, way, ["1"], this.staff)
    let_it_end(this.vote)
    vote = Vote.objects.get(pk=this.vote.pk)
    actions.finish(vote=vote, reason="", by=admin(), at=timezone.now())
    ballots.close_and_count(vote=vote, at=timezone.now())
    assert counted(vote) == [counts]


def test_a_ballot_with_a_code_that_never_comes_in_changes_nothing():
    this = trial("paper")
    this.web()
    let_it_end(this.vote)
    actions.finish(vote=Vote.objects.get(pk=this.vote.pk), reason="", by=admin(), at=timezone.now())
    ballots.close_and_count(vote=this.vote, at=timezone.now())
    assert counted(this.vote) == [WEB]


def test_a_second_ballot_with_a_code_makes_the_first_void():
    this = trial("paper")
    give(this.vote, this.voter, this.codes[1], this.staff[0])
    with pytest.raises(Refused):
        take_in(this.vote, this.codes[0], this.staff[0])
    assert not Slot.objects.exclude(closed="").exists()
    take_in(this.vote, this.codes[1], this.staff[0])
    assert Slot.objects.exclude(closed="").count() == 1


def test_a_code_belongs_to_one_person_and_one_vote():
    this = trial("paper")
    other = people(1, "other")[0]
    with pytest.raises(Refused):
        give(this.vote, other, this.codes[0], this.staff[0])
    with pytest.raises(Refused):
        take_in(this.vote, this.codes[1], this.staff[0])  # never given to anybody
    with pytest.raises(Refused):
        take_in(this.vote, "2222-3333-4444", this.staff[0])
    assert PaperCode.objects.filter(tag__isnull=False).count() == 1


def test_a_revoked_run_is_worth_nothing():
    this = trial("paper")
    run = this.vote.print_runs.get()
    assert actions.revoke_run(run=run, by=admin(), at=timezone.now()) == 2
    with pytest.raises(Refused):
        take_in(this.vote, this.codes[0], this.staff[0])
    assert not Slot.objects.exclude(closed="").exists()


def test_the_database_keeps_one_code_for_one_person_and_hashes_only():
    this = trial("paper")
    first = PaperCode.objects.get(tag__isnull=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperCode.objects.filter(tag__isnull=True).update(tag=first.tag)
    plain = this.codes[0].replace("-", "").encode()
    assert all(plain not in bytes(code.key) for code in PaperCode.objects.all())


def test_who_became_eligible_late_gets_a_slot_at_the_desk():
    this = trial("paper")
    late = people(1, "late")[0]
    hand_out(this.vote, late, this.staff[0])
    assert Slot.objects.exclude(closed="").count() == 1


def test_a_mistake_at_the_desk_is_taken_back_and_the_online_ballot_counts_again():
    this = trial("paper")
    this.web()
    hand_out(this.vote, this.voter, this.staff[0])
    actions.take_back_hand_out(vote=this.vote, key=key_of(this.vote, this.voter), by=this.staff[0])
    options = ballots.options_of(this.vote)
    assert len(ballots.own_choice(this.vote, this.voter, options)) == 2


def test_it_cannot_be_taken_back_once_the_box_is_entered():
    this = trial("paper")
    this.desk()
    enter(this.vote, Way.DESK, ["1"], this.staff)
    with pytest.raises(Refused):
        actions.take_back_hand_out(vote=this.vote, key=key_of(this.vote, this.voter), by=this.staff[0])
    assert Slot.objects.exclude(closed="").get().closed == "desk"


def test_who_votes_on_paper_reads_it_on_the_ballot_page_and_sees_no_choice():
    this = trial("paper")
    page = client_of(this.voter).get("/en/processes/wahl/ballot/").content.decode()
    assert "your ballot on paper counts" in page, "the rule is said before anybody votes"
    this.desk()
    enter(this.vote, Way.DESK, ["1"], this.staff)
    page = client_of(this.voter).get("/en/processes/wahl/ballot/").content.decode()
    assert "You vote on paper" in page and "checkbox" not in page
    assert ballots.own_choice(this.vote, this.voter, ballots.options_of(this.vote)) is None
    assert ballots.own_receipt(this.vote, this.voter) is None
    saved = client_of(this.voter).post("/en/processes/wahl/ballot/", {"choice": []})
    assert saved.status_code in (403, 422)


def test_where_paper_counts_the_desk_cannot_tell_who_voted_online():
    this = trial("paper")
    other = people(1, "other")[0]
    ballots.add_late_slots(vote=this.vote, at=timezone.now())
    this.web()
    client = client_of(this.staff[0])
    pages = []
    for person in (this.voter, other):
        address = f"/en/desk/paper/{this.vote.pk}/person/"
        found = client.post(address, {"act": "find", "email": person.email})
        assert found.status_code == 200
        body = found.content.decode().replace(person.public_name, "NAME")
        pages.append([line for line in body.splitlines() if 'name="held"' not in line])
    assert pages[0] == pages[1]


def test_a_vote_online_only_has_no_paper():
    voter, staff = people(1)[0], clerks(1)
    vote = paper_vote("")
    with pytest.raises(Refused):
        print_codes(vote, 1)
    with pytest.raises(Refused):
        hand_out(vote, voter, staff[0])
    assert not Slot.objects.exclude(closed="").exists()
    assert Client().get("/en/processes/wahl/ballot/").status_code == 200
