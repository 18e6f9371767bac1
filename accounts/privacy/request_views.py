"""What people ask of the city about their data: the list with its clocks, a page for each right, and taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import own_page
from accounts.privacy import requests
from accounts.privacy.forms import RequestForm
from accounts.privacy.models import Request
from accounts.request import account_required, person_here
from groundwork import clock
from groundwork.answer import Refused, Words
from groundwork.html import say

Kind = Request.Kind

MEANS: dict[str, Words] = {
    Kind.ACCESS: gettext_lazy(
        "Your copy has everything we hold, at once. Ask here if you want to understand something in it: why we hold it, where it"
        " came from, who got it."
    ),
    Kind.CORRECTION: gettext_lazy(
        "You change your name, address and settings yourself, at once. Ask here for what you cannot change yourself."
    ),
    Kind.RESTRICTION: gettext_lazy(
        "It holds from the moment you send this. We suggest nothing to you and send no news, by mail or to your devices; only"
        " what is about your data, your log-in or something you ask for goes out. Nobody at the city looks up who wrote what"
        " you wrote. What you contributed stays readable and your votes count; to take a contribution off the pages,"
        " withdraw it there."
    ),
    Kind.OBJECTION: gettext_lazy(
        "Say what we should stop and why, from your situation. We stop unless we must go on for a reason that weighs more, and"
        " then we say which."
    ),
    Kind.DATASET: gettext_lazy(
        "Some tables are not open, because people could be found again in them. Say what you need it for. We say how you"
        " get it, or why not."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    request: Request
    about: Words
    can_end: bool


def _kinds() -> list[Kind]:
    """A city without such a table is not asked for one."""
    return [kind for kind in Kind if kind != Kind.DATASET or requests.asks_for()]


@require_safe
@never_cache
@account_required
def mine(request: HttpRequest) -> HttpResponse:
    """My requests with their clocks and answers, and what I may ask for."""
    person = person_here(request)
    rows = [
        Row(
            each,
            requests.about_words(each),
            each.is_open
            or bool(each.kind == Kind.RESTRICTION and each.outcome != "refused" and person.restricted_since),
        )
        for each in Request.objects.filter(person=person)
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "kinds": [(kind, kind.label, MEANS[kind]) for kind in _kinds()],
        "at": clock.now(),
        "restricted_since": person.restricted_since,
    }
    return render(request, "accounts/privacy/requests.html", own_page("data") | context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@account_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in _kinds():
        raise Http404
    initial = {"about": request.GET.get("about", "")}
    form = RequestForm(kind, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.file(
                person=person_here(request), kind=kind, about=form.cleaned_data.get("about", ""),
                words=form.cleaned_data["words"], at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Sent. The city answers by {day}, and tells you.").format(day=say.day(made.due_at))
            )
            return redirect("privacy:requests")
    context = {"form": form, "kind": kind, "title": Kind(kind).label, "means": MEANS[kind]}
    return render(
        request, "accounts/privacy/request_new.html", own_page("data") | context,
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
@account_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_here(request)
    found = get_object_or_404(Request, pk=pk, person=person)
    requests.withdraw(request=found, by=person, at=clock.now())
    messages.success(request, _("Taken back. Nothing of it holds any more."))
    return redirect("privacy:requests")
