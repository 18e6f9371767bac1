"""The studio: who is checked and how, imports of the register, letters with codes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cocreation.checks import actions, jobs, letters, register
from cocreation.checks.attributes import PROBLEMS
from cocreation.checks.base import Adapter, Attributes, adapters, source_of
from cocreation.checks.forms import (
    MAILING_COLUMNS,
    REGISTER_COLUMNS,
    ColumnsForm,
    InviteForm,
    MailingForm,
    SerialForm,
    UploadForm,
)
from cocreation.checks.identity_form import IdentityForm
from cocreation.checks.tables import Layout
from cocreation.desk import staff_required
from cocreation.models import LetterBatch, Process, RegisterImport
from cocreation.views import studio
from cocreation.views.uploads import private_uploads
from groundwork import clock, private
from groundwork.answer import No, Refused, Words
from groundwork.html.htmx import is_partial

LISTED = 20
MAILING_ID = "mailing_%s"  # two forms of one page share names of fields


@dataclass(frozen=True, slots=True)
class Card:
    """A way of checking in the list."""

    adapter: Adapter
    on: bool
    missing: Words


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(studio.may_configure)
def identity(request: HttpRequest, slug: str) -> HttpResponse:
    """City-wide or by itself, and which ways are on."""
    process = studio.find_process(request, slug)
    form = IdentityForm(request.POST if request.method == "POST" else None, process=process)
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            actions.choose_checks(
                process=process,
                identity=form.cleaned_data["identity"],
                ways=form.cleaned_data["ways"],
                by=studio.person_here(request),
                at=clock.now(),
            )

        if studio.save_and_say(request, form, save):
            return redirect("cocreation:studio_identity", slug=slug)
    on = set(form["ways"].value() or ())
    return _page(
        request,
        process,
        "cocreation/studio/identity.html",
        form=form,
        cards=[Card(each, each.slug in on, each.missing(process)) for each in adapters],
        locked=actions.may_switch(process),
    )


def _page(
    request: HttpRequest, process: Process, template: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    return studio.studio_page(request, process, template, current="identity", status=status, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(studio.may_configure)
def check(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """The options of a way, and a test of it with an invented example."""
    process, adapter = studio.find_process(request, slug), adapters.find(way)
    if adapter is None:
        raise Http404
    source = source_of(process, way)
    testing = request.method == "POST" and request.POST.get("act") == "test"
    saving = request.method == "POST" and not testing
    form = adapter.options(request.POST if saving else None, process=process, options=source.options)
    sample = adapter.sample(request.POST if testing else None, auto_id="sample_%s")
    if saving and form.is_valid():

        def save() -> None:
            actions.change_options(
                process=process,
                way=way,
                options=form.store(),
                by=studio.person_here(request),
                at=clock.now(),
            )

        if studio.save_and_say(request, form, save):
            return redirect("cocreation:studio_check", slug=slug, way=way)
    tested: Attributes | No | None = None
    if testing and sample.is_valid():
        tested = adapter.test(process, source.options, sample.cleaned_data, clock.now())
    wrong = (saving and form.errors) or (testing and sample.errors)
    more = _register(process) if way == "register" else {}
    return _page(
        request,
        process,
        "cocreation/studio/check.html",
        status=422 if wrong else 200,
        adapter=adapter,
        source=source,
        form=form,
        sample=sample,
        tested=tested,
        failed=isinstance(tested, No),
        gap=adapter.missing(process),
        **more,
    )


def _register(process: Process) -> dict[str, Any]:
    return {
        "upload": UploadForm(),
        "size": register.size_of(process),
        "imports": list(RegisterImport.objects.filter(process=process).order_by("-pk")[:LISTED]),
    }


# --- the register ---


@require_POST
@staff_required(studio.may_configure)
@private_uploads
def register_upload(request: HttpRequest, slug: str) -> HttpResponse:
    process = studio.find_process(request, slug)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            job = register.upload(
                process=process,
                token=form.cleaned_data["file"].token,
                by=studio.person_here(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error("file", refused.answer.sentence)
        else:
            request.kept = job.token  # type: ignore[attr-defined]
            return redirect(job)
    adapter = adapters.get("register")
    source = source_of(process, "register")
    return _page(
        request,
        process,
        "cocreation/studio/check.html",
        status=422,
        adapter=adapter,
        source=source,
        form=adapter.options(None, process=process, options=source.options),
        sample=adapter.sample(None, auto_id="sample_%s"),
        **_register(process) | {"upload": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(studio.may_configure)
def register_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Choose the columns, watch the import, read its result. The page can be left at any time."""
    process = studio.find_process(request, slug)
    job = get_object_or_404(RegisterImport, pk=pk, process=process)
    job.process = process
    columns = _columns(
        job, request, wanted=REGISTER_COLUMNS, required=("number",), either=("place", "postal")
    )
    if request.method == "POST" and request.POST.get("act") == "cancel":
        jobs.cancel(job)
        return redirect(job)
    if request.method == "POST" and request.POST.get("act") == "revoke":
        return _revoke_missing(request, job)
    if request.method == "POST" and columns is not None and columns.is_valid():
        try:
            register.start(job=job, columns=columns.columns(), by=studio.person_here(request))
        except Refused as refused:
            columns.add_error(None, str(refused))
        else:
            return redirect(job)
    if is_partial(request):
        return render(request, "cocreation/studio/import_state.html", {"job": job, "process": process})
    return _page(
        request,
        process,
        "cocreation/studio/register_import.html",
        status=422 if columns is not None and columns.is_bound else 200,
        job=job,
        columns=columns,
        layout=Layout.read(job.layout) if job.layout else None,
        failure=jobs.FAILURES.get(job.failure, ""),
        problems=_problems(job)[:LISTED],
        may_revoke=job.missing and register.is_latest(job) and register.missing_of(job).exists(),
    )


