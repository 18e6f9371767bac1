"""The list as a file: for everybody as CSV, for the offices as CSV or XLSX with an entry in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_of
from cocreation.models import Process
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.answer import No, Refused
from proposals import export
from proposals.models import Proposal
from proposals.queries import Choice

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
    export.export_all(process=process, by=person, at=at, form=form, number=found.count())
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


def _found(request: HttpRequest, process: Process | None) -> Any:
    choice = Choice.read(request.GET)
    return choice.narrow(
        Proposal.objects.public(process), get_language() or "de", asked=choice.asked(process)
    )


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
