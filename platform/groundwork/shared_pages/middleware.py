"""The first door: a visitor's page that was drawn a moment ago is shown again, without asking anybody but the marks.

Only GET and HEAD, only without a session, only pages whose view said so (api.py). What is kept is exactly what a visitor
got; signed-in people come here only where a view asks for the visitors' page on their behalf, without their cookie. While one request draws a page, others wait for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from groundwork import clock, replica
from groundwork.shared_pages import breaker, marks
from groundwork.shared_pages.api import Share, borders, doors, echoes
from groundwork.shared_pages.kept import Kept, memory, packed, tag_of

Handler = Callable[[HttpRequest], HttpResponse]

# What only the clock or a table without a journal changes (a corrected name) is never older than this (seconds).
LIFE = 30
# How long a request waits for another one that draws the same page: first for a fresh page, then for any that holds.
PATIENCE, PAUSE = 1.0, 0.02
LONGEST_ADDRESS = 500
# Of one answer, not of the page.
_NOT_KEPT = frozenset(
    ("date", "age", "server", "content-length", "content-encoding", "x-request-id", "connection")
)


def shared_pages(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not _anonymous_reading(request):
            response = get_response(request)
            if request.method not in ("GET", "HEAD", "OPTIONS") and not _has_session(request):
                marks.visitor_wrote()
            return response
        if not settings.SHARED_PAGES:
            return _read(get_response, request, None)
        key = _key(request)
        if not breaker.open_():
            return _drawn(request, get_response, key, None)
        found: Kept | None = None
        before: dict[str, str] | None = None
        with breaker.quietly():
            found = _look(key)
            if found is None:
                found, before = _draw_or_wait(key, request.method == "GET")
        if found is not None:
            return _shown(request, found)
        # What nothing is known of (the cache is away) is read from the database itself.
        return _drawn(request, get_response, key, before)

    doors[:] = [(middleware, _look_for)]
    return middleware


def _anonymous_reading(request: HttpRequest) -> bool:
    meta = request.META
    return (
        request.method in ("GET", "HEAD")
        and not _has_session(request)
        and not any(
            name in meta for name in ("HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH")
        )
        and len(request.path) + len(meta.get("QUERY_STRING", "")) < LONGEST_ADDRESS
    )


def _has_session(request: HttpRequest) -> bool:
    return bool(request.META.get("HTTP_COOKIE")) and settings.SESSION_COOKIE_NAME in request.COOKIES


def _key(request: HttpRequest) -> str:
    """Of scheme, host, whole address and language (which stands in the address); the audience is always a visitor."""
    meta = request.META
    asked = f"{request.scheme}\n{meta.get('HTTP_HOST', '')}\n{request.path}\n{meta.get('QUERY_STRING', '')}"
    return "page:" + blake2b(asked.encode("utf-8", "replace"), digest_size=16).hexdigest()


# --- looking ---


def _look(key: str) -> Kept | None:
    """The page if one is kept that holds."""
    page = memory.get(key)
    if page is None and (stored := marks.cache().get(key)) is not None:
        page = Kept.restored(stored)
        memory.put(key, page)
    if page is None:
        return None
    now = marks.cache().get_many(list(page.marks))
    if _holds(page, now):
        return page
    memory.drop(key)
    # Another process may have drawn it anew meanwhile.
    stored = marks.cache().get(key)
    if stored is not None and stored[2:4] != (page.tag, page.drawn):
        newer = Kept.restored(stored)
        if _holds(newer, marks.cache().get_many(list(newer.marks))):
            memory.put(key, newer)
            return newer
    return None


def _holds(page: Kept, now: dict[str, str]) -> bool:
    at = _now()
    if not page.drawn - 1 <= at < page.until:
        return False
    for name, mark in page.marks.items():
        if now.get(name) != mark and not (name.startswith("plain:") and at - page.drawn < marks.COALESCE):
            return False
    return True


def _draw_or_wait(key: str, wait: bool) -> tuple[Kept | None, dict[str, str] | None]:
    """(page, None) or (None, the city's marks as they were before anything was read for a new one). Whoever comes first draws;
    the others wait for that page, and draw themselves only when it does not come."""
    cache, deadline = marks.cache(), time.monotonic() + PATIENCE
    before = marks.read(marks.names_for(None))
    if not wait or cache.add(f"draws:{key}", 1, timeout=10):
        return None, before
    while time.monotonic() < deadline:
        time.sleep(PAUSE)
        found = _look(key)
        if found is not None:
            return found, None
        # It was not kept: a refusal, a page that is not there, an error.
        if cache.get(f"draws:{key}") is None:
            break
    return None, marks.read(marks.names_for(None))


def _look_for(request: HttpRequest, readers: int) -> tuple[str | None, bool]:
    """For people who are signed in: (the visitors' page of this address if one is kept, whether to have one drawn: this process
    was asked for it more than so many times within the life of a page, this time included)."""
    key, found = _key(request), None
    with breaker.quietly():
        found = _look(key)
    if found is None:
        return None, memory.asked(key, _now(), LIFE) > readers
    _echo(found)
    return found.plain.decode(), True


def _now() -> float:
    return clock.now().timestamp()


# --- showing ---


def _shown(request: HttpRequest, page: Kept) -> HttpResponse:
    age = str(max(0, int(_now() - page.drawn)))
    _echo(page)
    if page.tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return _not_modified(page.headers, age)
    response = HttpResponse()
    compressed = "br" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response.content = page.packed if compressed else page.plain
    for name, value in page.headers:
        response.headers[name] = value
    if compressed:
        response.headers["Content-Encoding"] = "br"
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Age"] = age
    return response


def _echo(page: Kept) -> None:
    for name, values in page.echo:
        echoes.get(name)(values)


def _not_modified(headers: list[tuple[str, str]], age: str) -> HttpResponse:
    response = HttpResponseNotModified()
    for name, value in headers:
        if name not in ("Content-Type", "Content-Language"):
            response.headers[name] = value
    response.headers["Age"] = age
    return response


# --- drawing ---


def _drawn(
    request: HttpRequest, get_response: Handler, key: str, before: dict[str, str] | None
) -> HttpResponse:
    at = clock.now()
    try:
        response = _read(get_response, request, before)
        share: Share | None = getattr(request, "share", None)
        if share is None or not _may_be_kept(response):
            return response
        response.headers["Cache-Control"] = "public, no-cache"
        patch_vary_headers(response, ("Accept-Encoding", "Cookie", "HX-Request"))
        tag = response.headers["ETag"] = tag_of(response.content)
        if before is not None and request.method == "GET":
            # A database that is away (the page came from its copy) does not say when the page ends: then it is not kept.
            with breaker.quietly(), suppress(OperationalError, InterfaceError):
                _keep(key, share, response, tag, before, at.timestamp(), _until(at))
    finally:
        if before is not None:
            with breaker.quietly():
                marks.cache().delete(f"draws:{key}")
    if tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return _not_modified(_headers(response), "0")
    return response


def _read(get_response: Handler, request: HttpRequest, before: dict[str, str] | None) -> HttpResponse:
    """Drawn from a copy of the database, where there is one that has got as far as the marks and the last visitor's write."""
    if not replica.exists():
        return get_response(request)
    seen: list[str] | None = None
    with breaker.quietly():
        known = marks.read(marks.names_for(None)) if before is None and breaker.open_() else before
        if known is not None:
            seen = [*known.values(), str(marks.cache().get(marks.VISITORS) or "")]
    response: HttpResponse = replica.read_by(get_response, request, seen)
    return response


def _may_be_kept(response: HttpResponse) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Content-Encoding" not in response.headers
        and not any(word in control for word in ("private", "no-store"))
    )


