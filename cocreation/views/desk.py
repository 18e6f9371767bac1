"""The start of the desk, the citizens' office and the confirmation of organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation, Person, Verification
from accounts.request import person_here, person_of
from cocreation import actions
from cocreation.desk import Urgent, desk_context, queues, staff_required, why_it_rests
from cocreation.forms import LookUpForm, VerifyForm
from cocreation.models import Place
from cocreation.roles import Role, Roles, roles_of
from cocreation.training import NEED_IT
from groundwork import clock
from groundwork.answer import No, Refused

LISTED = 20
FIRST = 5
_FAR = datetime.max.replace(tzinfo=UTC)


@require_safe
@staff_required()
def start(request: HttpRequest) -> HttpResponse:
    """All queues with their numbers, and what has to be done first."""
    at, person = clock.now(), person_here(request)
    roles = roles_of(person)
    urgent: list[Urgent] = [
        each for queue in queues if queue.allowed(roles) for each in queue.urgent(person, at)
    ]
    urgent.sort(key=lambda each: each.due or _FAR)
    ends_soon = roles.training.ends_soon(at) and NEED_IT & roles.names
    context = {
        "urgent": urgent[:FIRST],
        "at": at,
        "resting": [Role(role).label for role in roles.resting],
        "why": why_it_rests(roles),
        "training_until": roles.training.until if ends_soon else None,
    }
    return render(request, "cocreation/desk/start.html", desk_context(request) | context)


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why staff need a second factor, and the way to it. Leads on once it is set up."""
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    onward = asked if safe else reverse("cocreation:desk")
    roles = roles_of(person_of(request))
    if not roles.held.is_staff:
        raise Refused(No(_("This page is for the people of the city who do this work.")))
    if roles.has_second_factor:
        return redirect(onward)
    return render(request, "cocreation/desk/second_factor.html", {"next": onward})


def may_verify(roles: Roles) -> bool:
    return roles.may_verify


@dataclass(frozen=True, slots=True)
class Done:
    at: datetime
    name: str
    place: str
    by: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_verify)
def verify(request: HttpRequest) -> HttpResponse:
    """Find an account by its exact address, see the document, confirm the place. Nothing else of the person is shown."""
    places = {place.slug: place.name for place in Place.objects.all()}
    at = clock.now()
    # Looking somebody up shows their data: it is an act of its own, told to them, and no address stands in an address bar.
    confirms = "residence" in request.POST
    form = VerifyForm(request.POST if confirms else None)
    asked = request.POST.get("email", "")
    look_up = LookUpForm(request.POST) if request.method == "POST" else LookUpForm()
    found = _account(look_up.cleaned_data["email"]) if asked and look_up.is_valid() else None
    by = person_here(request)
    if confirms and found is not None and form.is_valid():
        actions.verify_person(
            person=found,
            residence=form.cleaned_data["residence"],
            age_band=form.cleaned_data["born"],
            by=by,
            at=at,
        )
        return redirect(f"{reverse('cocreation:verify')}?done=1")
    if found is not None and not confirms:
        actions.note_look_up(person=found, by=by, at=at)
    already = found.verifications.valid(at).first() if found else None
    if found is not None and not form.is_bound:
        form = VerifyForm(initial={"email": found.email, "residence": found.place})
    last = Verification.objects.filter(method=Verification.Method.DESK).select_related(
        "person", "verified_by"
    )
    context = desk_context(request, "verify") | {
        "look_up": look_up,
        "asked": bool(asked),
        "found": found,
        "already": places.get(already.residence, already.residence) if already else "",
        "form": form,
        "done": "done" in request.GET,
        "last": [
            Done(
                each.verified_at,
                each.person.public_name,
                places.get(each.residence, each.residence),
                each.verified_by.public_name if each.verified_by else "",
            )
            for each in last.order_by("-verified_at")[:LISTED]
        ],
    }
    return render(
        request, "cocreation/desk/verify.html", context, status=422 if confirms or look_up.errors else 200
    )


def _account(email: str) -> Person | None:
    address = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True).first()
    return address.user if address else None  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_verify)
def organisations(request: HttpRequest) -> HttpResponse:
    """Organisations that registered and wait until the city has seen that they exist."""
    if request.method == "POST":
        organisation = get_object_or_404(Organisation, slug=request.POST.get("organisation", ""))
        by = person_of(request)
        assert by is not None
        actions.confirm_organisation(organisation=organisation, by=by, at=clock.now())
        messages.success(request, _("{name} is confirmed.").format(name=organisation.name))
        return redirect("cocreation:organisations")
    waiting = Organisation.objects.filter(confirmed_at__isnull=True).prefetch_related("memberships__person")
    context = desk_context(request, "organisations") | {
        "organisations": list(waiting.order_by("registered_at")[:50])
    }
    return render(request, "cocreation/desk/organisations.html", context)
