"""Bytes that people uploaded, given out so that they can do nothing where they are opened."""

from __future__ import annotations

from typing import TypeVar

from django.http.response import HttpResponse, HttpResponseBase

_R = TypeVar("_R", bound=HttpResponseBase)

POLICY = "default-src 'none'; sandbox"


def shut(response: _R, *, cache: str = "private, no-store") -> _R:
    """The headers of every uploaded file: no script, no frame, no guessing of types, in no index. `cache` is Cache-Control."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = cache
    return response


def calendar(name: str, text: str) -> HttpResponse:
    """An iCalendar file as an answer to a request."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response