def _columns(job: Any, request: HttpRequest, **about: Any) -> ColumnsForm | None:
    if job.state != job.State.UPLOADED:
        return None
    starting = request.method == "POST" and request.POST.get("act") == "start"
    return ColumnsForm(request.POST if starting else None, layout=Layout.read(job.layout), **about)


def _problems(job: RegisterImport | LetterBatch) -> list[tuple[int, Words]]:
    return [(line, PROBLEMS.get(slug, slug)) for line, slug in job.problems]


def _revoke_missing(request: HttpRequest, job: RegisterImport) -> HttpResponse:
    count = register.revoke_missing(
        job=job, claimed_too="claimed" in request.POST, by=studio.person_here(request), at=clock.now()
    )
    messages.success(
        request, ngettext("1 entry was taken back.", "{n} entries were taken back.", count).format(n=count)
    )
    return redirect(job)


@require_safe
@staff_required(studio.may_configure)
def register_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lines that were not used, with what was wrong. No value of them is in it, because we have none."""
    job = get_object_or_404(RegisterImport, pk=pk, process=studio.find_process(request, slug))
    return _report(job, f"import-{job.pk}.csv")


def _report(job: RegisterImport | LetterBatch, name: str) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer.write("\ufeff")
    table = csv.writer(answer, delimiter=";")
    table.writerow([_("Line"), _("What was wrong")])
    table.writerows(_problems(job))
    return answer


# --- letters ---


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(studio.may_configure)
def letters_index(request: HttpRequest, slug: str) -> HttpResponse:
    """All batches with their counts; new invitations, or letters to people of a list."""
    process = studio.find_process(request, slug)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch = letters.invite(
            process=process, **form.cleaned_data, by=studio.person_here(request), at=clock.now()
        )
        return redirect(batch)
    return _letters(request, process, form, MailingForm(auto_id=MAILING_ID), 422 if form.is_bound else 200)


def _letters(
    request: HttpRequest, process: Process, invite: Form, mailing: Form, status: int
) -> HttpResponse:
    counts = letters.counts_of(process)
    batches = [
        (batch, counts.get(batch.pk, letters.Counts(0, 0, 0)))
        for batch in LetterBatch.objects.filter(process=process).order_by("-pk")[:LISTED]
    ]
    return _page(
        request,
        process,
        "cocreation/studio/letters.html",
        status=status,
        invite=invite,
        mailing=mailing,
        batches=batches,
    )


@require_POST
@staff_required(studio.may_configure)
@private_uploads
def letters_upload(request: HttpRequest, slug: str) -> HttpResponse:
    process = studio.find_process(request, slug)
    form = MailingForm(request.POST, request.FILES, auto_id=MAILING_ID)
    if form.is_valid():
        data = form.cleaned_data
        try:
            batch = letters.upload(
                process=process,
                token=data["file"].token,
                place=data["place"],
                language=data["language"],
                by=studio.person_here(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error("file", refused.answer.sentence)
        else:
            request.kept = batch.token  # type: ignore[attr-defined]
            return redirect(batch)
    return _letters(request, process, InviteForm(), form, 422)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(studio.may_configure)
def letters_batch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One batch: its columns, its progress, its letters, its counts; revoke one code or all."""
    process = studio.find_process(request, slug)
    batch = get_object_or_404(LetterBatch, pk=pk, process=process)
    batch.process = process
    act, by, at = request.POST.get("act", ""), studio.person_here(request), clock.now()
    columns = _columns(batch, request, wanted=MAILING_COLUMNS, required=("number", "name", "street"))
    serial = SerialForm(request.POST if act == "revoke_one" else None, batch=batch.pk)
    if act == "cancel":
        jobs.cancel(batch)
        return redirect(batch)
    if act == "revoke":
        _say_revoked(request, letters.revoke(batch=batch, by=by, at=at))
        return redirect(batch)
    if act == "revoke_one" and serial.is_valid():
        try:
            _say_revoked(
                request, letters.revoke(batch=batch, serial=serial.cleaned_data["serial"], by=by, at=at)
            )
        except Refused as refused:
            serial.add_error("serial", str(refused))
        else:
            return redirect(batch)
    if act == "start" and columns is not None and columns.is_valid():
        try:
            letters.start(batch=batch, columns=columns.columns(), by=by)
        except Refused as refused:
            columns.add_error(None, str(refused))
        else:
            return redirect(batch)
    if is_partial(request):
        return render(request, "cocreation/studio/import_state.html", {"job": batch, "process": process})
    wrong = serial.is_bound or (columns is not None and columns.is_bound) or request.method == "POST"
    return _page(
        request,
        process,
        "cocreation/studio/letters_batch.html",
        status=422 if wrong else 200,
        job=batch,
        columns=columns,
        layout=Layout.read(batch.layout) if batch.layout else None,
        counts=letters.counts_of(process).get(pk, letters.Counts(0, 0, 0)),
        serial=serial,
        kept_until=batch.kept_until(),
        failure=jobs.FAILURES.get(batch.failure, ""),
        problems=_problems(batch)[:LISTED],
    )


def _say_revoked(request: HttpRequest, count: int) -> None:
    messages.success(request, ngettext("1 code is revoked.", "{n} codes are revoked.", count).format(n=count))


@require_POST
@staff_required(studio.may_configure)
def letters_print(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The letters, once: the file is deleted before the first byte leaves; what is open stays readable until it is sent."""
    batch = get_object_or_404(LetterBatch, pk=pk, process=studio.find_process(request, slug))
    name = letters.fetch(batch=batch, by=studio.person_here(request), at=clock.now())
    try:
        file = private.path_of(name).open("rb")
    except FileNotFoundError:
        raise Refused(letters.FETCHED) from None
    private.delete(name)
    answer: Any = FileResponse(file, as_attachment=True, filename=f"letters-{batch.pk}.zip")
    answer["Cache-Control"] = "private, no-store"
    return answer
