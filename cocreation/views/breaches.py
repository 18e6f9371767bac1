"""The register of data breaches: noting one, judging it, telling whom it has to be told, closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.privacy import breaches as register
from accounts.privacy.models import Breach
from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.privacy_forms import BreachForm, RiskForm, ToldForm
from cocreation.views.privacy_desk import is_admin
from groundwork import clock
from groundwork.answer import Refused

LISTED = 100


def _page(request: HttpRequest, name: str, context: dict[str, Any], bad: bool = False) -> HttpResponse:
    return render(
        request, f"cocreation/desk/privacy/{name}.html", desk_context(request, "privacy") | context,
        status=422 if bad else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def breaches(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, and a form for one more."""
    form = BreachForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = register.note(**form.cleaned_data, by=person_here(request), at=clock.now())
        except Refused as refused:
            form.add_error("known_at", str(refused))
        else:
            messages.success(request, _("Noted. Now say how high the risk is."))
            return redirect("cocreation:privacy_breach", made.pk)
    context = {"rows": list(Breach.objects.all()[:LISTED]), "form": form, "at": clock.now()}
    return _page(request, "breaches", context, bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: its clock, and what is done about it, each with a form of its own."""
    found = get_object_or_404(Breach, pk=pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    initial = {name: getattr(found, name) for name in ("risk", "why_no_risk", "effects", "measures")}
    risk = RiskForm(request.POST if act == "judge" else None, initial=initial)
    told = ToldForm(request.POST if act == "authority" else None)
    if request.method == "POST":
        done = _do(request, found, act, risk, told)
        if done is not None:
            return done
    context = {
        "breach": found, "risk": risk, "told": told, "at": clock.now(), "may_close": register.may_close(found),
        "over": clock.now() > found.due_at,
    }  # fmt: skip
    return _page(request, "breach", context, request.method == "POST")


def _do(request: HttpRequest, found: Breach, act: str, risk: RiskForm, told: ToldForm) -> HttpResponse | None:
    """None where a form has something to say."""
    by, at = person_here(request), clock.now()
    form: Form | None = {"judge": risk, "authority": told}.get(act)
    if form is not None and not form.is_valid():
        return None
    try:
        if act == "judge":
            register.judge(breach=found, **risk.cleaned_data, by=by, at=at)
        elif act == "authority":
            register.tell_authority(breach=found, **told.cleaned_data, by=by, at=at)
        elif act == "people":
            register.tell_people(breach=found, by=by, at=at)
        elif act == "close":
            register.close(breach=found, by=by, at=at)
        else:
            return None
    except Refused as refused:
        if form is None:
            raise
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("Saved."))
    return redirect("cocreation:privacy_breach", found.pk)
