"""The desk: reports that wait for an office, and the catalogue of services."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Attachment
from cocreation.pictures import COLUMNS, gallery, shown
from cocreation.record import author_of
from cocreation.roles import Roles
from feedback.defects import actions, queries, rules
from feedback.defects.forms import AnswerForm, ServiceForm
from feedback.defects.models import Defect, Service
from feedback.defects.record import lang_of
from feedback.defects.words import badge_of
from feedback.models import OfficialAnswer
from feedback.words import answer_badge
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.html.paging import keyset


def _officials(roles: Roles) -> bool:
    return roles.may_assess


def _admins(roles: Roles) -> bool:
    return roles.is_admin


@staff_required(_officials)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The open reports of one's offices, what is due first on top; or the closed ones, newest first."""
    person, at = person_here(request), clock.now()
    closed = request.GET.get("status") == "closed"
    found = queries.of_offices(person).as_shown()
    found = found.filter(closed_at__isnull=False) if closed else found.open()
    page = keyset(found, ("-pk",) if closed else ("due", "pk"), after=request.GET.get("after"), size=40)
    context = desk_context(request, "defects") | {
        "rows": [(each, badge_of(each, at), lang_of(each.contribution)) for each in page.items],
        "page": page,
        "closed": closed,
        "may_keep": rules.may_keep_services(person),
    }
    return render(request, "feedback/defects/desk.html", context)


@staff_required(_officials)
@require_http_methods(["GET", "HEAD", "POST"])
def defect(request: HttpRequest, receipt: str) -> HttpResponse:
    """One report with what was said so far, and the answer of the office."""
    person, at = person_here(request), clock.now()
    visible = Defect.objects.visible_to(person).select_related(
        "service__office",
        "place",
        "contribution__process",
        "contribution__author",
        "contribution__organisation",
    )
    found = get_object_or_404(visible, receipt=receipt)
    office = found.service.office
    answer = rules.may_answer(person, found.contribution, office, at)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if isinstance(answer, No):
            raise Refused(answer)
        if form.is_valid() and _answered(form, found, request):
            messages.success(request, _("Published. Who reported it and everybody who follows it is told."))
            return redirect("defects:desk")
    files = shown(Attachment.objects.filter(contribution=found.pk).order_by("order", "id").values(*COLUMNS))
    context = desk_context(request, "defects") | {
        "defect": found,
        "badge": badge_of(found, at),
        "text_lang": lang_of(found.contribution),
        "by": author_of(found.contribution),
        "gallery": gallery(files, ""),
        "past": [
            (each, answer_badge(each))
            for each in OfficialAnswer.objects.filter(contribution=found.pk).newest_first()
        ],
        "form": form,
        "allowed": answer if not isinstance(answer, No) and found.is_public else _why_not(found, answer),
    }
    return render(request, "feedback/defects/desk_defect.html", context, status=422 if form.is_bound else 200)


def _why_not(found: Defect, answer: Any) -> Any:
    if isinstance(answer, No):
        return answer
    return No(_("This contribution is not public. There is nothing to answer in public."))


def _answered(form: AnswerForm, found: Defect, request: HttpRequest) -> bool:
    try:
        actions.answer_defect(
            defect=found, status=form.cleaned_data["status"], reason=form.reason(), by=person_here(request),
            at=clock.now(), next_date=form.cleaned_data["next_date"],
        )  # fmt: skip
    except ValidationError as problem:
        form.add_errors(problem)
        return False
    return True


@staff_required(_admins)
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest) -> HttpResponse:
    """The whole catalogue, and a new service."""
    return _keep(request, None)


@staff_required(_admins)
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, code: str) -> HttpResponse:
    return _keep(request, get_object_or_404(Service, code=code))


def _keep(request: HttpRequest, found: Service | None) -> HttpResponse:
    form = ServiceForm(request.POST if request.method == "POST" else None, instance=found or Service())
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_service(
                service=found, values=form.values(), by=person_here(request), at=clock.now()
            )
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": kept.name})
            return redirect("defects:services")
    rows = [] if found else Service.objects.select_related("office").order_by("group", "name", "pk")
    context = desk_context(request, "defects") | {"form": form, "service": found, "rows": rows}
    return render(
        request, "feedback/defects/desk_services.html", context, status=422 if form.is_bound else 200
    )
