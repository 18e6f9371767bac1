"""The studio: a process from its recipe to its publication, and careful changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from cocreation import actions
from cocreation.desk import staff_required
from cocreation.forms import NewProcessForm, PhaseForm, TextsForm
from cocreation.lines import short_line
from cocreation.models import Phase, Process
from cocreation.panels import Section, studio_sections
from cocreation.participation import who_may
from cocreation.querysets import ORDER, standing
from cocreation.recipes import recipes
from cocreation.roles import Roles
from cocreation.studio import Missing, gaps_of
from groundwork import clock
from groundwork.answer import Refused, Words
from groundwork.html import say
from groundwork.html.line import Stop

# Fields whose first input carries a number: several inputs make one field.
_SEVERAL = {"starts", "ends", "answer_by", "places", "acts"}


def may_configure(roles: Roles) -> bool:
    return roles.may_configure


@require_safe
@staff_required(may_configure)
def index(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    processes = list(
        standing(Process.objects.all(), at)  # type: ignore[misc]  # orders by annotations of standing()
        .prefetch_related("phases")
        .order_by(*ORDER)
    )
    for process in processes:
        process.short = short_line(process, at)  # type: ignore[attr-defined]
    context = {
        "drafts": [process for process in processes if not process.is_published],
        "published": [process for process in processes if process.is_published],
        "menu": "processes",
    }
    return render(request, "cocreation/studio/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def new(request: HttpRequest) -> HttpResponse:
    form = NewProcessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            process = actions.create_process(
                recipe=recipes.get(data["recipe"]),
                title={"de": data["title_de"], "en": data["title_en"]},
                office=data["office"],
                places=list(data["places"]),
                starts=data["starts"],
                by=_person(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error("starts", str(refused))
        else:
            first = next(iter(_sections(process, _person(request), clock.now())), None)
            if first:
                return redirect("cocreation:studio_section", slug=process.slug, section=first.slug)
            return redirect("cocreation:studio_process", slug=process.slug)
    context = {"form": form, "menu": "processes"}
    return render(request, "cocreation/studio/new.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff_required(may_configure)
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    process = _process(slug)
    return _page(request, process, "cocreation/studio/overview.html", current="")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    process = _process(slug)
    form = TextsForm(request.POST if request.method == "POST" else None, process=process)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(request, form, lambda: _save_texts(request, process, form))
    ):
        return redirect("cocreation:studio_texts", slug=slug)
    return _page(request, process, "cocreation/studio/texts.html", current="texts", form=form)


def _save_texts(request: HttpRequest, process: Process, form: TextsForm) -> None:
    actions.change_process(
        process=process,
        texts=form.texts(),
        settings=form.settings(),
        places=list(form.cleaned_data["places"]),
        by=_person(request),
        at=clock.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def phase(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    process = _process(slug)
    found = next((phase for phase in process.line if phase.key == key), None)
    if found is None:
        raise Http404
    found.process = process
    form = PhaseForm(request.POST if request.method == "POST" else None, phase=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(request, form, lambda: _save_phase(request, found, form))
    ):
        return redirect("cocreation:studio_phase", slug=slug, key=key)
    after = next((p for p in process.line[process.line.index(found) + 1 :]), None)
    return _page(
        request, process, "cocreation/studio/phase.html", current=key, form=form, phase=found, after=after
    )


def _save_phase(request: HttpRequest, phase: Phase, form: PhaseForm) -> None:
    actions.change_phase(phase=phase, change=form.change(), by=_person(request), at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """A section that a room adds (the budget, say): its form, our frame."""
    process, person, at = _process(slug), _person(request), clock.now()
    found = studio_sections.find(section)
    context = found.context(process, person, at) if found else None
    if found is None or context is None:
        raise Http404
    status = 200
    if request.method == "POST":
        try:
            form = found.handle(process, person, at, request.POST)
        except Refused as refused:
            context, status = context | {"refused": refused.answer}, 403
        else:
            if form is None:
                _say_saved(request)
                return redirect("cocreation:studio_section", slug=slug, section=section)
            context, status = context | {"form": form}, 422
    return _page(
        request,
        process,
        "cocreation/studio/section.html",
        current=section,
        section=found,
        part=context,
        status=status,
    )


@require_POST
@staff_required(may_configure)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Refused in words while something is missing: back to the list of what that is."""
    process = _process(slug)
    try:
        actions.publish_process(process=process, by=_person(request), at=clock.now())
    except Refused as refused:
        return _page(
            request,
            process,
            "cocreation/studio/overview.html",
            current="",
            refused=refused.answer,
            status=403,
        )
    messages.success(request, _("Published. Everybody can see this process now."))
    return redirect(process.get_absolute_url())


