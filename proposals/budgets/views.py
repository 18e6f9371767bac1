"""The page of how the money of a process is divided, and its table as a file."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.models import Process
from cocreation.querysets import find_process
from groundwork import clock
from proposals.budgets import money_page, rules
from proposals.budgets.models import Division
from proposals.export import harmless


def _asked(request: HttpRequest, slug: str) -> tuple[Process, list[Division], Division]:
    """The process, its versions (the newest first) and the one asked for: `?version=1`, otherwise the newest."""
    process = find_process(slug, person_of(request))
    versions = list(Division.objects.filter(process=process).order_by("-number")) if process else []
    if process is None or not versions:
        raise Http404
    wanted = request.GET.get("version", "")
    found = next((each for each in versions if str(each.number) == wanted), None) if wanted else versions[0]
    if found is None:
        raise Http404
    return process, versions, found


@require_safe
def divided(request: HttpRequest, slug: str) -> HttpResponse:
    process, versions, division = _asked(request, slug)
    at = clock.now()
    plan, rows = money_page.plan_of(division), money_page.rows_of(division)
    newest = division == versions[0]
    result = money_page.give_out(process, rows) if newest else None
    fixed, when = money_page.freeze(process, at)
    in_envelopes = any(phase.opts.envelopes for phase in rules.ballots_of(process))
    context = {
        "menu": "processes",
        "process": process,
        "division": division,
        "versions": versions,
        "newest": newest,
        "fixed": fixed,
        "when": when,
        "steps": money_page.sentences(plan, rows, in_envelopes=in_envelopes),
        "points": money_page.points_sentences(plan),
        "divided": division.total - division.common,
        "rows": rows,
        "average_shown": money_page.per_head(money_page.average(rows)),
        "result": result,
        "shapes": money_page.shapes(rows, given=False),
        "legend": money_page.legend(rows, given=False),
        "got_shapes": money_page.shapes(rows, given=True) if result else [],
        "got_legend": money_page.legend(rows, given=True) if result else [],
    }
    return render(request, "proposals/budgets/divided.html", context)


@require_safe
def shares_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Every figure the formula took and every sum it gave, as CSV: enough to reckon it again."""
    process, _versions, division = _asked(request, slug)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(
        ["rank", "place", "name", "residents", "deprivation", "missing_services", "priority", "points", "base",
         "solidarity", "weighted", "amount"]
    )  # fmt: skip
    for row in money_page.rows_of(division):
        lines.writerow(
            [row.rank, row.place.slug, harmless(row.place.name), row.population, row.deprivation, row.deficit, row.priority,
             "" if row.points is None else row.points, row.base, row.solidarity, row.weighted, row.amount]
        )  # fmt: skip
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{process.slug}-shares-{division.number}.csv"'
    return answer
