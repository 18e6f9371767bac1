"""The desk where a process checks by entries: found by a document, one entry one ballot, never one's own."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from cocreation.checks.attributes import Attributes
from cocreation.checks.desk import add
from cocreation.models import Phase, Process
from groundwork.answer import Refused
from proposals.ballots import actions as ballots
from proposals.ballots.models import Slot, Vote
from proposals.ballots.paperwork import actions, scans
from proposals.ballots.paperwork.models import Scan
from tests.cocreation.checks.checking import switch_on
from tests.proposals.ballots.paperwork.office import (
    admin,
    clerks,
    client_of,
    give,
    hand_out,
    open_batch,
    paper_vote,
    print_codes,
    take_in,
    type_all,
)
from tests.proposals.ballots.voting import build_phase, let_it_end, people
from tests.worlds.paper import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def by_register() -> Vote:
    """Two entries nobody has claimed: people without an account, who vote on paper."""
    phase = build_phase(paper="paper")
    switch_on(phase.process)
    process = Process.objects.get(pk=phase.process_id)
    for number in ("4711", "4712"):
        add(process, number=number, attributes=Attributes("dorf", ""))
    return ballots.open_vote(
        phase=Phase.objects.select_related("process").get(pk=phase.pk), at=timezone.now()
    )


def held_on(page: str) -> str:
    return page.split('name="held" value="')[1].split('"')[0]


def test_somebody_without_an_account_votes_at_the_town_hall_once(by_register):
    client, address = client_of(clerks(1)[0]), f"/en/desk/paper/{by_register.pk}/person/"
    for attempt, status in ((1, 200), (2, 403)):
        found = client.post(address, {"act": "find", "number": "4711"})
        held = held_on(found.content.decode())
        done = client.post(address, {"act": "hand_out", "held": held})
        assert done.status_code == status, attempt
    assert "taken in for this person already" in done.content.decode()
    assert Slot.objects.exclude(closed="").count() == 1


def test_a_code_is_noted_for_an_entry_through_the_page(by_register):
    client, address = client_of(clerks(1)[0]), f"/en/desk/paper/{by_register.pk}/person/"
    code = print_codes(by_register, 1)[0]
    held = held_on(client.post(address, {"act": "find", "number": "4712"}).content.decode())
    assert client.post(address, {"act": "give", "held": held, "code": "nonsense"}).status_code == 403
    given = client.post(address, {"act": "give", "held": held, "code": code.lower()}).content.decode()
    assert "ballot 1-1 belongs to this person now" in given
    taken = client.post(f"/en/desk/paper/{by_register.pk}/take-in/", {"code": code})
    assert "Ballot 1-1 is taken in" in taken.content.decode()
    again = client.post(f"/en/desk/paper/{by_register.pk}/take-in/", {"code": code})
    assert again.status_code == 403 and "taken in already" in again.content.decode()


def test_whom_the_register_does_not_know_gets_no_ballot(by_register):
    client, address = client_of(clerks(1)[0]), f"/en/desk/paper/{by_register.pk}/person/"
    assert client.post(address, {"act": "find", "number": "9999"}).status_code == 422
    assert client.post(address, {"act": "hand_out", "held": "forged"}).status_code == 302
    assert not Slot.objects.exclude(closed="").exists()


def test_a_clerk_hands_no_ballot_to_themselves():
    staff = clerks(1)
    vote = paper_vote()
    page = client_of(staff[0]).post(
        f"/en/desk/paper/{vote.pk}/person/", {"act": "find", "email": staff[0].email}
    )
    assert page.status_code == 422 and "Somebody else at the office" in page.content.decode()


def test_after_the_close_ballots_are_taken_in_but_not_handed_out():
    voters, staff = people(2), clerks(1)
    vote = paper_vote()
    code = print_codes(vote, 1)[0]
    give(vote, voters[0], code, staff[0])
    let_it_end(vote)
    vote = Vote.objects.select_related("phase__process").get(pk=vote.pk)
    with pytest.raises(Refused):
        hand_out(vote, voters[1], staff[0])
    take_in(vote, code, staff[0])
    assert Slot.objects.exclude(closed="").count() == 1


# --- scans ---


def test_a_scan_is_for_whoever_works_on_the_vote_and_goes_after_the_result():
    voters, staff = people(1), clerks()
    vote = paper_vote()
    hand_out(vote, voters[0], staff[0])
    batch = open_batch(vote, "desk", 1, staff[0])
    client = client_of(staff[0])
    sent = client.post(
        f"/en/desk/paper/batches/{batch.pk}/scans/", {"file": SimpleUploadedFile("a.pdf", PDF)}
    )
    assert sent.status_code == 302
    scan = Scan.objects.get()
    got = client.get(f"/en/desk/paper/scans/{scan.key}/")
    assert got.content == PDF and "no-store" in got["Cache-Control"]
    assert client_of(voters[0]).get(f"/en/desk/paper/scans/{scan.key}/").status_code == 403
    assert scans.forget(timezone.now()) == 0 and default_storage.exists(scan.stored)


def test_what_is_no_scan_is_refused_beside_the_field():
    voters, staff = people(1), clerks()
    vote = paper_vote()
    hand_out(vote, voters[0], staff[0])
    batch = open_batch(vote, "desk", 1, staff[0])
    bad = client_of(staff[0]).post(
        f"/en/desk/paper/batches/{batch.pk}/scans/", {"file": SimpleUploadedFile("a.txt", b"hello")}
    )
    assert bad.status_code == 422 and "PDF or a picture" in bad.content.decode()
    assert not Scan.objects.exists()


def test_scans_go_thirty_days_after_the_result(django_capture_on_commit_callbacks):
    voters, staff = people(1), clerks()
    vote = paper_vote()
    hand_out(vote, voters[0], staff[0])
    batch = open_batch(vote, "desk", 1, staff[0])
    scan = scans.add_scan(batch=batch, file=BytesIO(PDF), name="a.pdf", by=staff[0], at=timezone.now())
    type_all(batch, staff[0], ["1"])
    type_all(batch, staff[1], ["1"])
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    ballots.close_and_count(vote=vote, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert scans.forget(timezone.now() + timedelta(days=29)) == 0
        assert scans.forget(timezone.now() + timedelta(days=31)) == 1
    assert not Scan.objects.exists() and not default_storage.exists(scan.stored)
