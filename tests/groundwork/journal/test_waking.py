"""One message to the readers of the journal is enough until they begin (groundwork/journal/api.py)."""

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as CacheAway

from groundwork.journal import api as journal
from groundwork.journal import tasks
from groundwork.shared_pages import breaker


@pytest.fixture
def sent(settings, monkeypatch):
    """Messages that left, with a memory for what is on its way (tests of everything else have none)."""
    settings.CACHES = settings.CACHES | {
        "wakes": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "waking"}
    }
    caches["wakes"].clear()
    breaker.mend()
    messages = []
    monkeypatch.setattr(tasks.follow, "apply_async", lambda retry: messages.append(retry))
    yield messages
    breaker.mend()


def test_acts_that_come_before_the_readers_begin_share_a_message(sent, monkeypatch):
    for _act in range(5):
        journal.wake()
    assert len(sent) == 1
    monkeypatch.setattr(tasks, "follow_all", journal.wake)
    tasks.follow()
    assert len(sent) == 2, "what happens after they have begun sends for them again"


def test_a_message_that_was_lost_keeps_others_back_for_two_seconds_only(sent):
    journal.wake()
    journal.wake()
    assert len(sent) == 1
    caches["wakes"].touch(journal._ON_ITS_WAY, 0)  # its two seconds are over
    journal.wake()
    assert len(sent) == 2
    assert journal._LOST < 5, "the sweep comes every five seconds"


def test_a_broker_that_refuses_holds_nothing_back(sent, monkeypatch):
    def refused(retry):
        raise OSError("no broker")

    with monkeypatch.context() as broken:
        broken.setattr(tasks.follow, "apply_async", refused)
        journal.wake()
    journal.wake()
    assert len(sent) == 1


def test_without_the_cache_every_act_sends_for_them(sent, monkeypatch):
    def away(*args, **kwargs):
        raise CacheAway("away")

    monkeypatch.setattr(caches["wakes"], "add", away)
    monkeypatch.setattr(caches["wakes"], "delete", away)
    for _act in range(3):
        journal.wake()
    assert len(sent) == 3
    journal.readers_begin()


def test_web_servers_and_workers_share_what_is_on_its_way():
    from quartier.settings import base

    assert base.CACHES["wakes"] == base.CACHES["pages"]
