"""Scans of a batch: added, given out to whoever works on it, removed."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import staff_required
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html.files import shut
from proposals.ballots.paperwork import scans
from proposals.ballots.paperwork.forms import ScanForm
from proposals.ballots.paperwork.manifest import may_work
from proposals.ballots.paperwork.models import Batch, Scan
from proposals.ballots.paperwork.views import batches, find_batch


def _scan(request: HttpRequest, key: str) -> Scan:
    seen = Scan.objects.filter(batch__in=Batch.objects.visible_to(person_here(request)))
    return get_object_or_404(seen.select_related("batch__vote__phase__process"), key=key)


@require_POST
@staff_required(may_work)
def add(request: HttpRequest, batch: int) -> HttpResponse:
    found, person = find_batch(request, batch), person_here(request)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return batches.page(request, found, person, status=422, scan_form=form)
    file = form.cleaned_data["file"]
    try:
        scans.add_scan(batch=found, file=file, name=file.name, by=person, at=clock.now())
    except Refused as refused:
        form.add_error("file", refused.answer.sentence)
        return batches.page(request, found, person, status=422, scan_form=form)
    messages.success(request, _("The scan is kept beside the batch."))
    return redirect(found)


@require_safe
@staff_required(may_work)
def serve(request: HttpRequest, key: str) -> HttpResponse:
    """As a download, never into a cache."""
    found = _scan(request, key)
    try:
        with default_storage.open(found.stored) as opened:
            content = opened.read()
    except FileNotFoundError:
        raise Http404
    disposition = content_disposition_header(True, found.name) or "attachment"
    return shut(
        HttpResponse(
            content, content_type=scans.KINDS[found.type], headers={"Content-Disposition": disposition}
        )
    )


@require_POST
@staff_required(may_work)
def remove(request: HttpRequest, key: str) -> HttpResponse:
    found = _scan(request, key)
    scans.remove_scan(scan=found, by=person_here(request))
    messages.success(request, _("The scan is deleted."))
    return redirect(found.batch)
