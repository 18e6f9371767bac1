"""A worker that is killed, and a broker that is: nobody is forgotten, nobody is told or mailed twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import tests.world
from accounts.models import Person
from feedback.notices import tasks
from feedback.notices.models import FanOut, Notice
from groundwork import clock
from groundwork.journal.follow import follow_all
from groundwork.journal.tasks import follow
from quartier.builders import make_supports
from quartier.celery import app
from tests.feedback.notices.mailbox import handed_over
from tests.feedback.test_rules_and_actions import answer
from tests.services import WorkerProcess
from tests.world import World, build_world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
MANY = 60


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Sixty people support one proposal."""
    monkeypatch.setattr(tests.world, "build_votes", lambda world: None)
    monkeypatch.setattr(tests.world, "build_feedback", lambda world: None)
    world = build_world()
    follow_all()
    FanOut.objects.all().delete()
    people = [Person(email=f"p{n}@example.org", public_name=f"P{n}", password="!") for n in range(MANY)]
    make_supports(world.answering0, [(person, world.now) for person in Person.objects.bulk_create(people)])
    return world


def wait_for(
    true: Callable[[], bool], what: str, seconds: float = 60, each_second: Callable[[], object] = lambda: None
) -> None:
    end, next_second = time.monotonic() + seconds, 0.0
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        if time.monotonic() >= next_second:
            each_second()
            next_second = time.monotonic() + 1
        time.sleep(0.02)


def sweep() -> None:
    """What beat does every few seconds."""
    follow.delay()
    tasks.spread.delay()
    tasks.send.delay()


def kill_and_forget(worker: WorkerProcess) -> None:
    """The worker dies, and the broker forgets what it was asked: only rows remember."""
    worker.kill()
    app.control.purge()


def handed_over_at_least(number: int, where: Path) -> bool:
    return len(handed_over(where)) >= number


def everybody_once(where: Path) -> None:
    notices = Notice.objects.filter(verb="contribution.answered")
    assert notices.count() == notices.values("person").distinct().count() == MANY + 1  # and the author
    assert not notices.waiting().exists()
    counted = Counter(handed_over(where))
    assert len(counted) == MANY + 1
    doubled = {identity: n for identity, n in counted.items() if n > 1}
    assert not doubled


def test_a_worker_killed_again_and_again_while_it_mails_loses_none_and_doubles_none(
    town, celery_worker_process, tmp_path
):
    where = tmp_path / "mails"
    where.mkdir()
    worker = celery_worker_process.restart(
        DJANGO_SETTINGS_MODULE="tests.feedback.notices.worker_settings", COUNTED_MAILS=str(where)
    )
    answer(town, town.answering0, at=clock.now())
    for part in (3, 10, 20):
        sweep()
        wait_for(partial(handed_over_at_least, part, where), f"{part} mails")
        kill_and_forget(worker)
        assert len(handed_over(where)) <= MANY
        worker.restart()
    wait_for(
        lambda: len(set(handed_over(where))) == MANY + 1 and not Notice.objects.waiting().exists(),
        "the rest",
        each_second=sweep,
    )
    everybody_once(where)


def test_a_worker_killed_after_the_server_took_the_mail_does_not_send_it_again(
    town, celery_worker_process, tmp_path
):
    """The one window sending.py names, held open: with a server that can be asked there is no second mail."""
    where = tmp_path / "mails"
    where.mkdir()
    worker = celery_worker_process.restart(
        DJANGO_SETTINGS_MODULE="tests.feedback.notices.worker_settings",
        COUNTED_MAILS=str(where),
        PAUSE_AFTER="5",
    )
    answer(town, town.answering0, at=clock.now())
    sweep()
    wait_for(lambda: len(handed_over(where)) == 1, "the first mail")
    kill_and_forget(worker)
    assert not Notice.objects.filter(sent_at__isnull=False).exists()
    worker.restart(PAUSE_AFTER="0")
    wait_for(
        lambda: len(set(handed_over(where))) == MANY + 1 and not Notice.objects.waiting().exists(),
        "the rest",
        each_second=sweep,
    )
    everybody_once(where)


def test_a_worker_killed_between_the_chunks_of_a_fan_out_forgets_nobody(
    town, celery_worker_process, tmp_path
):
    where = tmp_path / "mails"
    where.mkdir()
    worker = celery_worker_process.restart(
        DJANGO_SETTINGS_MODULE="tests.feedback.notices.worker_settings",
        COUNTED_MAILS=str(where),
        NOTICES_CHUNK="3",
    )
    answer(town, town.answering0, at=clock.now())
    sweep()
    wait_for(
        lambda: Notice.objects.filter(verb="contribution.answered").exists(),
        "the first chunk",
        each_second=sweep,
    )
    kill_and_forget(worker)
    told = Notice.objects.filter(verb="contribution.answered").count()
    assert told % 3 == 0 or told == MANY + 1
    worker.restart()
    wait_for(
        lambda: len(set(handed_over(where))) == MANY + 1 and not Notice.objects.waiting().exists(),
        "the rest",
        each_second=sweep,
    )
    everybody_once(where)


def test_a_broker_that_dies_delays_but_loses_nothing(town, celery_worker_process, mortal_redis, tmp_path):
    where = tmp_path / "mails"
    where.mkdir()
    worker = celery_worker_process.restart(
        DJANGO_SETTINGS_MODULE="tests.feedback.notices.worker_settings",
        COUNTED_MAILS=str(where),
        REDIS_URL=mortal_redis.url,
    )
    mortal_redis.kill()
    answered = time.monotonic()
    answer(town, town.answering0, at=clock.now())  # the act itself does not need the broker
    assert time.monotonic() - answered < 20
    assert follow_all() and FanOut.objects.exists()
    mortal_redis.restart()
    worker.restart()
    wait_for(
        lambda: len(set(handed_over(where))) == MANY + 1 and not Notice.objects.waiting().exists(),
        "everybody",
        each_second=sweep,
    )
    everybody_once(where)
