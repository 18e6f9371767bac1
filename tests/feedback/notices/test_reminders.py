"""The reminder of a vote: to whoever follows the process or began, in time, and gone afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Person
from cocreation import pending
from cocreation.actions import follow
from cocreation.models import Phase
from feedback.notices import fanout, sending
from feedback.notices.actions import choose_rhythm, forget_past
from feedback.notices.manifest import read
from feedback.notices.models import Device, Kind, Notice
from feedback.notices.words import gather, said
from groundwork.answer import No
from groundwork.journal.models import Entry
from proposals.ballots import actions as ballots
from proposals.ballots.models import Vote
from proposals.ballots.reminding import remind
from tests.feedback.notices.spreading import spread
from tests.world import DAY, World

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def open_vote(world: World) -> Vote:
    phase = world.voting.phases.get(method="ballot")
    Phase.objects.filter(pk=phase.pk).update(ends=world.now + 20 * HOUR)
    return ballots.open_vote(phase=phase, at=world.now - 4 * DAY)


@pytest.fixture
def ending(world: World) -> World:
    """The vote ends in twenty hours. Amina and Jonas follow it, and Amina has voted; Ines only has a ballot that waits;
    Mo follows and wants no mail; Clara has nothing to do with it."""
    spread(world)
    Notice.objects.all().delete()
    Device.objects.all().delete()  # a message on one would have an end, too
    vote = open_vote(world)
    for person in (world.amina, world.jonas, world.mo):
        follow(person=person, process=world.voting, at=world.now)
    choose_rhythm(by=world.mo, rhythms={Kind.FOLLOWED: "none"}, at=world.now)
    option = vote.options.first()
    assert option is not None
    ballots.cast(vote=vote, by=world.amina, chosen=[option.pk], at=world.now)
    pending.keep(
        "vote",
        {"vote": vote.pk, "sealed": "", "title": "x"},
        process=world.voting,
        at=world.now,
        person=world.ines,
        answer=No("Not confirmed yet.", "", "", identify=True),
    )
    assert remind(vote=vote, at=world.now)
    spread(world)
    return world


def reminded() -> dict[Person, Notice]:
    return {notice.person: notice for notice in Notice.objects.filter(verb="vote.ending")}


def test_everybody_who_follows_and_everybody_whose_ballot_waits_gets_the_same_words(ending: World):
    found = reminded()
    assert set(found) == {ending.amina, ending.jonas, ending.mo, ending.ines}
    told = {(str(notice.data), notice.kind, str(said(notice, gather([notice])))) for notice in found.values()}
    assert len(told) == 1, "whoever has voted can be told from the others"


def test_a_reminder_comes_at_once_where_the_weekly_mail_would_be_too_late(ending: World):
    found = reminded()
    assert found[ending.jonas].due_at == ending.now and found[ending.jonas].rhythm == "immediate"
    assert found[ending.mo].due_at is None


def test_the_mail_names_the_end_and_leads_to_the_ballot(ending: World):
    sending.send_due(ending.now + HOUR)
    (letter,) = [each for each in mail.outbox if each.to == [ending.jonas.email]]
    assert "/processes/voting/ballot/" in letter.body
    assert not [each for each in mail.outbox if each.to == [ending.mo.email]]


def test_after_the_end_no_mail_leaves_and_no_row_stays(ending: World):
    over = ending.now + 21 * HOUR
    sending.send_due(over)
    assert not [letter for letter in mail.outbox if "/processes/voting/ballot/" in letter.body]
    assert forget_past(over) == 4
    assert reminded() == {}


def test_messages_without_an_end_stay(ending: World):
    entry = Entry.objects.filter(verb="vote.opened", process_id=ending.voting.pk).first()
    assert entry is not None
    read([entry])
    fanout.spread(ending.now)
    before = Notice.objects.filter(verb="vote.opened").count()
    forget_past(ending.now + 900 * HOUR)
    assert before and Notice.objects.filter(verb="vote.opened").count() == before


def test_who_is_reminded_too_late_is_not_reminded(world: World):
    spread(world)
    vote = open_vote(world)
    follow(person=world.jonas, process=world.voting, at=world.now)
    assert remind(vote=vote, at=world.now)
    spread(world, at=world.now + 21 * HOUR)
    assert reminded() == {}
