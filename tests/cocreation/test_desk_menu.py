"""The numbers in the menu of the desk: right, quick, and no dearer in a larger city."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cocreation import desk_numbers
from cocreation.desk import Task, queues, tasks_of
from groundwork import clock
from groundwork.journal import api as journal
from groundwork.shared_pages import breaker
from proposals.models import Proposal
from tests.visits import forget
from tests.world import World, grow

pytestmark = pytest.mark.django_db


def _asked(world: World, who: str = "ada") -> tuple[int, list[Task]]:
    with CaptureQueriesContext(connection) as asked:
        tasks = tasks_of(world.people[who], clock.now())
    return len(asked), tasks


def test_a_larger_city_asks_no_more(world: World) -> None:
    tasks_of(world.people["ada"], clock.now())
    forget()
    small, tasks = _asked(world)
    assert len(tasks) > 15
    assert small <= 2 * len(queues)
    grow(world)
    forget()
    assert _asked(world)[0] <= small


def test_what_is_kept_is_said_again_with_one_query(world: World) -> None:
    _asked_first, first = _asked(world)
    asked, second = _asked(world)
    assert asked == 1
    assert [(task.slug, task.count, task.due) for task in first] == [
        (task.slug, task.count, task.due) for task in second
    ]
    assert any(task.count for task in second)


def test_numbers_are_counted_anew_after_an_entry_in_the_journal(world: World) -> None:
    _asked(world)
    proposal = Proposal.objects.all()[0]
    journal.record("proposal.supported", on=proposal, process=proposal.process, at=clock.now())
    assert _asked(world)[0] > 1


def test_numbers_are_counted_anew_for_the_person_who_did_something(world: World, sign_in) -> None:
    _asked(world)
    sign_in(world.people["ada"]).post("/de/studio/new/", headers={"Sec-Fetch-Site": "same-origin"})
    assert _asked(world)[0] > 1


def test_numbers_are_never_older_than_twenty_seconds(world: World) -> None:
    person, at = world.people["ada"], clock.now()
    desk_numbers.kept(person, at, {"a"}, lambda: {"a": (1, False)})
    later = at + timedelta(seconds=desk_numbers.STRETCH)
    assert desk_numbers.kept(person, later, {"a"}, lambda: {"a": (2, False)}) == {"a": (2, False)}


def test_numbers_hold_from_when_they_were_counted_whatever_the_clock_passes(world: World) -> None:
    person, mark = world.people["ada"], clock.now().replace(second=0, microsecond=0)
    desk_numbers.kept(person, mark - timedelta(seconds=1), {"a"}, lambda: {"a": (1, False)})
    later = mark + timedelta(seconds=1)
    assert desk_numbers.kept(person, later, {"a"}, lambda: {"a": (2, False)}) == {"a": (1, False)}


def test_somebody_with_a_new_role_gets_the_numbers_of_it(world: World) -> None:
    person, at = world.people["mo"], clock.now()
    desk_numbers.kept(person, at, {"a"}, lambda: {"a": (1, False)})
    both = desk_numbers.kept(person, at, {"a", "b"}, lambda: {"a": (1, False), "b": (None, False)})
    assert both["b"] == (None, False)


def test_without_the_shared_cache_numbers_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(caches["pages"]), "get", _away)
    try:
        asked, tasks = _asked(world)
        assert asked > 1
        assert any(task.count for task in tasks)
    finally:
        breaker.mend()


def _away(*_args: object, **_kwargs: object) -> None:
    raise OSError("The cache is away.")
