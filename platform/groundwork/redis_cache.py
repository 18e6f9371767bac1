"""Django's cache in Redis with one client for each pool of connections.

Django makes a new client for every command, and with redis-py 8 making one takes longer than sending the command. A client
without a connection of its own is safe for all threads; after a fork its pool opens new connections.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends import redis


class KeptClient(redis.RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}  # by the number of their server

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        hidden: Any = self  # the stubs leave out what has an underscore
        server = hidden._get_connection_pool_index(write)
        found = self._clients.get(server)
        if found is None:
            found = self._clients[server] = super().get_client(key, write=write)
        return found


class RedisCache(redis.RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