def _keep(
    key: str,
    share: Share,
    response: HttpResponse,
    tag: str,
    before: dict[str, str],
    drawn: float,
    until: float,
) -> None:
    now = marks.read({*before, *marks.names_for(share.process)})
    for name, mark in before.items():
        # Something may have left the pages while this one was drawn: it may hold what must not be seen.
        if now[name] != mark and not name.startswith("plain:"):
            return
    held = {name: now[name] for name in marks.names_for(share.process)}
    if now["plain:city"] != before["plain:city"]:
        # Something was added meanwhile; whether it stands on this page is not known.
        held[marks.names_for(share.process)[1]] = ""
    body = response.content
    page = Kept(_headers(response), packed(body), body, tag, drawn, until, held, share.echo)
    memory.put(key, page)
    marks.cache().set(key, page.stored(), timeout=max(1, int(until - drawn)))


def _headers(response: HttpResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in response.headers.items() if name.lower() not in _NOT_KEPT]


def _until(drawn: datetime) -> float:
    """When the clock alone makes it out of date: after half a minute, when a phase begins or ends, at midnight."""
    midnight = timezone.localtime(drawn).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    ends = [drawn + timedelta(seconds=LIFE), midnight]
    ends += [border for ask in borders if (border := ask(drawn)) is not None]
    return min(ends).timestamp()
