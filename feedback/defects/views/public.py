"""What residents see: the list and the map, the form, one report."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of, signed_in
from cocreation import actions as hall
from cocreation import pending
from cocreation.admission import said_after
from cocreation.file_forms import FilesPart
from cocreation.models import Attachment, Contribution, Follow, Phase
from cocreation.participation import may_follow
from cocreation.pictures import COLUMNS, gallery, shown
from cocreation.record import author_of, gone, life_of
from cocreation.roles import roles_of
from cocreation.views.uploads import capped
from feedback.defects import actions, rules
from feedback.defects.forms import DefectForm
from feedback.defects.listing import MOST, STATES, Choice, alike, as_geojson, hue_of, pins
from feedback.defects.models import Defect, Service
from feedback.defects.pending_acts import report_from
from feedback.defects.record import lang_of
from feedback.defects.words import badge_of, state_words
from feedback.models import OfficialAnswer
from groundwork import clock
from groundwork.answer import Answer, No, Refused
from groundwork.html.htmx import is_partial
from groundwork.html.paging import keyset
from proposals import memory
from proposals.forms import places_within

PAGE = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was reported, newest first, as a list or on the map; filters stand in the address. The same number of queries
    however many there are."""
    person, at = person_of(request), clock.now()
    services = list(Service.objects.select_related("office").order_by("group", "name", "pk"))
    choice = Choice.read(request.GET, services)
    page = keyset(choice.found(person, at).as_shown(), ("-pk",), after=request.GET.get("after"), size=PAGE)
    phase = rules.open_phase(at)
    context: dict[str, Any] = {
        "menu": "defects",
        "choice": choice,
        "page": page,
        "rows": [(defect, badge_of(defect, at), lang_of(defect.contribution)) for defect in page.items],
        "states": [
            ("", _("All"), not choice.status),
            *((s, state_words(s), s == choice.status) for s in STATES),
        ],
        "services": [(each, each.code in choice.services) for each in services],
        "places": sorted(memory.places.all().values(), key=lambda place: place.name),
        "person": person,
        "phase": phase,
        "next_url": choice.address(after=page.next_token) if page.next_token else "",
        "list_url": choice.drawn(False).address() or request.path,
        "map_url": choice.drawn(True).address(),
    }
    if choice.as_map:
        context["pins"] = [(pin, hue_of(pin.defect, at)) for pin in pins(page.items)]
        context["geojson_url"] = reverse("defects:points") + choice.drawn(False).address()
    partial = "feedback/defects/list.html#list" if is_partial(request) else "feedback/defects/list.html"
    return render(request, partial, context)


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The choice as GeoJSON: what the map draws its pins from."""
    person, at = person_of(request), clock.now()
    choice = Choice.read(request.GET, Service.objects.all())
    found = list(choice.found(person, at).as_shown().order_by("-pk")[: MOST + 1])
    answer = JsonResponse(as_geojson(found, at, lambda defect: badge_of(defect, at).words))
    answer["Content-Type"] = "application/geo+json"
    answer["ETag"] = f'"{blake2b(answer.content, digest_size=12).hexdigest()}"'
    answer["Cache-Control"] = "public, max-age=60" if person is None else "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@capped
def report(request: HttpRequest) -> HttpResponse:
    """The form; who is not known yet writes all the same, and what they wrote waits for them. Before it is sent for good,
    open reports close by are shown: one of them may be the same problem."""
    person, at = person_of(request), clock.now()
    phase = rules.open_phase(at)
    answer = rules.may_report(person, phase, at)
    refused = isinstance(answer, No) and (phase is None or not answer.identify)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and refused and isinstance(answer, No):
        raise Refused(answer)
    services = list(Service.objects.offered())
    files = FilesPart(sent, request.FILES, person=person, at=at, too_big=request.too_big)  # type: ignore[attr-defined]
    again = sent is not None and files.asked
    form = DefectForm(
        None if again else sent,
        initial=sent.dict() if again and sent else {"service": request.GET.get("service", "")},
        services=services,
        places=places_within(phase.process) if phase else [],
    )
    same: list[Defect] = []
    if form.is_bound:
        fine = form.is_valid()
        if files.is_valid() and fine:
            same = [] if "seen" in request.POST else alike(form.payload())
            if not same and phase is not None:
                return _hand_in(phase, form, files, person, answer, at)
        form.more_errors = files.problems  # type: ignore[attr-defined]
    context = {
        "menu": "defects",
        "phase": phase,
        "process": phase.process if phase else None,
        "who": phase.audience_of(rules.ACT).sentence() if phase else "",
        "form": form,
        "files": files,
        "fresh": sent is None,
        "points": _points(form),
        "services": services,
        "same": [(defect, badge_of(defect, at), lang_of(defect.contribution)) for defect in same],
        "refusal": answer if refused else None,
        "visitor": person is None,
        "missing": answer if person is not None and isinstance(answer, No) and not refused else None,
    }
    return render(request, "feedback/defects/report.html", context, status=422 if form.is_bound else 200)


def _hand_in(
    phase: Phase, form: DefectForm, files: FilesPart, person: Person | None, answer: Answer, at: datetime
) -> HttpResponse:
    if person is None or not answer:
        payload = form.payload() | files.payload()
        kept = pending.keep(rules.ACT, payload, process=phase.process, at=at, person=person, answer=answer)
        return HttpResponseRedirect(reverse("cocreation:waiting", args=[kept.token]))
    defect = actions.report_defect(
        report=report_from(form.payload()), by=person, at=at, draft=files.draft, listed=files.listed
    )
    return HttpResponseRedirect(f"{defect.get_absolute_url()}?new=1")


def _points(form: DefectForm) -> str:
    """Where the places lie on the map, for a point to be told in words."""
    return json.dumps(
        [
            {"key": place.pk, "name": place.name, "x": place.map_x, "y": place.map_y}
            for place in form.places
            if place.map_x is not None
        ]
    )


def find(receipt: str, person: Person | None) -> Defect:
    """404 for what this person may not see."""
    seen = Defect.objects.visible_to(person).select_related(
        "service__office",
        "place",
        "contribution__process",
        "contribution__author",
        "contribution__organisation",
    )
    return get_object_or_404(seen, receipt=receipt)


@require_safe
def defect(request: HttpRequest, receipt: str) -> HttpResponse:
    """One report: what, where, how it stands, what the office said, what happened and what comes next."""
    person, at = person_of(request), clock.now()
    found = find(receipt, person)
    contribution = found.contribution
    files = shown(Attachment.objects.filter(contribution=found.pk).order_by("order", "id").values(*COLUMNS))
    is_author = person is not None and contribution.author_id == person.pk
    answer = OfficialAnswer.objects.filter(contribution=found.pk).newest_first().first()
    context = {
        "menu": "defects",
        "defect": found,
        "badge": badge_of(found, at),
        "is_overdue": found.is_overdue(at),
        "text_lang": lang_of(contribution),
        "by": author_of(contribution),
        "life": life_of(contribution, person, at),
        "answer": answer,
        "files": files,
        "gallery": gallery(files, ""),
        "gone": None if contribution.is_public else gone(contribution),
        "thanks": said_after(contribution, _("Thank you. Your report has arrived."))
        if is_author and "new" in request.GET
        else "",
        "is_author": is_author,
        "may_withdraw": bool(rules.may_withdraw(person, found)),
        "follows": person is not None
        and Follow.objects.filter(contribution=found.pk, person=person).exists(),
        "desk_url": reverse("defects:desk_defect", args=[receipt])
        if roles_of(person).acts_for(found.service.office_id)
        else "",
        "may_moderate": roles_of(person).moderates.covers(contribution.process),
        "hue": hue_of(found, at),
    }
    return render(request, "feedback/defects/defect.html", context)


@require_POST
def follow(request: HttpRequest, receipt: str) -> HttpResponse:
    """Be told what becomes of it, instead of reporting it once more. The wish of a visitor is kept."""
    person, at = person_of(request), clock.now()
    found = find(receipt, person)
    contribution: Contribution = found.contribution
    answer = may_follow(person) if person is not None else None
    if person is None or not answer:
        payload = {"receipt": receipt, "title": found.short, "url": found.get_absolute_url()}
        kept = pending.keep(
            "follow_contribution", payload, process=contribution.process, at=at, person=person, answer=answer
        )
        return redirect("cocreation:waiting", token=kept.token)
    hall.follow(person=person, contribution=contribution, at=at)
    messages.success(request, _("You are told what becomes of it."))
    return redirect(found.get_absolute_url())


@require_POST
def unfollow(request: HttpRequest, receipt: str) -> HttpResponse:
    person = signed_in(request)
    found = find(receipt, person)
    hall.unfollow(person=person, contribution=found.contribution)
    return redirect(found.get_absolute_url())


@require_POST
def withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    person = signed_in(request)
    actions.withdraw_defect(defect=find(receipt, person), by=person, at=clock.now())
    messages.success(request, _("Your report was withdrawn. Nobody else sees it any more."))
    return redirect("defects:list")
