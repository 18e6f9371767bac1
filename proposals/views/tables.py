"""The list as a file: for everybody as CSV, for the offices as CSV or XLSX with an entry in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_of
from cocreation.desk import desk_context
from cocreation.models import Process
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job
from proposals import export, exporting
from proposals.models import ListExport

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def csv_all(request: HttpRequest) -> StreamingHttpResponse:
    """The proposals of the city, as the filters of the address choose."""
    return _csv(_found(request, None), export.PUBLIC, "proposals")


@require_safe
def csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The proposals of one process."""
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    return _csv(_found(request, process), export.PUBLIC, f"proposals-{slug}")


@require_POST
def export_all(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """With the columns the offices work with. That it was taken is on record."""
    person, at = person_of(request), clock.now()
    process = find_process(slug, person)
    if process is None:
        raise Http404
    answer = export.may_export_all(person, process)
    if person is None or isinstance(answer, No):
        raise Refused(answer if isinstance(answer, No) else No(""))
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    found = _found(request, process)
    number = found.count()
    if number > exporting.LONG:
        asked = exporting.ask(
            process=process, by=person, at=at, form=form, query=request.GET.urlencode(),
            language=get_language() or "de", number=number,
        )  # fmt: skip
        return redirect(asked)
    export.export_all(process=process, by=person, at=at, form=form, number=number)
    if form == "csv":
        return _csv(found, export.STAFF, f"proposals-{slug}")
    return HttpResponse(
        export.xlsx(export.rows(found, export.STAFF), process.title),
        content_type=SHEET,
        headers={
            "Content-Disposition": f'attachment; filename="proposals-{slug}.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def list_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A long list on its way: how far it is, where it lies, or why it failed and a button to try again."""
    asked, at = _asked(request, pk), clock.now()
    if request.method == "POST":
        exporting.again(asked, at=at)
        messages.success(request, _("It is started again. Look here in a moment."))
        return redirect(asked)
    job = Job.objects.filter(kind=exporting.KIND, key=str(pk)).first()
    context = desk_context(request) | {
        "asked": asked,
        "job": job,
        "why": jobs.reason_of(job) if job and job.state == Job.State.FAILED else "",
        "gone": asked.expires_at is not None and asked.expires_at <= at,
    }
    answer = render(request, "proposals/list_file.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def list_download(request: HttpRequest, pk: int) -> FileResponse:
    asked = _asked(request, pk)
    answer = FileResponse(
        exporting.fetch(asked, at=clock.now()),
        as_attachment=True,
        filename=f"proposals-{asked.process.slug}.{asked.form}",
        content_type=SHEET if asked.form == ListExport.Form.XLSX else "text/csv; charset=utf-8",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest, pk: int) -> ListExport:
    """The list, for who may have it; nobody else may know of it."""
    asked = ListExport.objects.select_related("process").filter(pk=pk).first()
    if asked is None or not exporting.may_read(person_of(request), asked):
        raise Http404
    return asked


def _found(request: HttpRequest, process: Process | None) -> Any:
    return exporting.found(process, request.GET, get_language() or "de")


def _csv(found: Any, columns: list[export.Column], name: str) -> StreamingHttpResponse:
    lines: Iterator[str] = export.csv_lines(export.rows(found, columns))
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
