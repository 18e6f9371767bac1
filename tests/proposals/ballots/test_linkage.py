"""Whoever steals the database after a vote does not learn who voted what. The whole attack: `python3 dev.py bench linkage`."""

from __future__ import annotations

import logging
import random

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from proposals.ballots import actions, mailing
from proposals.ballots.models import Vote
from tests.bench.linkage import (
    MOST,
    NAIVE,
    Cast,
    attack,
    different_choices,
    options_of,
    strongest,
    write_naively,
)
from tests.proposals.ballots.enveloping import LISTED, open_it
from tests.proposals.ballots.test_mailing import evening
from tests.proposals.ballots.voting import build_vote, let_it_end, people

VOTES, VOTERS = 5, 20
FREE = [{**each, "max_choices": None} for each in LISTED]


@pytest.mark.django_db(transaction=True)
def test_no_number_in_the_database_tells_who_voted_what(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    chance, crowd = random.Random(7), people(VOTERS)
    casts, votes = [], []
    for number in range(VOTES):
        vote = (
            build_vote(slug=f"wahl{number}", costs=range(1000, 6000, 1000), within_budget=False)
            if number
            else open_it(slug="wahl0", listed=FREE, most_envelopes=None, within_budget=False)
        )
        votes.append(vote)
        options = actions.options_of(vote)
        caplog.clear()
        mail.outbox.clear()
        for _turn in range(2):  # everybody changes their ballot once: the first choice must not help either
            chosen = different_choices([o.pk for o in options], [p.pk for p in crowd], chance)
            arrivals = chance.sample(crowd, VOTERS)
            for person in arrivals:
                actions.cast(
                    vote=vote, by=person, chosen=chosen[person.pk], at=timezone.now(), options=options
                )
                # Half of them want a mail.
                if person.pk % 2:
                    actions.ask_for_mail(vote=vote, by=person, wanted=True, at=timezone.now())
            assert not mail.outbox and not caplog.records  # neither a letter nor a line in a log
            assert actions.mix_and_publish(vote=vote, at=timezone.now()) or _turn
        # Here ten are a batch.
        listed = mailing.daily_round(vote=vote, at=evening(), least=VOTERS // 2)
        assert listed == sum(person.pk % 2 for person in crowd) == mailing.post(timezone.now())
        let_it_end(vote)
        actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
        known = {pk: frozenset(map(str, keys)) for pk, keys in chosen.items()}
        casts.append(Cast(vote.pk, known, [person.pk for person in arrivals]))
    try:
        with connection.cursor() as cursor:
            cursor.execute(NAIVE)
            for cast in casts:
                write_naively(cursor, cast)
            found = attack(cursor, casts, options_of(votes))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table if exists naive_roll, naive_ballot")
    naive = {
        way: hits for way, hits in found.items() if way.startswith("naive_roll") and "naive_ballot" in way
    }
    real = {way: hits for way, hits in found.items() if "naive_ballot" not in way}
    assert any("ballots_castballot" in way for way in real) and any(
        "ballots_boardleaf" in way for way in real
    )
    assert strongest(naive)[1] == VOTES * VOTERS  # the attack finds everybody where they can be found
    assert strongest(real)[1] <= MOST * VOTES, strongest(real)  # chance finds one in every vote
