"""Evaluation reports: all of them side by side, one as a page and as a PDF, and the desk that writes them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here, person_of
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from feedback import actions, keeping_rules, report_pages, reports
from feedback.desk_page import officials
from feedback.keeping_forms import ReportForm, texts
from feedback.models import Commitment, EvaluationReport
from feedback.words import badge_of
from groundwork import clock
from groundwork.answer import require
from groundwork.shared_pages.api import shared_page


def _published(request: HttpRequest, slug: str) -> EvaluationReport:
    visible = Process.objects.visible_to(person_of(request)).published()
    found: EvaluationReport = get_object_or_404(
        EvaluationReport.objects.select_related("process__office"), process__in=visible, process__slug=slug
    )
    return found


def _changed(process: Process, at: datetime) -> list[tuple[Commitment, str]]:
    """What was promised there, and how it stands today."""
    found = Commitment.objects.public().filter(process=process).for_board().order_by("due", "pk")
    found_words = []
    for each in found:
        state, more = str(each.state(at).label), str(badge_of(each, at).words)
        found_words.append((each, state if more == state else f"{state}: {more}"))
    return found_words


@shared_page()
@require_safe
def all_reports(request: HttpRequest) -> HttpResponse:
    """The same figures of every process, the newest first."""
    found = EvaluationReport.objects.filter(process__published_at__isnull=False).select_related("process")
    rows = [
        (report, report_pages.indicators(reports.Numbers.read(report.numbers)))
        for report in found.order_by("-published_at")
    ]
    heads = report_pages.indicators(reports.Numbers())
    return render(request, "feedback/reports.html", {"menu": "commitments", "rows": rows, "heads": heads})


@shared_page()
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    found, at = _published(request, slug), clock.now()
    numbers = reports.Numbers.read(found.numbers)
    context = {
        "menu": "processes",
        "report": found,
        "process": found.process,
        "indicators": report_pages.indicators(numbers),
        "figures": report_pages.figures(numbers),
        "tables": report_pages.tables(numbers),
        "changed": _changed(found.process, at),
        "late": found.published_on > found.due,
    }
    return render(request, "feedback/report.html", context)


@require_safe
def report_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    found = _published(request, slug)
    made = HttpResponse(
        report_pages.as_pdf(found, _changed(found.process, clock.now())), content_type="application/pdf"
    )
    made["Content-Disposition"] = 'inline; filename="{}-{}.pdf"'.format(_("evaluation"), found.process.slug)
    return made


# --- the desk ---


@staff_required(officials)
@require_safe
def desk_reports(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    owed = reports.owed(person_here(request), at).select_related("office")
    context = desk_context(request, "report", menu="commitments") | {
        "owed": [
            (process, timezone.localdate(due), due < at)
            for process in owed
            for due in [process.ended + keeping_rules.REPORT_WITHIN]  # type: ignore[attr-defined]
        ],
    }
    return render(request, "feedback/desk_reports.html", context)


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_report(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures as they would be published now, and the words to write."""
    person, at = person_here(request), clock.now()
    process = (
        Process.objects.visible_to(person).published().filter(slug=slug).select_related("office").first()
    )
    if process is None:
        raise Http404
    if EvaluationReport.objects.filter(process=process).exists():
        return redirect("feedback:report", slug)
    require(keeping_rules.may_report(person, process, at))
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = actions.publish_report(
            process=process, learned=texts(form, "learned"), changes=texts(form, "changes"), by=person, at=at
        )
        messages.success(
            request, _("Published: the evaluation report. Everyone who follows the process is told.")
        )
        return redirect(made.get_absolute_url())
    numbers = reports.numbers_of(process, at)
    due = keeping_rules.report_due(process)
    assert due is not None
    context = desk_context(request, "report", menu="commitments") | {
        "process": process,
        "form": form,
        "due": timezone.localdate(due),
        "overdue": due < at,
        "indicators": report_pages.indicators(numbers),
        "figures": report_pages.figures(numbers),
        "tables": report_pages.tables(numbers),
    }
    return render(request, "feedback/desk_report.html", context, status=422 if form.is_bound else 200)
