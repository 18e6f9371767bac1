"""The studio: a process from its recipe to its publication, and careful changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_here
from cocreation import actions
from cocreation.care_forms import ask_for_reason, reason_in
from cocreation.comparing import differences
from cocreation.desk import staff_required
from cocreation.forms import BilingualForm, MethodForm, NewProcessForm, PhaseForm, TextsForm
from cocreation.gate import missing_of
from cocreation.line_actions import may_remove
from cocreation.line_plan import Dates, lanes_of
from cocreation.line_words import Move, drawing_of, moves_of, span
from cocreation.lines import short_line
from cocreation.models import Phase, Process
from cocreation.panels import Section, studio_sections
from cocreation.participation import who_may
from cocreation.querysets import ORDER, standing
from cocreation.recipes import recipe_named
from cocreation.roles import Roles, may_read_drafts, roles_of
from cocreation.roles import may_configure as may_change
from cocreation.studio import Missing
from cocreation.versions import Overtaken
from groundwork import clock
from groundwork.answer import Refused, Words, require
from groundwork.html import say
from groundwork.html.line import Stop

MOST_REMOVED = 3
# Fields whose first input carries a number: several inputs make one field.
_SEVERAL = {"starts", "ends", "answer_by", "places", "acts"}


def may_configure(roles: Roles) -> bool:
    return roles.may_configure


def may_read(roles: Roles) -> bool:
    return roles.may_read_drafts


@require_safe
@staff_required(may_read)
def index(request: HttpRequest) -> HttpResponse:
    at, held = clock.now(), roles_of(person_here(request))
    processes = list(
        standing(Process.objects.real().filter(held.reads_drafts.narrow()), at)  # type: ignore[misc]  # orders by annotations of standing()
        .prefetch_related("phases")
        .order_by(*ORDER)
    )
    for process in processes:
        process.short = short_line(process, at)  # type: ignore[attr-defined]
    context = {
        "drafts": [process for process in processes if not process.is_published],
        "published": [process for process in processes if process.is_published],
        "menu": "processes",
        "may_create": held.may_configure,
    }
    return render(request, "cocreation/studio/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_configure)
def new(request: HttpRequest) -> HttpResponse:
    form = NewProcessForm(request.POST or None, person=person_here(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            process = actions.create_process(
                recipe=form.recipes[data["recipe"]],
                title={"de": data["title_de"], "en": data["title_en"]},
                office=data["office"],
                places=list(data["places"]),
                starts=data["starts"],
                by=person_here(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error("starts", str(refused))
        else:
            sections = sections_of(process)
            first = next((section for section in sections if section.first), None)
            if first:
                return redirect("cocreation:studio_section", slug=process.slug, section=first.slug)
            return redirect("cocreation:studio_process", slug=process.slug)
    context = {"form": form, "menu": "processes"}
    return render(request, "cocreation/studio/new.html", context, status=422 if form.is_bound else 200)


@require_safe
@staff_required(may_read)
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    return _overview(request, find_process(request, slug))


def _overview(request: HttpRequest, process: Process, **more: Any) -> HttpResponse:
    at, may = clock.now(), bool(may_change(person_here(request), process))
    lanes = [
        LaneRows(
            number + 1,
            [
                PhaseRow(
                    phase,
                    span(Dates.of(phase)),
                    moves_of(process, phase, at) if may else [],
                    may and bool(may_remove(process, phase, at)),
                )
                for phase in phases
            ],
        )
        for number, phases in lanes_of(process.line).items()
    ]
    return studio_page(
        request,
        process,
        "cocreation/studio/overview.html",
        current="",
        rows=lanes,
        drawing=drawing_of(process, at),
        removed=list(process.removed_phases.all()[:MOST_REMOVED]),
        **more,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_read)
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    process = find_process(request, slug)
    form = TextsForm(request.POST if request.method == "POST" else None, process=process)
    ask_for_reason(form, process, clock.now())
    template, mode, office = "cocreation/studio/texts.html", _mode(request, process), process.office_id
    if request.method == "POST" and form.is_valid() and mode != LOOK:
        outcome = try_to_save(request, form, lambda: _save_texts(request, process, form))
        if isinstance(outcome, Overtaken):
            theirs = TextsForm(process=find_process(request, slug))
            return _two_versions(request, process, template, "texts", form, theirs, outcome)
        if outcome and mode == SAVE:
            process = find_process(request, slug)
            fresh = TextsForm(process=process)
            return studio_page(request, process, template, current="texts", form=fresh, saved=_saved_words())
        if outcome:
            say_saved(request)
            if form.cleaned_data["office"].pk != office:
                messages.success(request, _("Another office is responsible now. This page is for it."))
                return redirect("cocreation:studio_handover", slug=slug)
            return redirect("cocreation:studio_texts", slug=slug)
    elif request.method == "POST" and form.is_valid():
        form.show_in(process)
    return studio_page(request, process, template, current="texts", form=form)


def _save_texts(request: HttpRequest, process: Process, form: TextsForm) -> None:
    actions.change_process(
        process=process,
        texts=form.texts(),
        settings=form.settings(),
        places=list(form.cleaned_data["places"]),
        seen=form.seen(),
        by=person_here(request),
        at=clock.now(),
        reason=reason_in(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_read)
def phase(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One phase. Drafts save themselves while somebody types (X-Studio: save), public ones only look (X-Studio: look)."""
    process = find_process(request, slug)
    found = find_phase(process, key)
    if found is None:
        raise Http404
    form = PhaseForm(request.POST if request.method == "POST" else None, phase=found)
    ask_for_reason(form, process, clock.now())
    template, mode = "cocreation/studio/phase.html", _mode(request, process)
    if request.method == "POST" and form.is_valid() and mode != LOOK:
        outcome = try_to_save(request, form, lambda: _save_phase(request, found, form))
        if isinstance(outcome, Overtaken):
            stored = find_phase(find_process(request, slug), key)
            assert stored is not None
            return _two_versions(
                request,
                process,
                template,
                key,
                form,
                PhaseForm(phase=stored),
                outcome,
                **_about(process, found),
            )
        if outcome and mode == SAVE:
            process = find_process(request, slug)
            found = find_phase(process, key)
            assert found is not None
            fresh = PhaseForm(phase=found)
            more = _about(process, found) | {"form": fresh, "saved": _saved_words()}
            return studio_page(request, process, template, current=key, **more)
        if outcome:
            say_saved(request)
            return redirect("cocreation:studio_phase", slug=slug, key=key)
    elif request.method == "POST" and form.is_valid():
        form.show_in(found)
    return studio_page(request, process, template, current=key, form=form, **_about(process, found))


