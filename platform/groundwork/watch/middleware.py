"""Around every request: its number, its route, and what became of it, as counts. No line is written for a request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from groundwork.watch import context, metrics

Handler = Callable[[HttpRequest], HttpResponse]
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def watched(get_response: Handler) -> Handler:
    """The number of the request stands in the answer (X-Request-ID), in every log line and in the tasks it starts."""

    def middleware(request: HttpRequest) -> HttpResponse:
        context.clear()
        number = context.request_id(request.headers.get("X-Request-ID", ""))
        context.bind(request_id=number)
        started = time.perf_counter()
        try:
            response = get_response(request)
            count(request, response, time.perf_counter() - started)
        finally:
            context.clear()
        response.headers["X-Request-ID"] = number
        return response

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        context.bind(route=(match.view_name if match else "") or "unnamed")
        if getattr(view, "unobserved", False):
            context.bind(quiet=True)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def count(request: HttpRequest, response: HttpResponse, took: float) -> None:
    if context.is_quiet():
        return
    route = context.get().get("route") or _without_route(response)
    method = request.method if request.method in METHODS else "other"
    metrics.requests.labels(route, method, str(response.status_code)).inc()
    if route != "static":
        metrics.seconds.labels("read" if method in ("GET", "HEAD", "OPTIONS") else "write").observe(took)


def _without_route(response: HttpResponse) -> str:
    """Answered before there was a route. An address that nobody has is no label."""
    if response.status_code >= 400:
        return "nowhere"
    return "shared" if "Age" in response.headers else "static"
