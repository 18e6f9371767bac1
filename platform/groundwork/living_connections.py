"""A database that was restarted closes its connections; who finds that out first must not pay for it.

A connection at rest has nothing to say. When the socket of one can be read between two requests, the server has closed it
or is about to: then it is asked, and closed here when it does not answer. Two microseconds for a request.
"""

from __future__ import annotations

import select
from typing import Any

from celery.signals import task_prerun
from django.core.signals import request_started
from django.db import connections


def drop_dead_connections(**kwargs: Any) -> None:
    for connection in connections.all(initialized_only=True):
        link: Any = connection.connection
        if link is None or connection.in_atomic_block:
            continue
        if link.closed or (_can_be_read(link) and not connection.is_usable()):
            connection.close()


def _can_be_read(link: Any) -> bool:
    waiting = select.poll()
    try:
        waiting.register(link.pgconn.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return bool(waiting.poll(0))
    except (OSError, ValueError, AttributeError):  # a socket that is gone
        return True


def connect() -> None:
    request_started.connect(drop_dead_connections, dispatch_uid="living_connections.request")
    task_prerun.connect(drop_dead_connections, dispatch_uid="living_connections.task")
