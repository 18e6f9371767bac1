"""One person, one slot, one ballot: fifty at once on real connections, and proven to fail without the constraint."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from groundwork.answer import Refused
from proposals.ballots import actions, keys
from proposals.ballots.models import CastBallot, Slot, Vote
from tests.proposals.ballots.enveloping import keys as envelope_keys
from tests.proposals.ballots.enveloping import open_it as open_envelopes
from tests.proposals.ballots.voting import build_vote, keys_by_cost, let_it_end, people, stored

RACERS = 50
ROUNDS = 3
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def race(act: Callable[[int], object]) -> Counter[str]:
    """Everybody starts at the same moment, each with a connection of their own. Returns how it went, by kind."""
    start = threading.Barrier(RACERS)
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            act(number)
            outcomes.append("done")
        except (IntegrityError, Refused) as error:
            outcomes.append(type(error).__name__)
        except Exception as error:
            outcomes.append(f"unexpected {error!r}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def unguarded(vote: Vote) -> Callable[[int], object]:
    """What `add_late_slots` does, without the row lock that makes the racers queue: only the constraint is left."""
    secrets = keys.load(vote.pk, vote.public_key)

    def insert(number: int) -> None:
        with transaction.atomic():
            actions._insert_slots(
                Vote.objects.select_related("phase").get(pk=vote.pk), secrets, timezone.now(), dummies=False
            )

    return insert


def test_fifty_racers_for_one_slot_leave_exactly_one():
    vote = build_vote()
    for number in range(ROUNDS):
        late = people(1, f"late{number}")[0]
        outcomes = race(unguarded(vote))
        assert set(outcomes) <= {"done", "IntegrityError"} and outcomes["done"] >= 1
        tag = keys.load(vote.pk, vote.public_key).tag(late.pk)
        assert [known for known, _choice in stored(vote)].count(tag) == 1
        assert Slot.objects.count() == number + 1


def test_without_the_primary_key_the_same_race_leaves_several():
    """If this fails, the race above proves nothing."""
    vote = build_vote()
    with connection.cursor() as cursor:
        cursor.execute("alter table ballots_slot drop constraint ballots_slot_pkey")
    try:
        for number in range(8):
            people(1, f"late{number}")
            race(unguarded(vote))
            if Slot.objects.count() > number + 1:
                return
        pytest.fail("no race ever left two slots for one person")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("delete from ballots_slot")
            cursor.execute("alter table ballots_slot add primary key (tag)")


def test_fifty_ballots_of_one_person_at_once_count_as_one():
    vote = build_vote()
    options = actions.options_of(vote)
    voter = people(1, "late")[0]  # has no slot yet: the first of the fifty makes it
    outcomes = race(
        lambda number: actions.cast(vote=vote, by=voter, chosen=[options[number % 3].pk], at=timezone.now())
    )
    assert outcomes == Counter(done=RACERS)
    assert sum(choice is not None for _tag, choice in stored(vote)) == 1
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    assert CastBallot.objects.count() == 1


def test_fifty_ballots_in_two_envelopes_at_once_count_in_one_of_them():
    """Who may vote in one place is in one place, however many windows are open."""
    voter = people(1)[0]
    vote = open_envelopes()
    options, key = actions.options_of(vote), envelope_keys(vote)
    outcomes = race(
        lambda number: actions.cast(
            vote=vote,
            by=voter,
            chosen=[key["B.01" if number % 2 else "C.01"]],
            at=timezone.now(),
            options=options,
        )
    )
    assert outcomes == Counter(done=RACERS)
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    assert tally is not None and sorted(part["ballots"] for part in tally.result["envelopes"]) == [0, 0, 1]


def test_a_cast_that_meets_the_mixing_is_not_lost():
    voters = people(RACERS)
    vote = build_vote()
    key = keys_by_cost(vote)
    for voter in voters[:25]:
        actions.cast(vote=vote, by=voter, chosen=[key[8_000]], at=timezone.now())

    def act(number: int) -> None:
        if number == 0:
            actions.mix_and_publish(vote=vote, at=timezone.now())
        else:
            actions.cast(vote=vote, by=voters[number], chosen=[key[12_000]], at=timezone.now())

    assert race(act) == Counter(done=RACERS)
    options = actions.options_of(vote)
    assert all(actions.own_choice(vote, voter, options) == {key[12_000]} for voter in voters[1:])


def test_whoever_was_told_that_it_is_saved_is_counted():
    """Casting and counting at the same moment: no ballot is confirmed and then lost."""
    voters = people(RACERS)
    vote = build_vote()
    key = keys_by_cost(vote)
    saved: list[int] = []

    def act(number: int) -> None:
        if number == 25:
            with connection.cursor() as cursor:  # the phase ends now, by the clock of the database
                cursor.execute(
                    "update cocreation_phase set ends = statement_timestamp() where id = %s", [vote.pk]
                )
            actions.close_and_count(vote=vote, at=timezone.now())
        else:
            actions.cast(vote=vote, by=voters[number], chosen=[key[8_000]], at=timezone.now())
            saved.append(number)

    outcomes = race(act)
    assert set(outcomes) <= {"done", "Refused"}
    assert CastBallot.objects.count() == len(saved)
