"""The desk: adopted texts of a process, and which contributions stand behind which paragraph."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.querysets import find_process
from feedback import actions, traces
from feedback.desk_page import officials
from feedback.draft_forms import PlanForm
from feedback.forms import offices_of
from feedback.models import Plan
from groundwork import clock
from groundwork.answer import Refused


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """What was adopted after a process, and the form for the next one."""
    person = person_here(request)
    process = find_process(slug, person)
    if process is None or not process.is_published:
        raise Http404
    form = PlanForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.make_plan(
                process=process, office=data["office"], title={"de": data["title_de"], "en": data["title_en"]},
                paragraphs=data["paragraphs"], link=data["link"], by=person, at=clock.now(),
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(
                request, _("Saved as a draft. Now say which contributions stand behind which paragraph.")
            )
            return redirect("feedback:desk_plan", made.pk)
    mine = [office.pk for office in offices_of(person)]
    found = Plan.objects.filter(process=process).order_by("-made_at")
    context = desk_context(request, "answer") | {
        "process": process, "form": form,
        "plans": [plan for plan in found if plan.published_at or plan.office_id in mine],
    }  # fmt: skip
    return render(request, "feedback/desk_plans.html", context, status=422 if form.is_bound else 200)


@staff_required(officials)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie contributions to paragraphs, then publish."""
    person, at = person_here(request), clock.now()
    mine = Plan.objects.filter(office__in=offices_of(person), published_at__isnull=True)
    found = get_object_or_404(mine.select_related("process", "office"), pk=pk)
    paragraphs = list(found.paragraphs.prefetch_related("sources__contribution"))  # type: ignore[attr-defined]
    typed = {
        row.order: request.POST.get(f"p{row.order}", "")
        if request.method == "POST"
        else ", ".join(source.contribution.receipt for source in row.sources.all())
        for row in paragraphs
    }
    error = ""
    if request.method == "POST":
        do = request.POST.get("do")
        if do == "discard":
            actions.discard_plan(plan=found, by=person)
            messages.success(request, _("The draft is gone. Nothing was published."))
            return redirect("feedback:desk_plans", found.process.slug)
        try:
            sources = {order: traces.receipts_in(text) for order, text in typed.items()}
            actions.tie(plan=found, sources=sources, by=person)
            if do == "publish":
                actions.publish_plan(plan=found, by=person, at=at)
                messages.success(
                    request, _("The text is public. The authors behind it hear where their words landed.")
                )
                return redirect(found.get_absolute_url())
            messages.success(request, _("Saved."))
            return redirect("feedback:desk_plan", pk)
        except Refused as refusal:
            error = str(refusal.answer.reason)
    context = desk_context(request, "answer") | {
        "plan": found, "rows": [(row, typed[row.order]) for row in paragraphs], "error": error,
    }  # fmt: skip
    return render(request, "feedback/desk_plan.html", context, status=422 if error else 200)
