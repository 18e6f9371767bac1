"""Write first, identify later."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_of
from cocreation import pending
from cocreation.models import Process
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from proposals import rules
from proposals.actions import publish_proposal
from proposals.forms import ProposalForm, organisation_from, text_from
from proposals.queries import alike

if TYPE_CHECKING:
    from accounts.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; who is not known yet writes all the same, and what they wrote waits for them."""
    person, at = person_of(request), clock.now()
    process = get_object_or_404(Process.objects.visible_to(person), slug=slug)
    answer = rules.may_propose(person, process, at)
    waits = person is None or (isinstance(answer, No) and answer.identify)
    refused = isinstance(answer, No) and not answer.identify
    if request.method == "POST" and refused and isinstance(answer, No):
        raise Refused(answer)
    form = ProposalForm(request.POST if request.method == "POST" else None, process=process, person=person)
    if request.method == "POST" and form.is_valid():
        return _hand_in(process, form, person, answer, at)
    phase = process.phase_with("propose", at)
    context = {
        "menu": "processes",
        "process": process,
        "phase": phase,
        "who": phase.audience_of("propose").sentence() if phase else "",
        "form": form,
        "refusal": answer if refused else None,
        "visitor": person is None,
        "missing": answer if waits and person is not None else None,
        **_similar(process, form["title"].value() or "" if form.is_bound else ""),
    }
    return render(request, "proposals/propose.html", context, status=422 if form.is_bound else 200)


def _hand_in(
    process: Process, form: ProposalForm, person: Person | None, answer: Answer, at: datetime
) -> HttpResponse:
    if person is None or not answer:
        payload = form.payload() | {"process": process.slug}
        kept = pending.keep("propose", payload, process=process, at=at, person=person, answer=answer)
        return HttpResponseRedirect(reverse("cocreation:waiting", args=[kept.token]))
    written = form.payload()
    proposal = publish_proposal(
        process=process, text=text_from(written), by=person, at=at, organisation=organisation_from(written)
    )
    return HttpResponseRedirect(reverse("proposals:receipt", args=[proposal.receipt]) + "?new=1")


@require_safe
def similar_to(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that shows, while somebody types a title, what others have proposed already."""
    process = get_object_or_404(Process.objects.visible_to(person_of(request)), slug=slug)
    title = request.GET.get("title", "").replace("\x00", "")
    return render(request, "proposals/similar.html", {"process": process} | _similar(process, title))


def _similar(process: Process, title: str) -> dict[str, Any]:
    return {"similar": alike(title, get_language() or "de", process=process) if title.strip() else []}
