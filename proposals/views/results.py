"""All results of an assessment in the open: one table, also as a file. What was refused stands beside what was not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.querysets import find_process
from groundwork import clock
from groundwork.answer import Words
from groundwork.html.paging import keyset
from proposals import memory
from proposals.assessing import progress
from proposals.models import Assessment, Assignment, ReasonCode
from proposals.neutral import neutral
from proposals.record import cost_words

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a chip: what it shows and how many."""

    words: Words
    value: str
    n: int
    current: bool


class Echo:
    """A file that gives back what is written, for a response that streams."""

    def write(self, value: str) -> str:
        return value


@require_safe
def assessments(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """`?verdict=`, `?why=`, `?office=` narrow it; `?format=csv` is the file."""
    at = clock.now()
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    found = Assessment.objects.standing().filter(
        proposal__process=process, proposal__is_public=True, proposal__process__published_at__isnull=False
    )
    asked = {name: request.GET.get(name, "") for name in ("verdict", "why", "office")}
    offices = {office.slug: office for office in memory.offices.all().values()}
    if asked["verdict"] not in Assessment.Verdict.values:
        asked["verdict"] = ""
    if asked["why"] not in ReasonCode.values:
        asked["why"] = ""
    if asked["office"] not in offices:
        asked["office"] = ""
    shown = found
    if asked["verdict"]:
        shown = shown.filter(verdict=asked["verdict"])
    if asked["why"]:
        shown = shown.filter(reason_code=asked["why"])
    if asked["office"]:
        shown = shown.filter(office=offices[asked["office"]])
    shown = shown.select_related("proposal").defer("proposal__search")
    if request.GET.get("format") == "csv":
        return _file(shown.order_by("-at", "-pk"), slug)
    counts = found.aggregate(
        **{f"v_{value}": Count("pk", filter=Q(verdict=value)) for value in Assessment.Verdict.values},
        **{f"r_{value}": Count("pk", filter=Q(reason_code=value)) for value in ReasonCode.values},
    )
    page = keyset(shown, order=("-at", "-pk"), after=request.GET.get("after"), size=PER_PAGE)
    context: dict[str, Any] = {
        "menu": "processes",
        "process": process,
        "progress": progress(process, at),
        "offices": _by_office(process.pk, asked["office"]),
        "verdicts": [
            Choice(label, value, counts[f"v_{value}"], value == asked["verdict"])
            for value, label in Assessment.Verdict.choices
        ],
        "reasons": [
            Choice(label, value, counts[f"r_{value}"], value == asked["why"])
            for value, label in ReasonCode.choices
            if counts[f"r_{value}"] or value == asked["why"]
        ],
        "asked": asked,
        "narrowed": any(asked.values()),
        "rows": [_row(each) for each in page.items],
        "next_url": _address(asked, after=page.next_token) if page.next_token else "",
        "csv_url": _address(asked, format="csv"),
    }
    return render(request, "proposals/assessments.html", context)


def _address(asked: dict[str, str], **more: str) -> str:
    return "?" + urlencode({key: value for key, value in (asked | more).items() if value})


def _by_office(process: int, chosen: str) -> list[dict[str, Any]]:
    """How far each office is. One query."""
    held = (
        Assignment.objects.held()
        .filter(proposal__process=process, proposal__is_public=True)
        .values("office")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
        .order_by(F("all").desc(), "office")
    )
    rows = []
    for each in held:
        office = memory.offices.get(each["office"])
        if office is not None:
            rows.append(
                {
                    "office": office,
                    "all": each["all"],
                    "done": each["done"],
                    "bar": [("", each["done"])],
                    "current": office.slug == chosen,
                }
            )
    return rows


def _row(each: Assessment) -> dict[str, Any]:
    office = memory.offices.get(each.office_id)
    proposal = each.proposal
    return {
        "assessment": each,
        "proposal": proposal,
        "title": proposal.in_language("title"),
        "lang": proposal.text_language(),
        "cost": cost_words(each),
        "office": office.name if office else "",
        "refused": each.verdict == Assessment.Verdict.NOT_FEASIBLE,
    }


def _file(found: QuerySet[Assessment], slug: str) -> StreamingHttpResponse:
    """The same rows as a file for spreadsheets; no cell begins like a formula."""
    writer = csv.writer(Echo(), delimiter=";")
    head = [
        _("Number"), _("Title"), _("Result"), _("Cost from"), _("Cost up to"), _("Cost per year"), _("Reason in one word"),
        _("Reason"), _("Alternative or way on"), _("Office"), _("Date"), _("Version assessed"),
    ]  # fmt: skip

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow(head)
        for each in found.iterator(chunk_size=500):
            row = _row(each)
            said = [
                each.proposal.receipt, row["title"], each.get_verdict_display(), each.cost_from, each.cost, each.yearly_cost,
                each.get_reason_code_display(), each.reason, each.way_on, row["office"], f"{each.at:%Y-%m-%d}",
                each.revision,
            ]  # fmt: skip
            yield writer.writerow([neutral(str(cell)) if cell is not None else "" for cell in said])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-assessments.csv"'
    return response
