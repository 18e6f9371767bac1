"""One day before the end: recorded once, without a person, and without a look at anybody's slot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cocreation.models import Process
from groundwork.journal.models import Entry
from proposals.ballots import actions, tasks
from proposals.ballots.models import Vote
from proposals.ballots.reminding import remind
from tests.proposals.ballots.voting import DAY, build_vote, keys_by_cost, people

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def recorded() -> list[dict]:
    return list(Entry.objects.filter(verb="vote.ending").values_list("data", flat=True))


def test_a_vote_that_ends_within_a_day_is_reminded_of_once():
    vote = build_vote(starts=-3 * DAY, ends=23 * HOUR)
    tasks.remind()
    tasks.remind()
    assert not remind(vote=vote, at=timezone.now())
    (told,) = recorded()
    assert set(told) == {"act", "slug", "phase", "until"}
    entry = Entry.objects.get(verb="vote.ending")
    assert entry.actor_id is None and entry.process_id == vote.phase.process_id


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        (-3 * DAY, 25 * HOUR, "there is more than a day left"),
        (-20 * HOUR, 23 * HOUR, "the opening was told yesterday"),
    ],
)
def test_a_reminder_that_helps_nobody_is_not_sent(starts, ends, why):
    vote = build_vote(starts=starts, ends=ends)
    tasks.remind()
    assert not remind(vote=vote, at=timezone.now()), why
    assert recorded() == []


def test_a_vote_that_was_stopped_or_counted_reminds_nobody():
    vote = build_vote(starts=-3 * DAY, ends=23 * HOUR)
    Process.objects.filter(pk=vote.phase.process_id).update(
        stopped_at=timezone.now() - HOUR, stop_reason_de="Aus.", stop_reason_en="Over."
    )
    tasks.remind()
    assert not remind(vote=vote, at=timezone.now()) and recorded() == []
    assert Vote.objects.get(pk=vote.pk).reminded_at is None


def test_the_reminder_is_the_same_whoever_has_voted():
    """What is written does not depend on the slots: they are not even read."""
    voters = people(3)
    vote = build_vote(starts=-3 * DAY, ends=23 * HOUR)
    key = keys_by_cost(vote)
    actions.cast(vote=vote, by=voters[0], chosen=[key[8_000]], at=timezone.now())
    with CaptureQueriesContext(connection) as seen:
        assert remind(vote=vote, at=timezone.now())
    touched = " ".join(query["sql"] for query in seen)
    assert "ballots_slot" not in touched and "accounts_person" not in touched
