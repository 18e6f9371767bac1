"""One answer to many is one mail and one place in the inbox for each person, with every thing it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from cocreation.actions import hide_contribution
from feedback import actions
from feedback.notices import fanout, inbox, sending
from feedback.notices.actions import choose_rhythm
from feedback.notices.models import Kind, Mail, Notice, due_at
from proposals.models import Proposal
from quartier.builders import both, make_supports
from tests.feedback.notices.spreading import read_on, spread
from tests.world import World

pytestmark = pytest.mark.django_db
YES = actions.Wording("accepted", both("Wir bauen das.", "We will build it."), "doable")


@pytest.fixture
def things(world: World) -> list[Proposal]:
    """Jonas supports all of the process that wait for an answer, Ines two of them; one answer is given to all."""
    spread(world)
    Notice.objects.all().delete()
    found = list(Proposal.objects.public(world.answering).order_by("pk")[:3])
    for thing in found:
        make_supports(thing, [(world.jonas, world.now)])
    for thing in found[:2]:
        make_supports(thing, [(world.ines, world.now)])
    made = actions.answer_many(
        process=world.answering, targets=[each.pk for each in found], office=world.parks, wording=YES, by=world.olga, at=world.now
    )  # fmt: skip
    assert len(made) == 3
    return found


def sent_to(person) -> list:
    return [each for each in mail.outbox if each.to == [person.email]]


def test_who_supports_several_gets_one_mail_that_leads_to_each(world: World, things):
    spread(world)
    assert Notice.objects.filter(person=world.jonas).count() == 3, "a row for each: the record stays whole"
    assert sending.send_due(world.now) == 0, "all have to be told first"
    sending.send_due(world.now + fanout.SETTLES)
    (one,), (two,) = sent_to(world.jonas), sent_to(world.ines)
    assert "Eine Antwort an 3 Beiträge" in one.subject and "One answer to 2 contributions" in two.subject
    html = one.alternatives[0][0]
    for thing in things:
        assert thing.receipt in one.body and thing.receipt in html
    assert things[2].receipt not in two.body
    assert one.body.count("Wir bauen das.") == 1
    assert not Notice.objects.waiting().exists()
    assert Mail.objects.filter(person=world.jonas).get().number == 3
    (group,), _more = inbox.groups_of(world.jonas)
    assert {thing.url for thing in group.things} == {each.get_absolute_url() for each in things}


def test_an_author_finds_their_own_words_first(world: World, things):
    author = things[1].contribution.author
    make_supports(things[0], [(author, world.now)])
    spread(world)
    sending.send_due(world.now + fanout.SETTLES)
    (one,) = sent_to(author)
    mine = Notice.objects.get(person=author, contribution=things[1].pk)
    assert mine.kind == Kind.MINE and f"„{things[1].in_language('summary')}“" in one.body
    (group,), _more = inbox.groups_of(author)
    own = [thing.url for thing in group.things if thing.text]
    assert set(own) == {each.get_absolute_url() for each in things if each.contribution.author == author}
    assert [thing.url for thing in group.things][: len(own)] == own


def test_what_is_told_late_or_hidden_meanwhile_loses_nobody(world: World, things):
    """A fan-out that came after the mail is a mail of its own; what was taken off the pages is left out."""
    read_on(world)
    for _each in range(2):
        fanout.spread_chunk(world.now)
    sending.send_due(world.now + fanout.SETTLES)
    fanout.spread(world.now + timedelta(minutes=5))
    sending.send_due(world.now + timedelta(minutes=5))
    told = Notice.objects.filter(person=world.jonas)
    assert sum(Mail.objects.filter(person=world.jonas).values_list("number", flat=True)) == told.count() == 3
    assert len({each.extra_headers["Message-ID"] for each in sent_to(world.jonas)}) == 2


def test_a_hidden_one_is_left_out_and_digests_hold_them_together(world: World, things):
    choose_rhythm(by=world.jonas, rhythms=dict.fromkeys(Kind.values, "daily"), at=world.now)
    spread(world)
    hide_contribution(contribution=things[0].contribution, by=world.mo, at=world.now, rule="r", reason="g")
    sending.send_due(due_at("daily", world.now))
    (one,) = sent_to(world.jonas)
    assert things[0].receipt not in one.body
    assert "Eine Antwort an 2 Beiträge" in one.body and one.body.count("Die Stadt hat geantwortet") == 1
