"""Pages of taking part without an account: coming in, being finished, and making it an account."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import claiming, guest_session, guests, minors
from accounts.claim_code import ClaimCode, CodeForm
from accounts.forms import ClaimForm, GuestForm
from accounts.models import Person
from accounts.request import person_of
from accounts.sessions import GUEST
from groundwork import clock
from groundwork.answer import Refused


def next_of(request: HttpRequest) -> str:
    """Where somebody goes on to, when it is a page of ours; else ""."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return target if safe else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest) -> HttpResponse:
    """GET says what taking part without an account means; POST begins it and does what waited."""
    target = next_of(request)
    if person_of(request) is not None:
        return redirect(target or "accounts:me")
    form = GuestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="signup"):
            return ratelimit.respond_429(request)
        made = guests.make_guest(
            language=get_language() or settings.LANGUAGE_CODE,
            public_name=form.cleaned_data["public_name"],
            at=clock.now(),
        )
        guest_session.sign_in(request, made)
        return HttpResponseRedirect(guest_session.go_on(request, made, target or reverse("accounts:me")))
    context = {"form": form, "next": target}
    return render(request, "accounts/guest.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
def finished(request: HttpRequest) -> HttpResponse:
    """The end of a visit: nothing of it stays in this browser, which may stand in a library. Accounts log out instead."""
    person = person_of(request)
    if person is not None and not person.is_guest:
        return redirect("accounts:me")
    logout(request)
    response = render(request, "accounts/finished.html")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


# --- make it an account ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Ask for an address and send a code to it. Whether the address has an account already shows only after the code."""
    person, target = person_of(request), next_of(request)
    if person is None:
        return redirect(f"{resolve_url('account_login')}?next={target or reverse('accounts:me')}")
    if not person.is_guest:
        return redirect(target or "accounts:me")
    agreed = minors.Agreement.of(request.session) is not None
    form = ClaimForm(request.POST if request.method == "POST" else None, agreed=agreed)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="request_login_code", key=email):
            return ratelimit.respond_429(request)
        ClaimCode.initiate(request, email, next=target)
        return redirect("accounts:claim_code")
    context = {"form": form, "next": target, "person": person}
    return render(request, "accounts/claim.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_code(request: HttpRequest) -> HttpResponse:
    """The code from the mail: it proves the address, and the visit becomes its account."""
    person = person_of(request)
    process = ClaimCode.resume(request) if person is not None and person.is_guest else None
    if person is None or process is None:
        return redirect(guest_session.claim_url())
    form = CodeForm(request.POST if request.method == "POST" else None, code=process.code)
    if request.method == "POST":
        if form.is_valid():
            return _claimed(request, person, process)
        if not process.record_invalid_attempt():
            messages.error(request, _("That was wrong three times. Please ask for a new code."))
            return redirect(guest_session.claim_url())
    context = {"form": form, "email": process.email}
    return render(request, "accounts/claim_code.html", context, status=422 if form.is_bound else 200)


def _claimed(request: HttpRequest, person: Person, process: ClaimCode) -> HttpResponse:
    """Log in to the account through all the stages of the log-in: a second factor is asked for as always."""
    process.abort()
    try:
        account = claiming.claim(guest=person, email=process.email, at=clock.now())
    except Refused as refused:
        context = {"refusal": refused.answer, "email": process.email}
        return render(request, "accounts/claim_refused.html", context, status=403)
    agreement = minors.Agreement.of(request.session)
    if agreement is not None and account.pk == person.pk:
        minors.record_consent(person=account, agreement=agreement, at=clock.now())
    for key in (GUEST, minors.AGREED):
        request.session.pop(key, None)
    record_authentication(request, account, method="code", email=process.email)
    login: Any = Login(user=account, email=process.email, redirect_url=process.state.get("next") or None)
    response: HttpResponse = perform_login(request, login)
    return response
