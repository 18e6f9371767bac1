"""Four eyes on the desk: ask who wrote something, see it once somebody agreed, decide what others ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here
from cocreation import four_eyes
from cocreation.desk import desk_context, staff_required
from cocreation.models import Approval, Contribution, Place
from cocreation.roles import Roles
from cocreation.staff_forms import ReasonForm
from groundwork import clock
from groundwork.answer import Refused, require

LISTED = 50


def may_look_up(roles: Roles) -> bool:
    return bool(four_eyes.where_identity(roles))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_look_up)
def identity(request: HttpRequest, receipt: str) -> HttpResponse:
    """Who wrote this? Ask with a reason; after a second person agreed it stands here for a day, for the asker alone."""
    person, at = person_here(request), clock.now()
    found = Contribution.objects.visible_to(person).select_related("process", "author")
    contribution = get_object_or_404(found, receipt=receipt)
    require(four_eyes.may_ask_who(person, contribution.process))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            four_eyes.ask_who_wrote(
                contribution=contribution, reason=form.cleaned_data["reason"], by=person, at=at
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked. A second person has to agree."))
            return redirect("cocreation:identity", receipt=receipt)
    opened = four_eyes.identity_for(person, contribution, at)
    asked = list(
        Approval.objects.on(four_eyes.IDENTITY, contribution)
        .select_related("asked_by", "approved_by", "declined_by")
        .order_by("-asked_at")[:LISTED]
    )
    place = Place.objects.filter(slug=opened.residence).first() if opened and opened.residence else None
    context = desk_context(request, "second") | {
        "contribution": contribution,
        "form": form,
        "opened": opened,
        "residence": place.name if place else opened.residence if opened else "",
        "open": next((each for each in asked if each.is_open), None),
        "before": [each for each in asked if not each.is_open],
        "me": person,
    }
    return render(request, "cocreation/desk/identity.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff_required(four_eyes.allowed)
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person: decide it, or see that one's own question still waits."""
    person = person_here(request)
    rows = list(four_eyes.waiting(person)[:LISTED])
    receipts = dict(
        Contribution.objects.filter(
            pk__in=[int(row.subject_key) for row in rows if row.subject_label == Contribution._meta.label]
        ).values_list("pk", "receipt")
    )
    told = [
        (
            row,
            four_eyes.matters.get(row.what),
            receipts.get(int(row.subject_key), ""),
            row.asked_by_id == person.pk,
        )
        for row in rows
    ]
    return render(request, "cocreation/desk/approvals.html", desk_context(request, "second") | {"rows": told})


@require_POST
@staff_required(four_eyes.allowed)
def decide(request: HttpRequest, approval: int) -> HttpResponse:
    """Agree, or decline; whoever asked can only take it back."""
    found = get_object_or_404(Approval.objects.select_related("process"), pk=approval)
    matter = four_eyes.matters.get(found.what)
    if not matter.listed:
        raise Http404
    if request.POST.get("decision") == "approve":
        four_eyes.approve(approval=found, by=person_here(request), at=clock.now())
        messages.success(request, _("Agreed. Whoever asked sees it now, and the person concerned is told."))
    else:
        four_eyes.decline(approval=found, by=person_here(request), at=clock.now())
        messages.success(request, _("Declined. Nothing was shown to anybody."))
    return redirect("cocreation:approvals")