# --- the frame of every studio page ---


def _process(slug: str) -> Process:
    return get_object_or_404(Process.objects.select_related("office"), slug=slug)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _saved(request: HttpRequest, form: Form, save: Any) -> bool:
    """Run the action; what it refuses stands in the form, beside its field where it has one."""
    try:
        save()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    except ValidationError as error:
        for name, errors in error.message_dict.items():
            for sentence in errors:
                form.add_error(name if name in form.fields else None, sentence)
        return False
    _say_saved(request)
    return True


def _say_saved(request: HttpRequest) -> None:
    messages.success(request, _("Saved at {time}").format(time=say.clock(clock.now())))


@dataclass(frozen=True, slots=True)
class Step:
    """A stop in the left column."""

    key: str
    name: str
    url: str
    text: str
    gap: Words
    current: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    words: Words
    url: str


def _sections(process: Process, person: Person, at: datetime) -> list[Section]:
    shown = [section for section in studio_sections if section.context(process, person, at) is not None]
    return sorted(shown, key=lambda section: section.order)


def _page(
    request: HttpRequest, process: Process, template: str, *, current: str, status: int = 200, **more: Any
) -> HttpResponse:
    at, person = clock.now(), _person(request)
    missing = gaps_of(process)
    sections = _sections(process, person, at)
    saved = [str(message) for message in messages.get_messages(request)]
    form = more.get("form")
    if form is not None and form.is_bound and form.errors:
        status = 422
    recipe = recipes.find(process.recipe)
    context = {
        "process": process,
        "recipe": recipe.name if recipe else "",
        "steps": [_step(process, phase, missing, current) for phase in process.line],
        "texts_missing": sum(1 for each in missing if each.phase is None and each.field != "phases"),
        "sections": [(section, section.slug == current) for section in sections],
        "current": current,
        "missing": [ToDo(each.words, _jump(process, each, sections)) for each in missing],
        "preview": _preview(process, more.get("phase")),
        "saved": saved[-1] if saved else "",
        "menu": "processes",
        "at": at,
    }
    return render(request, template, context | more, status=status)


def _step(process: Process, phase: Phase, missing: list[Missing], current: str) -> Step:
    gap = next((each.words for each in missing if each.phase is not None and each.phase.pk == phase.pk), "")
    if phase.starts and phase.ends:
        text = _("{start} to {end}").format(start=say.day(phase.starts), end=say.day(phase.ends))
    elif phase.starts:
        text = _("from {when}").format(when=say.day(phase.starts))
    else:
        text = ""
    url = reverse("cocreation:studio_phase", args=[process.slug, phase.key])
    return Step(phase.key, phase.name or str(phase.kind.name), url, text, gap, phase.key == current)


def _jump(process: Process, missing: Missing, sections: list[Section]) -> str:
    """The page and the field where what is missing can be filled in."""
    field = missing.field
    for section in sections:
        if section.slug == field:
            return reverse("cocreation:studio_section", args=[process.slug, section.slug])
    anchor = f"#id_{field}_0" if field in _SEVERAL else f"#id_{field}"
    if missing.phase is None:
        if field == "phases":
            return reverse("cocreation:studio_process", args=[process.slug])
        return reverse("cocreation:studio_texts", args=[process.slug]) + anchor
    page = reverse("cocreation:studio_phase", args=[process.slug, missing.phase.key])
    if field == "audience":
        act = next(iter(missing.phase.acts), "")
        return f"{page}#id_audience_{act}_0"
    if field not in PhaseForm.base_fields:
        return f"{page}#id_option_{field}"
    return page + anchor


@dataclass(frozen=True, slots=True)
class Preview:
    """How the process looks on a phone while `phase` is open."""

    phase: Phase | None
    who: Words
    stops: list[Stop]


def _preview(process: Process, phase: Phase | None) -> Preview:
    shown = phase or next(iter(process.main_lane()), None)
    stops, passed = [], True
    for each in process.main_lane():
        if shown is not None and each.pk == shown.pk:
            stops.append(Stop(each.name or str(each.kind.name), "now"))
            passed = False
        else:
            stops.append(Stop(each.name or str(each.kind.name), "past" if passed else "next"))
    return Preview(shown, who_may(shown) if shown else "", stops)
