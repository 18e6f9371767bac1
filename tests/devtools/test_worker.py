"""The worker of the tests is a real process: on the test database, mortal, and able to come back."""

import os

import pytest
from django.db import connection

from tests.services import with_database

pytestmark = pytest.mark.services


def replies(worker) -> list[dict]:
    """Who answers on the broker right now."""
    from quartier.celery import app

    return app.control.ping(destination=[worker.name], timeout=1, limit=1)


def test_a_worker_is_another_process_on_the_test_database(celery_worker_process):
    assert celery_worker_process.pid != os.getpid()
    assert connection.settings_dict["NAME"] in celery_worker_process.environ["DATABASE_URL"]
    assert len(replies(celery_worker_process)) == 1


def test_a_killed_worker_is_gone_and_a_restarted_one_answers(celery_worker_process):
    before = celery_worker_process.pid
    celery_worker_process.kill()
    assert not celery_worker_process.alive
    assert replies(celery_worker_process) == []
    celery_worker_process.restart()
    assert celery_worker_process.pid != before
    assert len(replies(celery_worker_process)) == 1


def test_a_worker_survives_its_broker(celery_worker_process, mortal_redis):
    celery_worker_process.restart(REDIS_URL=mortal_redis.url)
    mortal_redis.kill()
    mortal_redis.restart()
    assert celery_worker_process.wait_until_ready(seconds=30)


def test_the_same_server_another_database():
    url = "postgres://quartier@/quartier?host=/tmp/x"
    assert with_database(url, "test_quartier") == "postgres://quartier@/test_quartier?host=/tmp/x"
    assert with_database("postgres://root@127.0.0.1:5432/ci", "t") == "postgres://root@127.0.0.1:5432/t"
