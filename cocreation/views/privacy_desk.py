"""The privacy desk of the city: the notice, and when it has to be looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.privacy import notice, requests
from accounts.privacy.models import Breach, Request
from accounts.request import person_here
from cocreation import impact
from cocreation.desk import desk_context, staff_required
from cocreation.models import PrivacyAssessment
from cocreation.privacy_forms import AnswerForm, MoreTimeForm, NoticeForm
from cocreation.roles import Roles
from groundwork import clock
from groundwork.answer import Refused
from groundwork.jobs.models import Removal, Run
from groundwork.jobs.retention import rules

LISTED, ANSWERED = 100, 20
LATELY = timedelta(days=30)


def is_admin(roles: Roles) -> bool:
    return roles.is_admin


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(
        request, f"cocreation/desk/privacy/{name}.html", desk_context(request, "privacy") | context, status=status
    )  # fmt: skip


@require_safe
@staff_required(is_admin)
def start(request: HttpRequest) -> HttpResponse:
    at, standing = clock.now(), notice.standing()
    context = {
        "standing": standing,
        "is_overdue": standing.is_overdue(at),
        "is_due_soon": standing.is_due_soon(at),
        "at": at,
        "breaches": list(Breach.objects.filter(closed_at__isnull=True)[:LISTED]),
        "assessments": impact.waiting(),
        "open": [
            (each, requests.about_words(each), each.due_at <= at)
            for each in Request.objects.open().select_related("person").order_by("due_at", "pk")[:LISTED]
        ],
        "answered": [
            (each, requests.about_words(each))
            for each in Request.objects.filter(answered_at__isnull=False).order_by("-answered_at")[:ANSWERED]
        ],
    }
    return _page(request, "start", context)


@require_POST
@staff_required(is_admin)
def review(request: HttpRequest) -> HttpResponse:
    """Looked at, and right as it is."""
    notice.review(by=person_here(request), at=clock.now())
    messages.success(request, _("Noted. The notice holds for another twelve months."))
    return redirect("cocreation:privacy_desk")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def notice_new(request: HttpRequest) -> HttpResponse:
    """Write the next version; it is in force, and everybody is told, as soon as it is sent."""
    version = notice.standing().version
    before = {name: getattr(version, name) for name in notice.TEXTS}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            made = notice.publish(texts=form.cleaned_data, by=person_here(request), at=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("Version {n} is in force. Everybody with an account is told.").format(n=made.number),
            )
            return redirect("cocreation:privacy_desk")
    context = {"form": form, "version": version}
    return _page(request, "notice", context, status=422 if form.errors else 200)


@require_safe
@staff_required(is_admin)
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept how long, and what was removed when: numbers, never whose."""
    at = clock.now()
    lately = dict(
        Removal.objects.filter(at__gt=at - LATELY).values_list("rule").annotate(Sum("number")).order_by()
    )
    newest = dict(Removal.objects.values_list("rule").annotate(Max("at")).order_by())
    rows = [(rule, newest.get(rule.slug), lately.get(rule.slug, 0)) for rule in rules]
    context = {
        "rows": rows,
        "removals": [(each, rules.find(each.rule)) for each in Removal.objects.all()[:LISTED]],
        "run": Run.objects.filter(task="jobs.retention").first(),
    }
    return _page(request, "retention", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(is_admin)
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """What a process means for people's data: read it, and sign it where somebody else wrote it."""
    found = get_object_or_404(
        PrivacyAssessment.objects.select_related("process", "written_by", "signed_by"), pk=pk
    )
    if request.method == "POST":
        impact.sign(assessment=found, by=person_here(request), at=clock.now())
        messages.success(request, _("Signed. The process may be published as far as data are concerned."))
        return redirect("cocreation:privacy_desk")
    context = {
        "assessment": found,
        "reasons": impact.reasons(found.process, found),
        "is_own": found.written_by_id == person_here(request).pk,
    }
    return _page(request, "assessment", context)


# --- requests ---


@require_safe
@staff_required(is_admin)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: whose it is, what they ask, until when."""
    found = get_object_or_404(Request.objects.select_related("person"), pk=pk)
    return _request(request, found, AnswerForm(), MoreTimeForm())


def _request(
    request: HttpRequest, found: Request, answer: AnswerForm, more: MoreTimeForm, status: int = 200
) -> HttpResponse:
    at = clock.now()
    context = {
        "asked": found,
        "about": requests.about_words(found),
        "form": answer,
        "more": more,
        "at": at,
        "may_extend": found.is_open and found.extended_at is None and at < found.due_at,
        "is_own": found.person_id == person_here(request).pk,
    }
    return _page(request, "request", context, status=status)


@require_POST
@staff_required(is_admin)
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Request.objects.select_related("person"), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _request(request, found, form, MoreTimeForm(), 422)
    requests.answer(request=found, by=person_here(request), at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Answered. The person is told."))
    return redirect("cocreation:privacy_desk")


@require_POST
@staff_required(is_admin)
def request_extend(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Request.objects.select_related("person"), pk=pk)
    form = MoreTimeForm(request.POST)
    if not form.is_valid():
        return _request(request, found, AnswerForm(), form, 422)
    requests.extend(request=found, why=form.cleaned_data["why"], by=person_here(request), at=clock.now())
    messages.success(request, _("Two months more. The person is told."))
    return redirect("cocreation:privacy_request", pk)
