"""What views say: this page is the same for every visitor, and whose changes it shows.

    @shared_page("order", "theme", "after")
    @require_safe
    def list_of(request, slug):
        process = …
        of_process(request, process.pk)

Somebody who is signed in may get the visitors' page with their own few parts put in (`own`): the page is drawn once for all
of them. What `own` cannot make from it, the view draws.

The words are the parameters the page reads; with any other it is drawn for this request alone. A page must not depend on
anything else of the request: not on headers, cookies, or who asks (visitors are nobody). A page that says nothing about
its process shows the whole city's changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from groundwork.registry import Registry
from groundwork.shared_pages import breaker


@dataclass
class Share:
    """What a view said about the page it draws."""

    process: int | None = None
    echo: list[tuple[str, list[Any]]] = field(default_factory=list)


# Makes a signed-in person's page of the one visitors get; None where it cannot.
Own = Callable[[Any, Callable[[int], str | None]], HttpResponse | None]


def shared_page(
    *parameters: str, own: Own | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    known = frozenset(parameters)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def drawn(request: Any, *args: Any, **kwargs: Any) -> Any:
            if known.issuperset(request.GET):
                request.share = Share()
                if (
                    own
                    and (made := own(request, lambda readers: visitors_page(request, readers))) is not None
                ):
                    return made
            return view(request, *args, **kwargs)

        drawn.shared_page = known  # type: ignore[attr-defined]
        return drawn

    return decorate


def visitors_page(request: Any, readers: int = 0) -> str | None:
    """What a visitor would get at this address now: asked at the first door without any cookie, so nothing of this person
    can be in it. None where there is no such page, or nothing is kept here; also where it is not kept and this process was not
    asked for it by more than so many `readers` who are signed in of late."""
    if not (doors and settings.SHARED_PAGES and breaker.open_() and isinstance(request, WSGIRequest)):
        return None
    if request.method != "GET" or "HTTP_HX_REQUEST" in request.META:
        return None
    door, look = doors[-1]
    page, wanted = look(request, readers)
    if page is not None or not wanted:
        return page
    environ = {name: value for name, value in request.environ.items() if name not in _OF_THIS_REQUEST}
    response = door(WSGIRequest(environ | {"wsgi.input": BytesIO()}))
    return response.content.decode() if response.status_code == 200 and not response.streaming else None


# Whatever says who asks, or how the answer is to be sent.
_OF_THIS_REQUEST = frozenset(
    ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE")
)  # fmt: skip
# The first door itself, as soon as it stands; and a look behind it: the page that is kept, whether to have one drawn (middleware.py).
doors: list[tuple[Callable[[Any], HttpResponse], Callable[[Any, int], tuple[str | None, bool]]]] = []


def of_process(request: Any, process: int) -> None:
    """The page shows only what happens in this process (and its frame)."""
    if share := getattr(request, "share", None):
        share.process = process


def echo(request: Any, name: str, values: Iterable[Any]) -> None:
    """Every time the page is shown from the cache, the registered `echoes[name]` hears these values again."""
    if share := getattr(request, "share", None):
        share.echo.append((name, list(values)))


# Called with the values the view left, when its page is shown without the view.
echoes: Registry[Callable[[list[Any]], None]] = Registry("echo of a shared page")

# The next moment after the given one at which the clock alone changes pages, or None. One query each.
borders: Registry[Callable[[datetime], datetime | None]] = Registry("border of shared pages")
