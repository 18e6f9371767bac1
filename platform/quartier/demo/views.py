"""The log-ins with the code of the moment, and the mails nobody else gets."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groundwork import clock
from groundwork.html.mails import readable
from quartier import outbox
from quartier.demo.codes import code, seconds_left
from quartier.demo.logins import LOGINS


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """In a real city this page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_only
@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    logins = [(login, code(login.totp_secret, at) if login.totp_secret else "") for login in LOGINS]
    return render(request, "quartier/demo/start.html", {"logins": logins, "seconds": seconds_left(at)})


@demo_only
@require_safe
@never_cache
def outbox_list(request: HttpRequest) -> HttpResponse:
    return render(request, "quartier/demo/outbox.html", {"mails": outbox.newest()})


@demo_only
@require_safe
@never_cache
def mail(request: HttpRequest, identity: str) -> HttpResponse:
    found = outbox.find(identity)
    if found is None:
        raise Http404
    return render(request, "quartier/demo/mail.html", {"mail": found, "html": readable(found.html)})
