"""Workers that are killed, a mail server that fails half-way, and a broker that is away: nobody is forgotten, nobody is
told twice. Workers here are forks of this process that do what the tasks do; `bench kills` does it with real ones, and
kills Redis and PostgreSQL too."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

import tests.world
from accounts.models import Person
from feedback.notices import fanout, sending
from feedback.notices.models import FanOut, Notice
from groundwork import clock
from groundwork.journal.follow import follow_all
from groundwork.journal.models import Entry
from quartier.builders import make_supports
from tests import keepsake
from tests.feedback.notices.killing import SinkProcess, judge, wait_for
from tests.feedback.test_rules_and_actions import answer
from tests.world import World, build_world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
MANY = 40


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Forty people support one proposal; nothing else waits."""
    monkeypatch.setattr(tests.world, "build_votes", lambda world: None)
    monkeypatch.setattr(tests.world, "build_feedback", lambda world: None)
    world = keepsake.world(build_world, "before the votes")
    follow_all()
    FanOut.objects.all().delete()
    people = [Person(email=f"p{n}@example.org", public_name=f"P{n}", password="!") for n in range(MANY)]
    make_supports(world.answering0, [(person, world.now) for person in Person.objects.bulk_create(people)])
    return world


@pytest.fixture
def sink(settings, tmp_path: Path) -> Iterator[SinkProcess]:
    server = SinkProcess(tmp_path, die=0.01, drop=0.05, refuse=0.05).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 3
    settings.NOTICES_LEASE_SECONDS, settings.NOTICES_CHUNK = 0.3, 7
    try:
        yield server
    finally:
        server.kill()


class Worker:
    """A fork that reads the journal, tells people and mails until it is killed."""

    def __init__(self) -> None:
        connection.close()  # the child must not inherit what the parent talks through
        self.pid = os.fork()
        if not self.pid:
            self._work()

    def _work(self) -> None:
        try:
            while True:
                try:
                    follow_all()
                    fanout.spread(clock.now())
                    sending.send_due(clock.now())
                except Exception:
                    connections.close_all()
                time.sleep(0.02)
        finally:
            os._exit(1)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def test_kills_at_random_points_lose_nobody_and_double_only_what_the_server_took(
    town: World, sink: SinkProcess
):
    dice = random.Random()
    for _round in range(4):
        taken, deaths, kills = len(sink.taken()), sink.deaths, 0
        workers = [Worker(), Worker()]
        try:
            answer(town, town.answering0, at=clock.now())
            for _kill in range(3):
                time.sleep(dice.uniform(0.02, 0.4))
                if dice.random() < 0.3:
                    sink.kill()
                    sink.start()
                else:
                    workers.pop(0).kill()
                    workers.append(Worker())
                kills += 1
            entry = Entry.objects.filter(verb="contribution.answered").latest("pk").pk

            def over(entry: int = entry) -> bool:
                left = Notice.objects.waiting().exists() or FanOut.objects.exists()
                return not left and Notice.objects.filter(entry_id=entry).exists()

            wait_for(over, "everybody", seconds=40, often=sink.revive)
        finally:
            for worker in workers:
                worker.kill()
        judge(entry, MANY + 1, sink.taken()[taken:], kills + sink.deaths - deaths)


def test_a_broker_that_is_away_keeps_nobody_from_acting_and_nobody_is_forgotten(town: World, mortal_redis):
    mortal_redis.kill()
    answered = time.monotonic()
    answer(town, town.answering0, at=clock.now())
    assert time.monotonic() - answered < 20
    assert follow_all() and FanOut.objects.exists()
    assert fanout.spread(clock.now()) == MANY + 1
