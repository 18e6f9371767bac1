"""One person, one support: fifty real connections at once, and the proof that the constraint is what holds them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from accounts.models import Person
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import support_proposal, withdraw_support
from proposals.models import Proposal, Support
from tests import keepsake

RACERS = 50
CONSTRAINT = "proposals_support_once_per_person"


def race(proposal: int, people: list[int], act) -> list[str]:
    """All at one moment, each on its own connection; what each got."""
    start, results = threading.Barrier(len(people)), [""] * len(people)

    def run(number: int, person: int) -> None:
        try:
            found = Proposal.objects.select_related("process").get(pk=proposal)
            by = Person.objects.get(pk=person)
            found.process.line  # noqa: B018 - everything read before the start
            start.wait(timeout=60)
            act(
                proposal=found,
                by=by,
                at=found.process.line[0].starts
                + (found.process.line[0].ends - found.process.line[0].starts) / 2,
            )
            results[number] = "yes"
        except Refused:
            results[number] = "no"
        except Exception as error:  # a thread has no other way to tell
            results[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


@contextmanager
def without_the_constraint() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"alter table proposals_support drop constraint {CONSTRAINT}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("delete from proposals_support")
            cursor.execute(
                f"alter table proposals_support add constraint {CONSTRAINT} unique (proposal_id, person_id)"
            )


@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_of_one_person_are_one_support_and_the_counter_agrees():
    world = keepsake.world()
    for _round in range(2):
        results = race(world.fountain.pk, [world.jonas.pk] * RACERS, support_proposal)
        assert sorted(results) == ["no"] * (RACERS - 1) + ["yes"]
        world.fountain.refresh_from_db()
        assert Support.objects.filter(proposal=world.fountain).count() == world.fountain.supports == 1
        results = race(world.fountain.pk, [world.jonas.pk] * RACERS, withdraw_support)
        assert sorted(results) == ["no"] * (RACERS - 1) + ["yes"]
        world.fountain.refresh_from_db()
        assert Support.objects.filter(proposal=world.fountain).count() == world.fountain.supports == 0
    assert Entry.objects.filter(verb="proposal.supported").count() == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_are_fifty_supports_and_no_count_is_lost():
    from quartier.builders import make_person

    world = keepsake.world()
    people = [make_person(f"racer{n}", f"Racer {n}").pk for n in range(RACERS)]
    assert race(world.fountain.pk, people, support_proposal) == ["yes"] * RACERS
    world.fountain.refresh_from_db()
    assert Support.objects.filter(proposal=world.fountain).count() == world.fountain.supports == RACERS


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_the_race_is_lost():
    """If this ever passes with one row, the race above proves nothing."""
    world = keepsake.world()
    with without_the_constraint():
        race(world.fountain.pk, [world.jonas.pk] * RACERS, support_proposal)
        assert Support.objects.filter(proposal=world.fountain, person=world.jonas).count() > 1
