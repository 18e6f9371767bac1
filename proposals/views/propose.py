"""Write first, identify later."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.request import person_of
from cocreation import pending
from cocreation.file_forms import FilesPart
from cocreation.models import Process
from cocreation.pictures import gallery
from cocreation.views.uploads import capped
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import is_partial
from proposals import memory, rules
from proposals.actions import publish_proposal
from proposals.forms import ProposalForm, organisation_from, text_from
from proposals.models import Theme
from proposals.queries import alike
from proposals.views.page import get_proposal, support_or_keep

if TYPE_CHECKING:
    from accounts.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@capped
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; who is not known yet writes all the same, and what they wrote waits for them.

    Its buttons for a preview and for files show the form again with what was written; nothing is checked then.
    """
    person, at = person_of(request), clock.now()
    process = get_object_or_404(Process.objects.visible_to(person), slug=slug)
    answer = rules.may_propose(person, process, at)
    waits = person is None or (isinstance(answer, No) and answer.identify)
    refused = isinstance(answer, No) and not answer.identify
    sent = request.POST if request.method == "POST" else None
    if sent is not None and refused and isinstance(answer, No):
        raise Refused(answer)
    files = FilesPart(sent, request.FILES, person=person, at=at, too_big=request.too_big)  # type: ignore[attr-defined]
    preview = sent is not None and "preview" in sent
    again = sent is not None and (preview or files.asked)
    form = ProposalForm(
        None if again else sent,
        initial=sent.dict() if again and sent else None,
        process=process,
        person=person,
    )
    if form.is_bound:
        fine = form.is_valid()
        if files.is_valid() and fine:
            return _hand_in(process, form, files, person, answer, at)
        form.more_errors = files.problems  # type: ignore[attr-defined]
    phase = process.phase_with("propose", at)
    title = str(form["title"].value() or "") if sent is not None else ""
    context = {
        "menu": "processes",
        "process": process,
        "phase": phase,
        "who": phase.audience_of("propose").sentence() if phase else "",
        "form": form,
        "files": files,
        "fresh": sent is None,
        "preview": _preview(form, files) if preview else None,
        "points": _points(form),
        "refusal": answer if refused else None,
        "visitor": person is None,
        "missing": answer if waits and person is not None else None,
        **_similar(process, title),
    }
    return render(request, "proposals/propose.html", context, status=422 if form.is_bound else 200)


def _hand_in(
    process: Process,
    form: ProposalForm,
    files: FilesPart,
    person: Person | None,
    answer: Answer,
    at: datetime,
) -> HttpResponse:
    if person is None or not answer:
        payload = form.payload() | files.payload() | {"process": process.slug}
        kept = pending.keep("propose", payload, process=process, at=at, person=person, answer=answer)
        return HttpResponseRedirect(reverse("cocreation:waiting", args=[kept.token]))
    written = form.payload()
    proposal = publish_proposal(
        process=process, text=text_from(written), by=person, at=at, organisation=organisation_from(written),
        draft=files.draft, listed=files.listed,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("proposals:receipt", args=[proposal.receipt]) + "?new=1")


def _preview(form: ProposalForm, files: FilesPart) -> dict[str, Any]:
    """What was written, as readers would see it."""
    written = {
        name: str(form[name].value() or "") for name in ("title", "summary", "body", "location", "theme")
    }
    key = str(form["place"].value() or "")
    place = memory.places.get(int(key)) if key.isascii() and key.isdigit() else None
    return written | {
        "pictures": files.shown,
        "gallery": gallery(files.shown, written["body"]),
        "place": place.name if place else "",
        "theme": dict(Theme.choices).get(written["theme"], ""),
    }


def _points(form: ProposalForm) -> str:
    """Where the places lie on the map, for a point to be told in words."""
    found = [
        {"key": place.pk, "name": place.name, "x": place.map_x, "y": place.map_y}
        for place in form.places
        if place.map_x is not None
    ]
    return json.dumps(found)


@require_http_methods(["GET", "HEAD", "POST"])
def similar_to(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that shows, while somebody types a title, what others have proposed already.

    POST supports one of them. The page with the own text stays open beside it.
    """
    person, at = person_of(request), clock.now()
    process = get_object_or_404(Process.objects.visible_to(person), slug=slug)
    if request.method != "POST":
        title = request.GET.get("title", "").replace("\x00", "")
        return render(request, "proposals/similar.html", {"process": process} | _similar(process, title))
    other = get_proposal(request.POST.get("receipt", "")[:16].replace("\x00", ""), person)
    waits_at = support_or_keep(other, person, at)
    if not is_partial(request):
        return HttpResponseRedirect(waits_at or f"{other.get_absolute_url()}#support")
    context = {"process": process, "other": other, "waits_at": waits_at}
    return render(request, "proposals/similar.html#supported", context)


def _similar(process: Process, title: str) -> dict[str, Any]:
    return {"similar": alike(title, get_language() or "de", process=process) if title.strip() else []}
