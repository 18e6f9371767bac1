"""People who work for the city: who holds which role where, their trainings, and what was done with whose data."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_here
from cocreation import audit, staffing
from cocreation.desk import desk_context, staff_required
from cocreation.models import RoleGrant, Training
from cocreation.roles import Roles
from cocreation.staff_forms import GrantForm, TrainingForm
from cocreation.training import NEED_IT, trained
from groundwork import clock
from groundwork.answer import Refused


def is_admin(roles: Roles) -> bool:
    return roles.is_admin


@require_safe
@staff_required(is_admin)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role: where, until when, whether it counts and why not."""
    at = clock.now()
    found, following = staffing.holders(at, request.GET.get("after"))
    context = {"holders": [(each, *_marks(each, at)) for each in found], "next": following, "at": at}
    return render(request, "cocreation/desk/people.html", desk_context(request, "people") | context)


def _marks(holder: staffing.Holder, at: datetime) -> tuple[bool, bool, bool]:
    """Whether a training is asked for and current, and whether it ends soon."""
    training = holder.training
    return holder.needs_training, training.is_current(at), training.ends_soon(at)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def grant(request: HttpRequest) -> HttpResponse:
    form = GrantForm(
        request.POST if request.method == "POST" else None, initial={"email": request.GET.get("email", "")}
    )
    if request.method == "POST" and form.is_valid() and form.person is not None:
        person = form.person
        try:
            staffing.grant_role(
                person=person,
                role=form.cleaned_data["role"],
                by=person_here(request),
                at=clock.now(),
                **form.scope(),
                starts=form.cleaned_data["starts"],
                ends=form.cleaned_data["ends"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        except ValidationError as error:
            for sentence in error.messages:
                form.add_error("where", sentence)
        else:
            messages.success(request, _("{name} has the role now.").format(name=person.public_name))
            return redirect("cocreation:staff_person", person.pk)
    return _form(request, form, "cocreation/desk/grant.html")


@require_safe
@staff_required(is_admin)
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One of them: roles now and before, with who gave and ended them, and the trainings."""
    at, found = clock.now(), _somebody(person)
    grants = list(
        found.grants.select_related("office", "place", "process", "granted_by", "ended_by").order_by(
            "-starts", "-pk"
        )
    )
    records = list(found.trainings.select_related("recorded_by", "withdrawn_by"))
    reach = trained((each.topics, each.completed_on) for each in records if each.withdrawn_at is None)
    running = [each for each in grants if (until := each.until()) is None or until > at]
    context = {
        "person": found,
        "running": running,
        "over": [(each, bool(staffing.may_undo(each, at))) for each in grants if each not in running],
        "records": records,
        "reach": reach,
        "is_current": reach.is_current(at),
        "ends_soon": reach.ends_soon(at),
        "needs_training": any(each.role in NEED_IT for each in running),
        "missing": staffing.topic_words(reach.missing),
        "has_second_factor": is_mfa_enabled(found),
        "itself": found.pk == person_here(request).pk,
        "at": at,
    }
    return render(request, "cocreation/desk/person.html", desk_context(request, "people") | context)


@require_POST
@staff_required(is_admin)
def end(request: HttpRequest, grant: int) -> HttpResponse:
    found = get_object_or_404(RoleGrant.objects.select_related("person"), pk=grant)
    staffing.end_grant(grant=found, by=person_here(request), at=clock.now())
    messages.success(request, _("The role has ended. You can undo this for a day."))
    return redirect(
        "cocreation:people" if found.person_id == person_here(request).pk else _page_of(found.person)
    )


@require_POST
@staff_required(is_admin)
def undo(request: HttpRequest, grant: int) -> HttpResponse:
    found = get_object_or_404(RoleGrant.objects.select_related("person"), pk=grant)
    try:
        staffing.undo_end(grant=found, by=person_here(request), at=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The role holds again, as before."))
    return redirect(_page_of(found.person))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def training(request: HttpRequest, person: int) -> HttpResponse:
    """Record a training somebody completed."""
    found = _somebody(person)
    form = TrainingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            staffing.record_training(
                person=found, by=person_here(request), at=clock.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error("completed_on", str(refused))
        else:
            messages.success(request, _("Recorded. It counts at once."))
            return redirect(_page_of(found))
    return _form(request, form, "cocreation/desk/training.html", person=found)


@require_POST
@staff_required(is_admin)
def untrain(request: HttpRequest, record: int) -> HttpResponse:
    found = get_object_or_404(Training.objects.select_related("person"), pk=record)
    staffing.withdraw_training(training=found, by=person_here(request), at=clock.now())
    messages.success(request, _("The record does not count any more. It stays readable here."))
    return redirect(_page_of(found.person))


@require_safe
@staff_required(is_admin)
def acts(request: HttpRequest) -> HttpResponse:
    """The audit: who did what with whose data, as the journal has it; `?about=` narrows it to one person's."""
    asked = request.GET.get("about", "")
    about = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found, following = audit.lines(request.GET.get("after"), about=about)
    context = {"lines": found, "next": following, "about": about}
    return render(request, "cocreation/desk/audit.html", desk_context(request, "people") | context)


def _somebody(key: int) -> Person:
    """Somebody who holds or held a role. Residents are not looked at here."""
    return get_object_or_404(Person.objects.filter(grants__isnull=False).distinct(), pk=key)


def _page_of(person: Person) -> str:
    return reverse("cocreation:staff_person", args=[person.pk])


def _form(request: HttpRequest, form: Form, template: str, **more: object) -> HttpResponse:
    context = desk_context(request, "people") | {"form": form} | more
    return render(request, template, context, status=422 if form.is_bound else 200)
