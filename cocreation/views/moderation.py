"""Taking contributions off the pages and bringing them back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here, person_of
from cocreation import actions
from cocreation.desk import desk_context, staff_required
from cocreation.forms import HideForm
from cocreation.kinds import kinds
from cocreation.models import Contribution, Hiding
from cocreation.roles import Roles, roles_of
from cocreation.roles import may_moderate as may_moderate_in
from groundwork import clock
from groundwork.answer import require
from groundwork.html.paging import keyset


def may_moderate(roles: Roles) -> bool:
    return roles.may_moderate


def may_read_hidden(roles: Roles) -> bool:
    return roles.may_read_hidden


@require_safe
@staff_required(may_read_hidden)
def hidden(request: HttpRequest) -> HttpResponse:
    roles = roles_of(person_here(request))
    rows = Hiding.objects.standing(roles.reads_hidden).select_related("contribution__process", "by")
    page = keyset(rows, ("-at", "-pk"), after=request.GET.get("after"))
    rules = dict(HideForm.base_fields["rule"].choices)  # type: ignore[attr-defined]
    for hiding in page.items:
        hiding.rule_words = rules.get(hiding.rule, hiding.rule)  # type: ignore[attr-defined]
        hiding.may_restore = roles.moderates.covers(hiding.contribution.process)  # type: ignore[attr-defined]
    return render(request, "cocreation/desk/hidden.html", desk_context(request, "hidden") | {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_moderate)
def hide(request: HttpRequest, receipt: str) -> HttpResponse:
    contribution = _contribution(request, receipt)
    require(may_moderate_in(person_here(request), contribution.process))
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.hide_contribution(
            contribution=contribution,
            by=person_here(request),
            at=clock.now(),
            rule=form.cleaned_data["rule"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("It is off the pages now. The author is told why."))
        return redirect("cocreation:hidden")
    context = desk_context(request, "hidden") | {
        "contribution": contribution,
        "form": form,
        "kind": kinds.get(contribution.kind),
    }
    return render(request, "cocreation/desk/hide.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_required(may_moderate)
def restore(request: HttpRequest, receipt: str) -> HttpResponse:
    contribution = _contribution(request, receipt)
    actions.restore_contribution(contribution=contribution, by=person_here(request), at=clock.now())
    messages.success(request, _("It is back where it was."))
    return redirect("cocreation:hidden")


def _contribution(request: HttpRequest, receipt: str) -> Contribution:
    found = Contribution.objects.visible_to(person_of(request)).select_related("process")
    return get_object_or_404(found, receipt=receipt)
