"""Accepted, declined and taken back at the same moment: on real connections exactly one of them holds."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from accounts.models import Person
from groundwork.answer import Refused
from proposals.amendments import actions
from proposals.amendments.models import Amendment, Decision
from proposals.models import Revision
from tests import keepsake
from tests.worlds.amendments import suggest

ROUNDS = 4


@pytest.mark.django_db(transaction=True)
def test_of_three_that_decide_at_once_exactly_one_does():
    world = keepsake.world()
    for _round in range(ROUNDS):
        versions = Revision.objects.filter(proposal=world.fountain).count()
        body = world.fountain.revisions.order_by("-number").first().body
        amendment = suggest(world, world.fountain, by="jonas", old=body, new=f"{body} Noch etwas.")
        acts = [
            lambda found, by: actions.accept_amendment(amendment=found, by=by, at=world.now, seen=versions),  # noqa: B023
            lambda found, by: actions.decline_amendment(amendment=found, by=by, at=world.now, reason="Nein."),
            lambda found, by: actions.withdraw_amendment(amendment=found, by=by, at=world.now),
        ]
        people = [world.amina.pk, world.amina.pk, world.jonas.pk]
        results = race(amendment.pk, acts, people)
        assert sorted(results) == ["no", "no", "yes"], results
        outcome = Decision.objects.get(amendment=amendment).outcome
        assert outcome == ["accepted", "declined", "withdrawn"][results.index("yes")]
        more = Revision.objects.filter(proposal=world.fountain).count() - versions
        assert more == (outcome == "accepted")
        assert Amendment.objects.get(pk=amendment.pk).is_public == (outcome != "withdrawn")


def race(key: int, acts, people: list[int]) -> list[str]:
    start, results = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int) -> None:
        try:
            found, by = Amendment.objects.get(pk=key), Person.objects.get(pk=people[number])
            start.wait(timeout=60)
            acts[number](found, by)
            results[number] = "yes"
        except Refused:
            results[number] = "no"
        except Exception as error:  # a thread has no other way to tell
            results[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
