"""A guest in front of this browser: how they come in, how long that lasts, and which pages are not theirs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from accounts.hooks import after_login
from accounts.models import Person
from accounts.sessions import GUEST

Handler = Callable[[HttpRequest], HttpResponse]

BACKEND = "accounts.backends.Backend"
# A session is written again only so often: reading pages stays reading.
PROLONG_AFTER = 15 * 60
# Pages of the log-in and of an account's settings. Leaving is always possible.
_OF_ACCOUNTS = re.compile(r"^(account|mfa)_(?!logout$)\w+$")


def sign_in(request: HttpRequest, guest: Person) -> None:
    """This browser is the guest until it closes, until twelve hours pass unused, or until they are finished."""
    if not guest.is_guest:
        raise ValueError("Only somebody without an account is signed in without proof.")
    login(request, guest, backend=BACKEND)
    request.session[GUEST] = int(time.time())
    request.session.set_expiry(0)


def go_on(request: HttpRequest, guest: Person, target: str) -> str:
    """Where a guest goes on after they came in: what waited for them is done first, as after a log-in."""
    for hook in after_login:
        if url := hook(target, guest):
            return url
    return target


def middleware(get_response: Handler) -> Handler:
    """Guests stay out of the pages of accounts and find instead how to get one; their session is prolonged by use."""

    def run(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if session.accessed and GUEST in session and time.time() - session[GUEST] > PROLONG_AFTER:
            session[GUEST] = int(time.time())
        return response

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        found = request.resolver_match
        if found is None or found.namespaces or not _OF_ACCOUNTS.match(found.url_name or ""):
            return None
        if not getattr(request.user, "is_guest", False):
            return None
        back = request.GET.get("next") or request.POST.get("next") or ""
        return HttpResponseRedirect(claim_url() + (f"?next={quote(back)}" if back else ""))

    run.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return run


def claim_url() -> str:
    """Where a guest makes it an account; the page stands in the address space of the house above."""
    try:
        return reverse("cocreation:claim")
    except NoReverseMatch:
        return reverse("home")
