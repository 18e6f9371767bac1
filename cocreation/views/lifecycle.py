"""Preview, planned publication, stop and archive in the studio; the hand-over; and the preview itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.request import person_here
from cocreation import lifecycle
from cocreation.care_forms import ReasonForm, ScheduleForm
from cocreation.desk import staff_required
from cocreation.duties import duties_of
from cocreation.gate import check_gate
from cocreation.models import PreviewLink, Process, RoleGrant
from cocreation.views.history import step_of
from cocreation.views.processes import page_context
from cocreation.views.studio import find_process, may_configure, save_and_say, studio_page
from groundwork import clock

NEWEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def life(request: HttpRequest, slug: str) -> HttpResponse:
    """One page for the life of a process; `act` says which of its forms was sent."""
    process, person, at = find_process(request, slug), person_here(request), clock.now()
    act = request.POST.get("act", "") if request.method == "POST" else ""
    sent: dict[str, forms.Form] = {
        "schedule": ScheduleForm(request.POST if act == "schedule" else None),
        "stop": ReasonForm(request.POST if act == "stop" else None),
    }
    form = sent.get(act) or forms.Form(request.POST if act else None)
    if (
        act in _ACTS
        and form.is_valid()
        and save_and_say(request, form, lambda: _ACTS[act](process, form, person, at))
    ):
        return redirect("cocreation:studio_life", slug=slug)
    return studio_page(
        request,
        process,
        "cocreation/studio/life.html",
        current="life",
        form=form,
        schedule_form=sent["schedule"],
        stop_form=sent["stop"],
        link=process.preview_links.valid().first(),  # type: ignore[attr-defined]
        base=f"{request.scheme}://{request.get_host()}",
        failed=_failed(process),
        lacking=lifecycle.lacking(process, at),
        may_archive=lifecycle.may_archive(person, process, at),
        status=422 if act else 200,
    )


def _failed(process: Process) -> Any:
    """The plan that could not be carried out, while nothing newer happened to the publication."""
    newest = process.config_changes.filter(
        what__in=["scheduled", "unscheduled", "not_published", "published"]
    ).first()
    return newest if newest is not None and newest.what == "not_published" else None


Act = Callable[[Process, Any, Person, datetime], object]
_ACTS: dict[str, Act] = {
    "schedule": lambda process, form, by, at: lifecycle.schedule_publication(
        process=process, moment=form.cleaned_data["moment"], by=by, at=at
    ),
    "unschedule": lambda process, form, by, at: lifecycle.unschedule_publication(
        process=process, by=by, at=at
    ),
    "preview": lambda process, form, by, at: lifecycle.make_preview(process=process, by=by, at=at),
    "revoke": lambda process, form, by, at: lifecycle.revoke_preview(process=process, by=by, at=at),
    "stop": lambda process, form, by, at: lifecycle.stop_process(
        process=process, reason=form.reason(), by=by, at=at
    ),
    "archive": lambda process, form, by, at: lifecycle.archive_process(process=process, by=by, at=at),
    "unarchive": lambda process, form, by, at: lifecycle.unarchive_process(process=process, by=by, at=at),
}


@require_safe
@staff_required(may_configure)
def handover(request: HttpRequest, slug: str) -> HttpResponse:
    """All the next office has to know, on one page that prints."""
    process, at = find_process(request, slug), clock.now()
    grants = RoleGrant.objects.valid(at).select_related("person", "office").filter(process=process)
    office = (
        RoleGrant.objects.valid(at)
        .select_related("person", "office")
        .filter(office=process.office, process=None)
    )
    changes = list(process.config_changes.select_related("by", "undone_by")[:NEWEST])
    context = {
        "process": process,
        "at": at,
        "places": [place.name for place in process.places.all()],
        "duties": [(duty, duty.is_late(at)) for duty in duties_of(process, at)],
        "people": [
            (grant.person.public_name, grant.get_role_display(), grant.head) for grant in [*grants, *office]
        ],
        "contacts": [(person.public_name, person.about) for person in process.contacts.all()],
        "gate": [each for each in check_gate(process, at) if each.answer or each.state == "suggested"],
        "steps": [step_of(change, process) for change in changes],
        "total": process.config_changes.count(),
        "records": list(process.change_records.all()),
        "menu": "processes",
    }
    return render(request, "cocreation/studio/handover.html", context)


@require_safe
@never_cache
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a draft as it will be, for whoever holds the link. Once public, the link leads to the real page."""
    link = get_object_or_404(PreviewLink.objects.valid().select_related("process__office"), token=token)
    if link.process.is_published:
        return redirect(link.process.get_absolute_url())
    context = page_context(link.process, None, clock.now())
    response = render(request, "cocreation/process.html", context | {"preview": True})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
