"""The cache in Redis keeps its client (groundwork/redis_cache.py) and does what Django's does."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.utils.module_loading import import_string

from groundwork.redis_cache import KeptClient, RedisCache
from quartier.settings import base

LOCATION = base.CACHES["pages"]["LOCATION"]


@pytest.fixture
def cache():
    found = RedisCache(LOCATION, {"KEY_PREFIX": uuid4().hex})
    yield found
    found._cache.get_client(None).connection_pool.disconnect()


def test_the_city_uses_it():
    for name in ("default", "pages"):
        assert import_string(base.CACHES[name]["BACKEND"]) is RedisCache


def test_commands_share_one_client_and_its_pool(cache):
    cache.set("a", {"n": 1})
    first = cache._cache.get_client("a")
    assert cache.get("a") == {"n": 1} and cache.get_many(["a", "b"]) == {"a": {"n": 1}}
    assert cache._cache.get_client("b", write=True) is first
    assert type(cache._cache) is KeptClient


def test_reading_and_writing_servers_have_a_client_each():
    client = KeptClient([LOCATION, LOCATION])
    assert client.get_client(None, write=True) is not client.get_client(None)
    assert client.get_client(None) is client.get_client("another key")


def test_threads_share_it_and_lose_nothing(cache):
    cache.set("count", 0)
    client = cache._cache
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.incr(cache.make_key("count"), 1), range(400)))
    assert cache.get("count") == 400
    assert cache.add("count", 1) is False and cache.delete("count") and cache.get("count") is None
