"""htmx: every page works as plain HTML first; a partial request only asks for less of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def is_partial(request: HttpRequest) -> bool:
    """True when htmx wants a part of the page: `template + "#list" if is_partial(request) else template`."""
    asked: Any = getattr(request, "htmx", False)
    return bool(asked) and not asked.boosted


def wants_fragment(request: HttpRequest) -> bool:
    """True for htmx and for our own modules, which say `X-Requested-With: fetch`."""
    return bool(getattr(request, "htmx", False)) or request.headers.get("X-Requested-With") == "fetch"
