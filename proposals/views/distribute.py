"""Say which office is responsible for which proposals: choose, look at what would change, do it, undo it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.models import Process
from cocreation.querysets import find_process
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import No, Refused
from proposals import assess_actions as work
from proposals import desk, memory, rules
from proposals.assess_forms import DistributeForm
from proposals.assessing import due_of
from proposals.counts import counts_of
from proposals.models import Assignment, Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

SHOWN = 200  # in the preview; a distribution moves all that are chosen
MOST = 5000


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(desk.may_distribute)
def distribute(request: HttpRequest, slug: str) -> HttpResponse:
    """GET with `?office=` shows what would happen; POST `do=give` does it, `do=undo` takes a batch back."""
    person = person_here(request)
    at = clock.now()
    process = find_process(slug, person)
    if process is None or not process.is_published:
        raise Http404
    roles = roles_of(person)
    answer = rules.may_distribute(person, process)
    if isinstance(answer, No) and (request.method == "POST" or not roles.may_assess):
        raise Refused(answer)
    if request.method == "POST" and request.POST.get("do") == "undo":
        n = work.undo_distribution(process=process, batch=request.POST.get("batch", ""), by=person, at=at)
        return _go(process, undone=n)
    phase = next((each for each in process.line if "assess" in each.acts and each.is_open(at)), None)
    if phase is not None and request.method == "POST":
        work.assign_what_waits(at)
    here = counts_of(process).by("place")
    places = [(p.pk, p.name) for p in memory.places.all().values() if p.pk in here]
    data = request.POST if request.method == "POST" else request.GET
    form = DistributeForm(data if "office" in data else None, places=places)
    if request.method == "POST":
        if phase is None:
            raise Refused(No(_("This process does not assess proposals now.")))
        if form.is_valid():
            return _give(process, form, person, at, due_of(phase))
    return _page(request, process, form, answer, at, open_now=phase is not None)


def _chosen(process: Process, form: DistributeForm) -> QuerySet[Proposal]:
    """What the filter chooses: of the proposals that wait for an assessment."""
    said = form.cleaned_data
    found = Proposal.objects.public(process).filter(stage=Stage.RECEIVED)
    if said["theme"]:
        found = found.filter(theme__in=said["theme"])
    if said["place"]:
        found = found.filter(place__in=[int(key) for key in said["place"]])
    if said["q"]:
        found = found.filter(title__icontains=said["q"])
    held = Assignment.objects.held().filter(proposal=OuterRef("pk"))
    if said["now_at"]:
        found = found.filter(Exists(held.filter(office__slug=said["now_at"])))
    # Those the office has already stay as they are.
    return found.filter(~Exists(held.filter(office__slug=said["office"])))


def _give(
    process: Process, form: DistributeForm, person: Person, at: datetime, due: datetime | None
) -> HttpResponse:
    said = form.cleaned_data
    office = next(o for o in memory.offices.all().values() if o.slug == said["office"])
    plan = work.Distribution(
        process, office, said["due"] or due, tuple(_chosen(process, form).values_list("pk", flat=True)[:MOST]),
        said["how"] == "instead",
    )  # fmt: skip
    batch, n = work.distribute(plan=plan, by=person, at=at)
    return _go(process, given=n, to=office.slug, batch=batch)


def _go(process: Process, **facts: Any) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('proposals:distribute', args=[process.slug])}?{urlencode(facts)}")


def _page(
    request: HttpRequest, process: Process, form: DistributeForm, answer: Any, at: datetime, *, open_now: bool
) -> HttpResponse:
    preview = None
    if form.is_bound and form.is_valid():
        chosen = _chosen(process, form)
        held = Assignment.objects.held().filter(proposal=OuterRef("pk")).values("office")
        rows = chosen.annotate(offices=ArraySubquery(held.order_by("pk"))).order_by("pk")
        preview = {
            "n": chosen.count(),
            "rows": [
                {"proposal": row, "title": row.in_language("title"), "now": _names(row.offices)}  # type: ignore[attr-defined]
                for row in rows[:SHOWN]
            ],
            "office": next(o for o in memory.offices.all().values() if o.slug == form.cleaned_data["office"]),
            "instead": form.cleaned_data["how"] == "instead",
        }
    given, undone = request.GET.get("given", ""), request.GET.get("undone", "")
    to = memory.offices.by_slug([request.GET.get("to", "")]) if given else []
    context = desk_context(request, "assess") | {
        "process": process,
        "form": form,
        "preview": preview,
        "may": answer,
        "open_now": open_now,
        "given": int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None,
        "to": to[0] if to else None,
        "batch": request.GET.get("batch", "")[:22],
        "undone": int(undone) if undone.isascii() and undone.isdigit() and len(undone) < 6 else None,
        "by_office": _load(process),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "proposals/distribute.html", context, status=status)


def _names(offices: list[int]) -> str:
    return ", ".join(office.name for key in offices if (office := memory.offices.get(key)) is not None)


def _load(process: Process) -> list[dict[str, Any]]:
    """How much each office has now. One query."""
    rows = (
        Assignment.objects.held()
        .filter(proposal__process=process, proposal__is_public=True)
        .values("office")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
        .order_by(F("n").desc(), "office")
    )
    return [{**each, "office": o} for each in rows if (o := memory.offices.get(each["office"]))]
