"""Recipes of one's own, export as a file, import with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here
from cocreation import packages, sharing
from cocreation.audience import Audience
from cocreation.desk import staff_required
from cocreation.forms import ImportForm, RecipeForm, UploadForm
from cocreation.lines import MOST_COLUMNS
from cocreation.methods import methods
from cocreation.models import IncomingPackage, Process, SavedRecipe
from cocreation.packages import Package
from cocreation.said import said
from cocreation.views.studio import find_process, may_configure
from groundwork import clock
from groundwork.answer import Refused, Words
from groundwork.html import say
from groundwork.html.line import Lane, Stop

# --- recipes of one's own ---


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def save_recipe(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what the recipe is called and what it is good for."""
    process = find_process(request, slug)
    form = RecipeForm(request.POST if request.method == "POST" else None, process=process)
    if request.method == "POST" and form.is_valid():
        try:
            saved = sharing.save_as_recipe(
                process=process,
                name=form.both("name"),
                about=form.both("about"),
                by=person_here(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Saved. “{name}” is offered for new processes now.").format(name=saved.name)
            )
            return redirect("cocreation:studio_recipes")
    context = {"form": form, "process": process, "menu": "processes"}
    return render(
        request, "cocreation/studio/save_recipe.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@staff_required(may_configure)
def recipes(request: HttpRequest) -> HttpResponse:
    """The city's own recipes: those that are offered, and those that were removed and can come back."""
    saved = list(SavedRecipe.objects.select_related("from_process"))
    context = {
        "offered": [recipe for recipe in saved if not recipe.removed_at],
        "removed": [recipe for recipe in saved if recipe.removed_at],
        "menu": "processes",
    }
    return render(request, "cocreation/studio/recipes.html", context)


@require_POST
@staff_required(may_configure)
def remove_recipe(request: HttpRequest, recipe: str) -> HttpResponse:
    found = get_object_or_404(SavedRecipe, slug=recipe)
    sharing.remove_recipe(recipe=found, by=person_here(request), at=clock.now())
    messages.success(request, _("Removed. You can bring it back below."))
    return redirect("cocreation:studio_recipes")


@require_POST
@staff_required(may_configure)
def restore_recipe(request: HttpRequest, recipe: str) -> HttpResponse:
    found = get_object_or_404(SavedRecipe, slug=recipe)
    sharing.restore_recipe(recipe=found, by=person_here(request))
    messages.success(request, _("“{name}” is offered again.").format(name=found.name))
    return redirect("cocreation:studio_recipes")


# --- out ---


@require_safe
@staff_required(may_configure)
def export(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    response = HttpResponse(packages.write(packages.export(process)), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="quartier-process-{process.slug}.json"'
    return response


# --- in ---


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = sharing.receive(
                file=file.name, content=file.read(), by=person_here(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("cocreation:studio_incoming", token=found.pk)
    context = {"form": form, "menu": "processes"}
    return render(request, "cocreation/studio/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def incoming(request: HttpRequest, token: str) -> HttpResponse:
    """What a package would create, what has to be chosen, and the draft itself."""
    at, person = clock.now(), person_here(request)
    found = get_object_or_404(IncomingPackage.objects.waiting(at), pk=token, by=person)
    try:
        package = packages.read(found.body)
    except Refused as refused:  # a method was taken away since
        context = {"file": found.file, "refused": refused.answer, "menu": "processes"}
        return render(request, "cocreation/studio/incoming.html", context, status=403)
    form = ImportForm(request.POST if request.method == "POST" else None, package=package)
    if request.method == "POST" and form.is_valid():
        try:
            process = sharing.create_from_package(
                incoming=found,
                office=form.cleaned_data["office"],
                places=form.places(),
                starts=form.cleaned_data["starts"],
                by=person,
                at=at,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is there. Nobody else sees it yet."))
            return redirect("cocreation:studio_process", slug=process.slug)
    context = {"file": found.file, "form": form, "menu": "processes"} | _preview(package, at)
    return render(request, "cocreation/studio/incoming.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True, slots=True)
class Planned:
    """A phase as the preview tells it: what it is called, when it runs, and who may do what."""

    name: Words
    method: Words
    when: str
    who: list[tuple[Words, Words]]


def _preview(package: Package, at: datetime) -> dict[str, Any]:
    data = package.data
    phases = sorted(data["phases"], key=lambda phase: (phase["lane"], phase["order"]))
    columns = Process._meta
    texts: list[tuple[Words, str, str]] = [
        (columns.get_field(name).verbose_name, data["texts"][name]["de"], data["texts"][name]["en"])  # type: ignore[union-attr]
        for name in packages.ALL_TEXTS
        if any(data["texts"][name].values())
    ]
    return {
        "title": said(data["texts"]["title"]),
        "question": said(data["texts"]["question"]),
        "hue": data["facts"].get("hue", "moss"),
        "pattern_name": data["facts"].get("pattern", "fields"),
        "stops": [_stop(phase) for phase in phases if phase["lane"] == 0][:MOST_COLUMNS],
        "lanes": _lanes(phases),
        "phases": [_planned(phase) for phase in phases],
        "texts": texts,
        "attribution": [
            (one["city"], said(one["office"]), date.fromisoformat(one["date"]), one["origin"])
            for one in data["attribution"]
        ],
        "unknown": package.unknown_parts,
        "parts": [part.words for part, _data in package.parts],
        "past": package.begins is not None and package.begins < at,
        "language": get_language(),
    }


def _stop(phase: dict[str, Any]) -> Stop:
    return Stop(_name(phase), "next", _when(phase))


def _name(phase: dict[str, Any]) -> str:
    return str(said(phase["name"])) or str(methods.get(phase["method"]).name)


def _when(phase: dict[str, Any]) -> str:
    if phase["starts"] and phase["ends"]:
        return _("{start} to {end}").format(start=say.day(phase["starts"]), end=say.day(phase["ends"]))
    return _("no date yet")


def _lanes(phases: list[dict[str, Any]]) -> list[Lane]:
    """The lanes beside the main one, each over the stop of the main lane that runs when it begins."""
    main = [phase for phase in phases if phase["lane"] == 0]
    lanes: list[Lane] = []
    for lane in sorted({phase["lane"] for phase in phases} - {0}):
        along = [phase for phase in phases if phase["lane"] == lane]
        first = along[0]["starts"]
        start = sum(1 for phase in main if first and phase["starts"] and phase["starts"] <= first)
        start = min(max(start, 1), MOST_COLUMNS - 1)
        label = _("At the same time: {name}").format(name=_name(along[0]))
        end = min(start + len(along), MOST_COLUMNS)
        lanes.append((label, start, max(start + 1, end), [_stop(phase) for phase in along][:MOST_COLUMNS]))
    return lanes


def _planned(phase: dict[str, Any]) -> Planned:
    method = methods.get(phase["method"])
    who = [
        (
            act.name,
            Audience.read(phase["audience"].get(act.slug) or method.default_audience(act.slug)).sentence(),
        )
        for act in method.acts
        if act.slug in phase["acts"]
    ]
    return Planned(_name(phase), method.name, _when(phase), who)


# --- shared ---
