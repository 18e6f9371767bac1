"""The door of web sockets: only pages of this very site may open one (a browser sends the cookies with any page's)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def same_origin(inner: Application) -> Application:
    """Lets through what comes from the host it asks for, by a name the site answers to. All else is refused (HTTP 403)."""

    async def door(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if comes_from_us(scope):
            await inner(scope, receive, send)
        else:
            await refuse(scope, receive, send)

    return door


async def refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "websocket.close", "code": 4403})


def comes_from_us(scope: dict[str, Any]) -> bool:
    headers = {name.lower(): value.decode("latin1") for name, value in scope.get("headers", ())}
    host, origin = headers.get(b"host", ""), headers.get(b"origin", "")
    name, _port = split_domain_port(host)
    allowed = settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
    if not name or not validate_host(name, allowed):
        return False
    try:
        there = urlsplit(origin)
        if there.scheme not in ("http", "https"):
            return False
        if settings.LIVE_PORT:
            # No proxy puts both on one port: pages and sockets share the name of the host only.
            return f"[{there.hostname}]" == name or there.hostname == name
        return there.netloc.lower() == host.lower()
    except ValueError:
        return False
