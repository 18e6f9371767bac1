"""Pages for people below the age from which one agrees for oneself, and for their guardians."""

from __future__ import annotations

from datetime import date

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, guest_session, minors
from accounts.claim_code import CodeForm, GuardianCode
from accounts.forms import GuardianForm
from accounts.guest_views import next_of
from accounts.request import person_of
from groundwork import clock


@require_safe
def younger(request: HttpRequest) -> HttpResponse:
    """The two ways, in plain words."""
    context = {"age": minors.age_of_consent(), "next": next_of(request)}
    return render(request, "accounts/younger.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest) -> HttpResponse:
    """The day of birth, read once and not kept, and the address of a guardian, who gets a code."""
    person, at, target = person_of(request), clock.now(), next_of(request)
    if person is not None and not person.is_guest:
        return redirect("accounts:me")
    form = GuardianForm(request.POST if request.method == "POST" else None, on=minors.today(at))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["guardian_email"]
        if not ratelimit.consume(request, action="request_login_code", key=email):
            return ratelimit.respond_429(request)
        until = minors.minor_until(form.cleaned_data["born"]).isoformat()
        nickname = form.cleaned_data["nickname"]
        GuardianCode.initiate(request, email, until=until, nickname=nickname, next=target)
        return redirect("accounts:guardian_code")
    context = {"form": form, "next": target, "age": minors.age_of_consent()}
    return render(request, "accounts/guardian.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_code(request: HttpRequest) -> HttpResponse:
    """The code the guardian got and passed on: with it they agree, and the sign-up goes on."""
    process = GuardianCode.resume(request)
    if process is None:
        return redirect("accounts:guardian")
    form = CodeForm(request.POST if request.method == "POST" else None, code=process.code)
    if request.method == "POST":
        if form.is_valid():
            process.abort()
            until = date.fromisoformat(process.state["until"])
            minors.Agreement(process.email, until).keep(request.session)
            onward = (
                guest_session.claim_url() if person_of(request) is not None else reverse("account_signup")
            )
            target = process.state.get("next")
            return redirect(f"{onward}?{urlencode({'next': target})}" if target else onward)
        if not process.record_invalid_attempt():
            messages.error(request, _("That was wrong three times. Please ask for a new code."))
            return redirect("accounts:guardian")
    context = {"form": form, "email": process.email}
    return render(request, "accounts/guardian_code.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_consent(request: HttpRequest, token: str) -> HttpResponse:
    """The guardian's page: GET says what they agreed to, POST takes it back. The signed token is the only key."""
    consent = minors.consent_of(token)
    if consent is None:
        return render(request, "accounts/guardian_consent.html", {"state": "unknown"}, status=404)
    if request.method == "POST" and consent.withdrawn_at is None and consent.person is not None:
        actions.withdraw_consent(consent=consent, at=clock.now())
        consent.refresh_from_db()
    over = consent.withdrawn_at is not None or consent.person is None
    return render(
        request, "accounts/guardian_consent.html", {"state": "over" if over else "holds", "consent": consent}
    )
