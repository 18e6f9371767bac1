"""One's addresses that are told: register one (its secret is shown once), see what was sent, send again, switch off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import own_page
from accounts.request import account_required, person_here
from feedback.webhooks import actions, rules
from feedback.webhooks.forms import SecretForm, WebhookForm
from feedback.webhooks.kinds import GONE, TEST, kinds
from feedback.webhooks.models import Delivery, Webhook
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html.paging import keyset
from groundwork.journal.api import verbs

AT_ONCE = 20
EXAMPLE = (Path(__file__).parent / "verify.py").read_text(encoding="utf-8")


def _mine(request: HttpRequest, webhook: int) -> Webhook:
    found = Webhook.objects.looked_after_by(person_here(request)).select_related("process")
    return get_object_or_404(found, pk=webhook)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@reauthentication_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """The form; then the secret, in this answer and nowhere else."""
    person = person_here(request)
    form = WebhookForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            made = actions.register(by=person, at=clock.now(), **form.about)
        except Refused as refused:
            form.add_error(None, refused.answer.sentence)
        else:
            return render(
                request,
                "feedback/webhooks/made.html",
                own_page("tokens") | {"webhook": made, "example": EXAMPLE},
            )
    context = own_page("tokens") | {"form": form}
    return render(request, "feedback/webhooks/new.html", context, status=422 if form.is_bound else 200)


@account_required
@require_safe
def webhook(request: HttpRequest, webhook: int) -> HttpResponse:
    found, at = _mine(request, webhook), clock.now()
    page = keyset(Delivery.objects.of(found), ("-pk",), after=request.GET.get("after"), size=AT_ONCE)
    context: dict[str, Any] = own_page("tokens") | {
        "webhook": found,
        "kinds": [kind.words for slug in found.kinds if (kind := kinds.find(slug))],
        "example": EXAMPLE,
        "may_send": rules.may_send(found, at),
        "rows": [(each, _words(each.verb)) for each in page.items],
        "next_url": f"?after={page.next_token}" if page.next_token else "",
    }
    return render(request, "feedback/webhooks/webhook.html", context)


def _words(verb: str) -> Any:
    if verb == TEST:
        return pgettext("message to an address", "Test")
    if verb == GONE:
        return _("Something is no longer public")
    known = verbs.find(verb)
    return known.label if known else verb


@account_required
@require_POST
def test(request: HttpRequest, webhook: int) -> HttpResponse:
    found = _mine(request, webhook)
    actions.send_test(webhook=found, at=clock.now())
    messages.success(
        request, _("A test is on its way. Load this page again in a moment to see what came of it.")
    )
    return redirect("webhooks:webhook", webhook=found.pk)


@account_required
@require_POST
def again(request: HttpRequest, webhook: int, delivery: int) -> HttpResponse:
    found = _mine(request, webhook)
    actions.send_again(delivery=get_object_or_404(Delivery.objects.of(found), pk=delivery), at=clock.now())
    messages.success(request, _("It is sent once more, as things stand now."))
    return redirect("webhooks:webhook", webhook=found.pk)


@account_required
@require_POST
def switch(request: HttpRequest, webhook: int) -> HttpResponse:
    found, on = _mine(request, webhook), bool(request.POST.get("on"))
    actions.switch(webhook=found, on=on, at=clock.now())
    messages.success(
        request,
        _("Switched on. It is told what happens from now on.")
        if on
        else _("Switched off. It is told nothing any more."),
    )
    return redirect("webhooks:webhook", webhook=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@reauthentication_required
@never_cache
def secret(request: HttpRequest, webhook: int) -> HttpResponse:
    """Asks whether the old one still holds for a day; then the new secret, in this answer and nowhere else."""
    found = _mine(request, webhook)
    form = SecretForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.renew_secret(webhook=found, at_once=form.cleaned_data["at_once"], at=clock.now())
        context = own_page("tokens") | {"webhook": made, "example": EXAMPLE, "renewed": True}
        return render(request, "feedback/webhooks/made.html", context)
    return render(
        request, "feedback/webhooks/secret.html", own_page("tokens") | {"webhook": found, "form": form}
    )


@account_required
@require_POST
def remove(request: HttpRequest, webhook: int) -> HttpResponse:
    actions.remove(webhook=_mine(request, webhook))
    messages.success(request, _("Removed, with its list of messages. It is told nothing any more."))
    return redirect("tokens:tokens")
