"""Accept, decline, leave and take the lead at one moment, on real connections: one state, one lead."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connections

from groundwork.answer import Refused
from proposals import hands
from proposals.models import Authorship
from tests import keepsake


def race(acts: Sequence[Callable[[], object]]) -> list[str]:
    """All at one moment, each on its own connection; what each got."""
    start, results = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait(timeout=60)
            acts[number]()
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


@pytest.mark.django_db(transaction=True)
def test_answers_and_leads_that_race_end_in_exactly_one_state():
    world = keepsake.world()
    at, fountain = world.now, world.fountain

    def invite(who):
        return hands.invite(proposal=fountain, role="author", by=world.amina, at=at, person=who)

    ines, jonas = invite(world.ines), invite(world.jonas)
    yes = [lambda: hands.accept(hand=ines, by=world.ines, at=at)] * 4
    no = [lambda: hands.decline(hand=ines, by=world.ines, at=at)] * 4
    back = [lambda: hands.end_invitation(hand=ines, by=world.amina, at=at)] * 4
    results = race([*yes, *no, *back])
    assert sorted(results) == ["no"] * 11 + ["yes"]
    row = Authorship.objects.get(pk=ines.pk)
    assert [bool(row.accepted_at), bool(row.declined_at), bool(row.left_at)].count(True) == 1

    # The lead leaves while the one who was asked takes the lead, and says no, and leaves, too.
    jonas = hands.accept(hand=jonas, by=world.jonas, at=at)
    hands.offer_lead(hand=jonas, by=world.amina, at=at)
    lead = Authorship.objects.standing().get(proposal=fountain, role="lead")
    results = race(
        [
            lambda: hands.accept_lead(hand=jonas, by=world.jonas, at=at),
            lambda: hands.end_lead_offer(hand=jonas, by=world.jonas, at=at),
            lambda: hands.leave(hand=lead, by=world.amina, at=at),
            lambda: hands.leave(hand=lead, by=world.amina, at=at),
        ]
    )
    assert set(results) <= {"yes", "no"} and results[2:].count("yes") == 1
    leads = Authorship.objects.standing().filter(proposal=fountain, role="lead")
    assert leads.count() == 1 and leads.get().person_id != world.amina.pk
