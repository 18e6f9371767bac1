"""The studio's line of phases: add, move, double, remove and put back one, and choose another method for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import person_here
from cocreation import line_actions
from cocreation.desk import staff_required
from cocreation.forms import AddPhaseForm, MethodForm, MoveForm
from cocreation.line_plan import lanes_of
from cocreation.line_words import moves_of, sentence_of, shift_words
from cocreation.methods import methods
from cocreation.models import Phase, Process, RemovedPhase
from cocreation.views.studio import find_phase, find_process, may_configure, studio_page
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html.htmx import wants_fragment


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    form = AddPhaseForm(
        request.POST if request.method == "POST" else None,
        process=process,
        initial={"where": _wish(request, process)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            phase = line_actions.add_phase(
                process=process,
                method=methods.get(form.cleaned_data["method"]),
                by=person_here(request),
                at=clock.now(),
                **form.place(),
            )
        except Refused as refused:
            form.add_error("where", str(refused))
        else:
            messages.success(request, _("“{phase}” is added.").format(phase=phase.name))
            return redirect("cocreation:studio_phase", slug=slug, key=phase.key)
    return studio_page(request, process, "cocreation/studio/add.html", current="add", form=form)


def _wish(request: HttpRequest, process: Process) -> str:
    """Behind the last phase of the first lane, or in a lane beside where that was asked for."""
    lanes = lanes_of(process.line)
    if request.GET.get("lane") == "new" and lanes and len(lanes) < line_actions.MOST_LANES:
        return f"{len(lanes)}:beside={process.line[0].key}"
    after = next((phase for phase in process.line if phase.key == request.GET.get("after")), None)
    # The answer of the city is meant to stay the last.
    before = [phase for phase in lanes.get(0, ()) if phase.method != "answer"] or lanes.get(0)
    last = after or (before[-1] if before else None)
    return f"{last.lane}:after={last.key}" if last else "0:"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def move(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """To another place or lane. Looking says what would shift; only sending does it."""
    process, phase = _both(request, slug, key)
    at = clock.now()
    if request.method != "POST" and "to" in request.GET and wants_fragment(request):
        return HttpResponse(_sentence(process, phase, request.GET["to"]), content_type="text/plain")
    choices = [
        (f"{lane}:{place}", _to_words(words, sentence))
        for lane, place, words, sentence in _all(process, phase)
    ]
    form = MoveForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        lane, place = form.place()
        try:
            shifted = line_actions.move_phase(
                phase=phase, lane=lane, place=place, by=person_here(request), at=at
            )
        except Refused as refused:
            form.add_error("to", str(refused))
        else:
            messages.success(
                request, _("“{phase}” is moved.").format(phase=_name(phase)) + " " + shift_words(shifted)
            )
            return _back(request, slug)
    return studio_page(
        request,
        process,
        "cocreation/studio/move.html",
        current=key,
        form=form,
        phase=phase,
        is_open=bool(choices),
    )


def _all(process: Process, phase: Phase) -> list[tuple[int, int, str, str]]:
    """Every place the phase could have: (lane, place, words, what would shift)."""
    if not moves_of(process, phase, clock.now()):
        return []
    found = []
    lanes = lanes_of(process.line)
    for lane, phases in lanes.items():
        others = [other for other in phases if other.pk != phase.pk]
        for place in range(len(others) + 1):
            if lane == phase.lane and phases.index(phase) == place:
                continue
            words = (
                _("Lane {n}, after “{phase}”").format(n=lane + 1, phase=_name(others[place - 1]))
                if place
                else _("Lane {n}, first").format(n=lane + 1)
            )
            found.append((lane, place, words, sentence_of(process, phase, lane, place)))
    if len(lanes[phase.lane]) > 1 and len(lanes) < line_actions.MOST_LANES:
        lane = len(lanes)
        found.append(
            (lane, 0, _("In a new lane {n}").format(n=lane + 1), sentence_of(process, phase, lane, 0))
        )
    return found


def _to_words(words: str, sentence: str) -> str:
    return f"{words}. {sentence}"


def _sentence(process: Process, phase: Phase, to: str) -> str:
    found = next(
        (sentence for lane, place, _words, sentence in _all(process, phase) if f"{lane}:{place}" == to), ""
    )
    return found or _("It stays where it is.")


@require_POST
@staff_required(may_configure)
def duplicate(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    _process, phase = _both(request, slug, key)
    copy = line_actions.duplicate_phase(phase=phase, by=person_here(request), at=clock.now())
    messages.success(request, _("“{phase}” is added.").format(phase=copy.name or copy.kind.name))
    return redirect("cocreation:studio_phase", slug=slug, key=copy.key)


@require_POST
@staff_required(may_configure)
def remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Taken out at once; the overview offers to put it back."""
    _process, phase = _both(request, slug, key)
    line_actions.remove_phase(phase=phase, by=person_here(request), at=clock.now())
    messages.success(
        request, _("“{phase}” is taken out. You can put it back below.").format(phase=_name(phase))
    )
    return _back(request, slug)


@require_POST
@staff_required(may_configure)
def restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    removed = get_object_or_404(RemovedPhase.objects.select_related("process"), pk=pk, process__slug=slug)
    phase = line_actions.restore_phase(removed=removed, by=person_here(request), at=clock.now())
    sentence = _("“{phase}” is back.").format(phase=_name(phase))
    if phase.starts is None:
        sentence += " " + _("At its dates something else runs now; please give it new ones.")
    messages.success(request, sentence)
    return _back(request, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def method(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Another method: first the question what that resets, then it is done."""
    process, phase = _both(request, slug, key)
    form = MethodForm(request.POST if request.method == "POST" else None, phase=phase)
    asked: Any = None
    if request.method == "POST" and form.is_valid():
        asked = methods.get(form.cleaned_data["method"])
        if asked.slug == phase.method:
            return redirect("cocreation:studio_phase", slug=slug, key=key)
        if request.POST.get("sure"):
            line_actions.change_method(phase=phase, method=asked, by=person_here(request), at=clock.now())
            messages.success(request, _("The method is now: {method}").format(method=asked.name))
            return redirect("cocreation:studio_phase", slug=slug, key=key)
    return studio_page(
        request, process, "cocreation/studio/method.html", current=key, form=form, phase=phase, asked=asked
    )


def _both(request: HttpRequest, slug: str, key: str) -> tuple[Process, Phase]:
    process = find_process(request, slug)
    found = find_phase(process, key)
    if found is None:
        raise Http404
    return process, found


def _name(phase: Phase) -> str:
    return phase.name or str(phase.kind.name)


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    return redirect("cocreation:studio_process", slug=slug)
