"""The practice ballot: everything as in the real one, and nothing is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cocreation.actions import follow
from cocreation.lifecycle import stop_process
from proposals.ballots.models import Slot, Vote
from proposals.models import Proposal, Stage
from tests.proposals.ballots.voting import DAY, build_phase, people

pytestmark = pytest.mark.django_db

PRACTICE = "/en/processes/wahl/ballot/practice/"
BALLOT = "/en/processes/wahl/ballot/"
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
WARNING = "Practice: nothing you do here is stored or counted."


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def text(response) -> str:
    return " ".join(response.content.decode().split())


def keys() -> dict[int, int]:
    return {int(cost): pk for pk, cost in Proposal.objects.values_list("pk", "cost")}


def ahead(**options: Any):
    return build_phase(starts=DAY, ends=4 * DAY, **options)


def test_anybody_tries_the_ballot_before_the_vote_opens_without_a_script_or_an_account():
    ahead(min_choices=2)
    visitor = Client(**HERE)
    page = text(visitor.get(PRACTICE))
    assert WARNING in page and "Nothing chosen yet" in page and "opens on" in page
    assert all(f"Project {number}" in page for number in range(3))
    page = text(visitor.post(PRACTICE, {"choice": [keys()[8_000]]}))
    assert WARNING in page and "Not complete yet" in page and "€42,000" in page
    page = text(visitor.post(PRACTICE, {"choice": [keys()[8_000], keys()[12_000]]}))
    assert WARNING in page and "Would count" in page and page.count(" checked") == 2
    assert page.count(" disabled") == 1  # the third does not fit any more
    assert "Counts now" not in page and "saved and counts" not in page


def test_practice_writes_nothing_and_sets_no_cookie(caplog):
    voter = people(1)[0]
    ahead()
    visitor, member = Client(**HERE), Client(**HERE)
    member.force_login(voter)
    with CaptureQueriesContext(connection) as seen, caplog.at_level("DEBUG", logger="quartier"):
        for client in (visitor, member):
            answer = client.post(PRACTICE, {"choice": [keys()[8_000]]})
            assert answer.status_code == 200 and not answer.cookies and not caplog.records
    verbs = {query["sql"].lstrip().split()[0].lower() for query in seen}
    assert verbs == {"select"}
    assert not Vote.objects.exists() and not Slot.objects.exists()
    assert set(Proposal.objects.values_list("stage", flat=True)) == {Stage.FEASIBLE}
    # Nothing of the other visit is left on the page.
    assert " checked" not in text(visitor.get(PRACTICE))


def test_the_script_gets_the_state_of_a_practice_ballot():
    ahead()
    answer = Client(**HERE).post(PRACTICE, {"choice": [keys()[8_000]]}, headers={"X-Requested-With": "fetch"})
    body = text(answer)
    assert 'id="strip"' in body and "Would count" in body and WARNING in body and "<html" not in body


def test_practice_refuses_what_the_real_ballot_would_refuse():
    ahead()
    answer = Client(**HERE).post(PRACTICE, {"choice": [keys()[45_000], keys()[12_000]]})
    assert answer.status_code == 422 and "cost more than there is" in text(answer)
    answer = Client(**HERE).post(PRACTICE, {"choice": ["x"]})
    assert answer.status_code == 422 and "not on this ballot" in text(answer)


def test_once_the_vote_has_opened_practice_leads_to_the_ballot():
    build_phase()
    answer = Client(**HERE).get(PRACTICE)
    assert answer.status_code == 302 and answer["Location"].startswith(BALLOT)
    answer = Client(**HERE).post(PRACTICE, {"choice": ["1"]}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 403 and not Vote.objects.exists()


def test_a_process_that_was_stopped_or_is_a_draft_has_no_practice():
    phase = ahead()
    phase.process.published_at = None
    phase.process.save()
    assert Client().get(PRACTICE).status_code == 404
    phase.process.published_at = timezone.now() - 90 * DAY
    phase.process.save()
    admin = Proposal.objects.first().contribution.author
    stop_process(
        process=phase.process, reason={"de": "Kein Geld da.", "en": "No money."}, by=admin, at=timezone.now()
    )
    answer = Client().get(PRACTICE, follow=True)
    assert WARNING not in text(answer)


def test_without_projects_the_page_says_what_it_waits_for():
    ahead(costs=())
    page = text(Client().get(PRACTICE))
    assert "nothing to practise with yet" in page and "Remind me" in page


def test_the_pages_before_the_opening_lead_to_practice():
    ahead()
    for address in (BALLOT, "/en/processes/wahl/"):
        assert PRACTICE in text(Client().get(address))


def test_whoever_follows_the_process_is_told_that_they_will_be_reminded():
    voter = people(1)[0]
    phase = ahead()
    client = Client(**HERE)
    client.force_login(voter)
    assert "Remind me" in text(client.get(PRACTICE))
    follow(person=voter, process=phase.process, at=timezone.now())
    page = text(client.get(PRACTICE))
    assert "Remind me" not in page and "one day before it ends" in page


def test_a_vote_too_short_for_a_reminder_promises_none():
    build_phase(starts=DAY, ends=2 * DAY)
    page = text(Client().get(PRACTICE))
    assert "We tell you when the vote opens. You can stop it any time." in page
    assert "one day before it ends" not in page


def test_before_the_opening_a_lot_is_not_said_to_be_drawn():
    ahead(tie_rule="lot")
    page = text(Client().get(PRACTICE))
    assert "It is drawn and sealed when the vote opens" in page
    assert "drawn already" not in page
