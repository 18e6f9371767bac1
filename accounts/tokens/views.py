"""One's own tokens: make one (shown once), see what each may do and when it was used, revoke it."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.hooks import program_sections
from accounts.pages import own_page
from accounts.request import account_required, person_here
from accounts.tokens import actions
from accounts.tokens.forms import TokenForm
from accounts.tokens.models import Token
from groundwork import clock
from groundwork.answer import Refused
from groundwork.webapi.scopes import SCOPES


@account_required
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    person, at = person_here(request), clock.now()
    rows = [
        {"token": each, "scopes": [SCOPES[scope] for scope in each.scopes], "ended": each.ends <= at}
        for each in Token.objects.of(person)
    ]
    sections = [
        render_to_string(section.template, context)
        for section in sorted(program_sections, key=lambda section: section.order)
        if (context := section.context(person, at)) is not None
    ]
    context = own_page("tokens") | {"rows": rows, "sections": sections}
    return render(request, "accounts/tokens/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@reauthentication_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """The form; then the secret, in this answer and nowhere else. A token is as good as a password: who makes one proves
    again who they are."""
    person = person_here(request)
    form = TokenForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            token, secret = actions.make_token(by=person, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.answer.sentence)
        else:
            made = {"token": token, "secret": secret, "scopes": [SCOPES[scope] for scope in token.scopes]}
            return render(request, "accounts/tokens/made.html", own_page("tokens") | made)
    context = own_page("tokens") | {"form": form}
    return render(request, "accounts/tokens/new.html", context, status=422 if form.is_bound else 200)


@account_required
@require_POST
def revoke(request: HttpRequest, token: int) -> HttpResponse:
    found = get_object_or_404(Token.objects.of(person_here(request)), pk=token)
    actions.revoke_token(token=found, at=clock.now())
    messages.success(request, _("Revoked. It opens nothing any more."))
    return redirect("tokens:tokens")