def _about(process: Process, phase: Phase) -> dict[str, Any]:
    """What the page of a phase shows beside its form."""
    at, belongs_to = clock.now(), "method-form"
    return {
        "phase": phase,
        "after": next(iter(process.line[process.line.index(phase) + 1 :]), None),
        "moves": moves_of(process, phase, at),
        "removable": bool(may_remove(process, phase, at)),
        "begun": process.is_published and not phase.is_ahead(at),
        "method_form": None if process.is_published else MethodForm(phase=phase, belongs_to=belongs_to),
    }


def _save_phase(request: HttpRequest, phase: Phase, form: PhaseForm) -> None:
    try:
        actions.change_phase(
            phase=phase,
            change=form.change(),
            seen=form.seen(),
            by=person_here(request),
            at=clock.now(),
            reason=reason_in(form),
        )
    except ValidationError as error:
        raise _beside_the_dates(error, phase, form) from None


def _beside_the_dates(error: ValidationError, phase: Phase, form: PhaseForm) -> ValidationError:
    """Says of an overlap which phase is in the way, next to the date that runs into it."""
    data = form.cleaned_data
    starts, ends, lane = data["starts"], data["ends"], data["lane"]
    lane = phase.lane if lane is None else lane
    general = getattr(error, "error_dict", {}).get(NON_FIELD_ERRORS, [])
    if not starts or not ends or not any(each.code == "phase_overlap" for each in general):
        return error
    for other in phase.process.line:
        if (
            other.pk != phase.pk
            and other.lane == lane
            and other.starts
            and other.ends
            and other.starts < ends
            and starts < other.ends
        ):
            words = _("Phases of one lane must not overlap: “{phase}” runs {dates}.").format(
                phase=other.name or other.kind.name, dates=span(Dates.of(other))
            )
            return ValidationError({"starts" if other.starts <= starts else "ends": words})
    return error


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(may_read)
def section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """A section that a room adds (the budget, say): its form, our frame."""
    process, person, at = find_process(request, slug), person_here(request), clock.now()
    found = studio_sections.find(section)
    if found is None or not found.concerns(process):
        raise Http404
    context, status = found.context(process, person, at), 200
    if request.method == "POST":
        try:
            form = found.handle(process, person, at, request.POST)
        except Refused as refused:
            context, status = context | {"refused": refused.answer}, 403
        else:
            if form is None:
                say_saved(request)
                return redirect("cocreation:studio_section", slug=slug, section=section)
            context, status = context | {"form": form}, 422 if form.errors else 200
    return studio_page(
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
    process = find_process(request, slug)
    try:
        actions.publish_process(process=process, by=person_here(request), at=clock.now())
    except Refused as refused:
        return _overview(request, process, refused=refused.answer, status=403)
    messages.success(request, _("Published. Everybody can see this process now."))
    return redirect(process.get_absolute_url())


# --- the frame of every studio page ---


def find_process(request: HttpRequest, slug: str) -> Process:
    """The process, for those who may look into its set-up; what one may not know of is not there."""
    person = person_here(request)
    found = Process.objects.visible_to(person).real().select_related("office", "changed_by")
    process = get_object_or_404(found, slug=slug)
    require(
        may_read_drafts(person, process) if request.method in ("GET", "HEAD") else may_change(person, process)
    )
    return process


def find_phase(process: Process, key: str) -> Phase | None:
    found = next((phase for phase in process.line if phase.key == key), None)
    if found is not None:
        found.process = process
    return found


def _lock(*forms: Any) -> None:
    """Whoever only looks on reads what the fields hold."""
    for form in forms:
        for field in form.fields.values() if form is not None else ():
            field.disabled = True


SAVE, LOOK = "save", "look"


def _mode(request: HttpRequest, process: Process) -> str:
    """What a page asks for by itself: to save a draft, or only to look at what is typed in. What is public does not
    change while somebody types."""
    mode = request.headers.get("X-Studio", "")
    return LOOK if mode == SAVE and process.is_published else mode


def try_to_save(request: HttpRequest, form: Form, save: Any) -> bool | Overtaken:
    """Run the action; what it refuses stands in the form, beside its field where it has one."""
    try:
        save()
    except Overtaken as overtaken:
        return overtaken
    except Refused as refused:
        form.add_error(None, refused.answer.sentence)
        return False
    except ValidationError as error:
        for name, errors in error.message_dict.items():
            for sentence in errors:
                form.add_error(name if name in form.fields else None, sentence)
        return False
    return True


def _two_versions(
    request: HttpRequest,
    process: Process,
    template: str,
    current: str,
    mine: BilingualForm,
    theirs: BilingualForm,
    overtaken: Overtaken,
    **more: Any,
) -> HttpResponse:
    """Nothing is saved and nothing is lost: both texts stand beside each other."""
    mine.overtaken(overtaken.row.version)
    return studio_page(
        request,
        process,
        template,
        current=current,
        form=mine,
        overtaken=overtaken.answer,
        differences=differences(mine, theirs),
        status=409,
        **more,
    )


def save_and_say(request: HttpRequest, form: Form, save: Any) -> bool:
    """`try_to_save` for forms nobody else edits at the same time: says so when it is done."""
    done = try_to_save(request, form, save) is True
    if done:
        say_saved(request)
    return done


def _saved_words() -> str:
    return _("Saved at {time}").format(time=say.clock(clock.now()))


def say_saved(request: HttpRequest) -> None:
    messages.success(request, _saved_words())


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase in the list of the overview, with what can be done with it."""

    phase: Phase
    dates: str
    moves: list[Move]
    removable: bool


@dataclass(frozen=True, slots=True)
class LaneRows:
    number: int
    rows: list[PhaseRow]


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


def sections_of(process: Process) -> list[Section]:
    shown = [section for section in studio_sections if section.concerns(process)]
    return sorted(shown, key=lambda section: section.order)


def studio_page(
    request: HttpRequest, process: Process, template: str, *, current: str, status: int = 200, **more: Any
) -> HttpResponse:
    at, person = clock.now(), person_here(request)
    missing = missing_of(process, at)
    sections = sections_of(process)
    saved = [str(message) for message in messages.get_messages(request)]
    form = more.get("form")
    if form is not None and form.is_bound and form.errors:
        status = 422
    recipe = recipe_named(process.recipe)
    steps = {phase.key: _step(process, phase, missing, current) for phase in process.line}
    context = {
        "process": process,
        "recipe": recipe.name if recipe else "",
        "lanes": [
            (lane + 1, [steps[phase.key] for phase in phases])
            for lane, phases in lanes_of(process.line).items()
        ],
        "texts_missing": sum(
            1
            for each in missing
            if each.phase is None and each.field != "phases" and not each.field.startswith("gate:")
        ),
        "sections": [(section, section.slug == current) for section in sections],
        "current": current,
        "missing": [ToDo(each.words, jump_to(process, each, sections)) for each in missing],
        "preview": _preview(process, more.get("phase"), person, at),
        "saved": saved[-1] if saved else "",
        "menu": "processes",
        "at": at,
        "may_change": bool(may_change(person, process)),
    }
    if not context["may_change"]:
        _lock(form, more.get("part", {}).get("form"))
    return render(request, template, context | more, status=status)


def _step(process: Process, phase: Phase, missing: list[Missing], current: str) -> Step:
    gap = next((each.words for each in missing if each.phase is not None and each.phase.pk == phase.pk), "")
    text = span(Dates.of(phase)) if phase.starts else ""
    url = reverse("cocreation:studio_phase", args=[process.slug, phase.key])
    return Step(phase.key, phase.name or str(phase.kind.name), url, text, gap, phase.key == current)


def jump_to(process: Process, missing: Missing, sections: list[Section]) -> str:
    """The page and the field where what is missing can be filled in."""
    field = missing.field
    if field.startswith("gate:"):
        return reverse("cocreation:studio_gate_item", args=[process.slug, int(field.removeprefix("gate:"))])
    for section in sections:
        if section.slug == field:
            return reverse("cocreation:studio_section", args=[process.slug, section.slug])
    anchor = f"#id_{field}_0" if field in _SEVERAL else f"#id_{field}"
    if missing.phase is None:
        if field == "phases":
            return reverse("cocreation:studio_add", args=[process.slug])
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
    verb: Words
    stops: list[Stop]


def _preview(process: Process, phase: Phase | None, person: Person, at: datetime) -> Preview:
    shown = phase or next(iter(process.main_lane()), None)
    invitation = shown.kind.invitation(shown, person, at) if shown else None
    stops, passed = [], True
    along = [phase for phase in process.line if phase.lane == (shown.lane if shown else 0)]
    for each in along:
        if shown is not None and each.pk == shown.pk:
            stops.append(Stop(each.name or str(each.kind.name), "now"))
            passed = False
        else:
            stops.append(Stop(each.name or str(each.kind.name), "past" if passed else "next"))
    return Preview(shown, who_may(shown) if shown else "", invitation.verb if invitation else "", stops)
