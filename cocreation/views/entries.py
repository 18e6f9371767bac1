"""The desk of processes that check by themselves: find the entry of whoever stands there, attach it or give out a code."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.claiming import confirmed_account
from accounts.request import person_here
from cocreation import eligibility
from cocreation.checks import desk, letters, limits, paper
from cocreation.checks.attributes import Problem
from cocreation.checks.base import Attributes
from cocreation.checks.forms import AttachForm, DeskAddForm, DeskFindForm, born_of
from cocreation.desk import desk_context, staff_required
from cocreation.models import CheckSource, Eligibility, Process
from cocreation.views.desk import may_verify
from groundwork import clock
from groundwork.answer import No, Refused
from groundwork.journal import api as journal

_SALT = "desk-entry"
_KEPT = 900
ADD_ID = "add_%s"  # two forms of one page share names of fields


def _processes() -> Any:
    return Process.objects.published().filter(
        pk__in=CheckSource.objects.filter(adapter="desk", active=True).values("process")
    )


@require_safe
@staff_required(may_verify)
def index(request: HttpRequest) -> HttpResponse:
    """Processes whose entries are found at the desk."""
    context = desk_context(request, "entries") | {"processes": list(_processes().order_by("title"))}
    return render(request, "cocreation/desk/entries.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_verify)
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One person after the other: find, then attach to an account or give out a code. What was typed in is kept nowhere."""
    process = get_object_or_404(_processes(), slug=slug)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    held = _held(request, process) if act in ("attach", "slip") else None
    if act == "attach" and held is not None:
        return _attach(request, process, held)
    if act == "slip" and held is not None:
        return _slip(request, process, held)
    find = DeskFindForm(request.POST if act == "find" else None)
    add = (
        DeskAddForm(request.POST if act == "add" else None, auto_id=ADD_ID) if desk.may_add(process) else None
    )
    if act == "find" and find.is_valid():
        return _find(request, process, find, add)
    if act == "add" and add is not None and add.is_valid():
        return _add(request, process, find, add)
    return _page(request, process, status=422 if request.method == "POST" else 200, find=find, add=add)


def _who(request: HttpRequest) -> list[tuple[str, str]]:
    return [("address", f"desk {person_here(request).pk}")]


def _find(
    request: HttpRequest, process: Process, find: DeskFindForm, add: DeskAddForm | None
) -> HttpResponse:
    at, data = clock.now(), find.cleaned_data
    found: Eligibility | No
    answer = limits.may_try(process.pk, "desk", _who(request), at)
    if isinstance(answer, No):
        found = answer
    else:
        found = desk.identify(
            process,
            number=data["number"],
            postal=data["postal"],
            born=born_of(data["born"]),
            name=data["name"],
            at=at,
        )
    if isinstance(found, No):
        limits.wrong(process.pk, "desk", _who(request), at)
        if add is not None:
            add = DeskAddForm(initial={"number": data["number"], "born": data["born"]}, auto_id=ADD_ID)
        find.add_error(None, found.sentence)
        return _page(request, process, status=422, find=find, add=add, may_add=found is desk.NOT_THERE)
    return _page(request, process, status=200, found=found)


def _add(request: HttpRequest, process: Process, find: DeskFindForm, add: DeskAddForm) -> HttpResponse:
    data = add.cleaned_data
    try:
        band = desk.band_of_desk(process, born_of(data["born"]), clock.now())
    except Problem as problem:
        add.add_error("born", str(problem.words))
        return _page(request, process, status=422, find=find, add=add, may_add=True)
    found = desk.add(process, number=data["number"], attributes=Attributes(data["residence"], band))
    if isinstance(found, No):
        add.add_error("number", str(found.reason))
        return _page(request, process, status=422, find=find, add=add, may_add=True)
    return _page(request, process, status=200, found=found)


def _held(request: HttpRequest, process: Process) -> Eligibility | None:
    """The entry of the step before, for a quarter of an hour."""
    try:
        key = signing.loads(request.POST.get("held", ""), salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return None
    return Eligibility.objects.standing().filter(process=process, pk=key).first()


@transaction.atomic
def _attach(request: HttpRequest, process: Process, held: Eligibility) -> HttpResponse:
    form = AttachForm(request.POST)
    if not form.is_valid():
        return _page(request, process, status=422, found=held, attach=form)
    owner = confirmed_account(form.cleaned_data["email"])
    by, at = person_here(request), clock.now()
    if owner is None:
        form.add_error(
            "email", _("There is no confirmed account with this address. Give out a code instead.")
        )
        return _page(request, process, status=422, found=held, attach=form)
    try:
        if owner.pk == by.pk:
            raise Refused(No(_("Somebody else at the office has to attach your own entry.")))
        eligibility.claim(entry=held, person=owner, by_way_of=Eligibility.Source.DESK, at=at)
    except Refused as refused:
        form.add_error("email", refused.answer.sentence)
        return _page(request, process, status=422, found=held, attach=form)
    journal.record("entry.attached", by=by, on=process, process=process, at=at)
    return redirect(f"{request.path}?done=1")


@transaction.atomic
def _slip(request: HttpRequest, process: Process, held: Eligibility) -> HttpResponse:
    by, at = person_here(request), clock.now()
    code, serial = letters.slip(entry=held, by=by, at=at)
    journal.record("entry.slip_given", by=by, on=process, process=process, at=at)
    context = {"process": process, "code": code, "serial": serial, "address": paper.short_address(process)}
    answer = render(request, "cocreation/desk/slip.html", desk_context(request, "entries") | context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page(request: HttpRequest, process: Process, *, status: int, **about: Any) -> HttpResponse:
    found: Eligibility | None = about.get("found")
    context = desk_context(request, "entries") | {
        "process": process,
        "find": DeskFindForm(),
        "add": None,
        "may_add": False,
        "attach": AttachForm(),
        "found": None,
        "done": "done" in request.GET,
        **about,
    }
    if found is not None:
        context |= {
            "held": signing.dumps(found.pk, salt=_SALT),
            "attributes": Attributes(found.residence, found.age_band).words(),
            "in_use": found.person_id is not None,
        }
    return render(request, "cocreation/desk/entry.html", context, status=status)
