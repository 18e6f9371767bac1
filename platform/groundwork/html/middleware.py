"""Manners at the door: headers of every answer, proof of origin for every write, refusals in words.

Plain functions. Where Django wants a hook beside the call (process_view, process_exception), it hangs on
the function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from groundwork.answer import No, Refused
from groundwork.html.htmx import wants_fragment

Handler = Callable[[HttpRequest], HttpResponse]

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
HEADERS = {
    "Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(self), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def security_headers(get_response: Handler) -> Handler:
    """What every answer says about itself; what belongs to one person is stored nowhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(response, "xframe_options_exempt", False):  # groundwork/embeds.py
            del response.headers["X-Frame-Options"]
        cookie = settings.SESSION_COOKIE_NAME
        if (
            cookie in request.COOKIES or cookie in response.cookies
        ) and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def same_origin(get_response: Handler) -> Handler:
    """Every write proves that it comes from our own pages; then no token is needed, and no cookie before
    log-in.

    Browsers say where a request comes from: Sec-Fetch-Site (all since 2023), else Origin, else Referer. A
    write that says nothing is refused. A view marked `csrf_exempt` opens its own door (one-click
    unsubscribe from a mail).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # Django's decorators (csrf_protect in other packages) take this as done.
        request.csrf_processing_done = True  # type: ignore[attr-defined]
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if (
            request.method in SAFE_METHODS
            or getattr(view, "csrf_exempt", False)
            or getattr(request, "_dont_enforce_csrf_checks", False)
            or comes_from_us(request)
        ):
            return None
        return refuse(
            request,
            No(
                _("We could not tell whether this request came from our own page, so nothing was changed."),
                _("Open the page again and repeat what you wanted to do."),
            ),
        )

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def comes_from_us(request: HttpRequest) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    here = f"{request.scheme}://{request.get_host()}".lower()
    if origin := request.headers.get("Origin"):
        return origin.lower() == here
    if referer := request.headers.get("Referer"):
        try:
            there = urlsplit(referer)
        except ValueError:
            return False
        return f"{there.scheme}://{there.netloc}".lower() == here
    return False


def refusals(get_response: Handler) -> Handler:
    """A refused action becomes a page that says why and what would help, or the same sentence for the
    toast.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refuse(request, exception.answer)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def refuse(request: HttpRequest, answer: No) -> HttpResponse:
    """The answer "no" over HTTP: status 403 with the sentence, its next step and where that leads."""
    context = {
        "answer": answer,
        "reason": answer.reason,
        "next_step": answer.next_step,
        "next_url": _link(answer),
    }
    if not wants_fragment(request):
        return render(request, "403.html", context, status=403)
    response = render(request, "components/refusal.html", context, status=403)
    response.headers["HX-Retarget"] = "#toast"
    response.headers["HX-Reswap"] = "innerHTML"
    patch_vary_headers(response, ("HX-Request", "X-Requested-With"))
    return response


def _link(answer: No) -> str:
    if not answer.next_url:
        return ""
    try:
        return resolve_url(answer.next_url)
    except NoReverseMatch:
        return ""
