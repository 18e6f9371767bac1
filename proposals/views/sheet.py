"""The queue as a workbook: download it, fill it in, see what would change, confirm."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from cocreation.roles import may_change_work, roles_of
from groundwork import clock
from groundwork.answer import No, Refused, require
from proposals import assess_actions as work
from proposals import desk, sheets
from proposals.assess_forms import AssessmentForm, typed
from proposals.models import Assignment

if TYPE_CHECKING:
    from accounts.models import Person

VALID = timedelta(hours=2)


@require_safe
@staff_required(desk.may_enter)
def export(request: HttpRequest) -> HttpResponse:
    """What this person may see of the queue; the file is written to disk row by row, so memory stays small."""
    person = person_here(request)
    at = clock.now()
    rows = desk.waiting(person, at)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    sheets.write(rows.iterator(chunk_size=500), file)
    file.seek(0)
    name = f"assessments-{timezone.localdate(at):%Y-%m-%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=sheets.TYPE)  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(desk.may_enter)
def take_in(request: HttpRequest) -> HttpResponse:
    """Choose a file; see row by row what it would change; store it all or nothing."""
    person = person_here(request)
    at = clock.now()
    if request.method != "POST":
        return _page(request, {})
    require(may_change_work(person))
    if "signed" in request.POST:
        return _confirm(request, person, at)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, {"trouble": _("Please choose a file.")}, 422)
    try:
        if (upload.size or 0) > sheets.MOST_BYTES:
            raise Refused(No(_("The file is larger than 5 MB. Split it.")))
        rows = sheets.read(upload.read(), upload.name or "")
    except Refused as refused:
        return _page(request, {"trouble": refused.answer.reason}, 422)
    lines = sheets.compare(rows, _known(person, at))
    wanted = [line for line in lines if line.state in ("ok", "warning")]
    signed = signing.dumps(
        [[line.assignment.pk, line.assignment.version, line.content] for line in wanted if line.assignment],
        salt=_salt(person), compress=True,
    )  # fmt: skip
    numbers = Counter(line.state for line in lines)
    context = {
        "lines": [line for line in lines if line.state != "same"],
        "numbers": numbers,
        "same": numbers["same"],
        "wanted": len(wanted),
        "signed": signed if wanted else "",
        "file": upload.name,
        "read": True,
    }
    return _page(request, context)


def _salt(person: Person) -> str:
    return f"assessment sheet of {person.pk}"


def _known(person: Person, at: datetime) -> dict[int, Assignment]:
    """What this person may write at: of their offices, in processes that are assessed."""
    roles = roles_of(person)
    rows = desk.in_work(person, at).select_related("proposal__process", "office", "changed_by")
    return {row.pk: row for row in rows.defer("proposal__search") if roles.acts_for(row.office_id)}


def _confirm(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    try:
        wanted = signing.loads(request.POST["signed"], salt=_salt(person), max_age=VALID)
    except signing.BadSignature:
        return _page(request, {"trouble": _("The preview is too old. Please upload the file again.")}, 422)
    stored: Counter[str] = Counter()
    skipped = 0
    known = _known(person, at)
    with transaction.atomic():
        for key, version, content in wanted:
            assignment = known.get(key)
            # A colleague was quicker: their words stand, as on the preview.
            if assignment is None or assignment.version != version or assignment.done_at is not None:
                skipped += 1
                continue
            try:
                with transaction.atomic():
                    stored[_store(assignment, content, person, at, version)] += 1
            except work.Overtaken:
                skipped += 1
    facts = {
        "published": stored["published"],
        "handed": stored["handed"],
        "draft": stored["draft"],
        "skipped": skipped,
    }
    return HttpResponseRedirect(f"{reverse('proposals:sheet')}?{urlencode(facts)}")


def _store(
    assignment: Assignment, content: dict[str, str], person: Person, at: datetime, version: int
) -> str:
    form = AssessmentForm(typed(content), own=assignment.proposal_id)
    if not form.is_valid():
        work.save_draft(assignment=assignment, content=content, by=person, at=at, seen=version)
        return "draft"
    made = work.hand_in(
        assignment=assignment, content=content, found=form.found, by=person, at=at, seen=version
    )
    return "published" if made is not None else "handed"


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    base = desk_context(request, "assess") | {"stored": _stored(request), "most": sheets.MOST_ROWS}
    return render(request, "proposals/sheet.html", base | context, status=status)


def _stored(request: HttpRequest) -> list[str]:
    """What the last confirmation did, in sentences."""

    def many(name: str) -> int:
        value = request.GET.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0

    said = [
        (
            many("published"),
            ngettext("{n} assessment published.", "{n} assessments published.", many("published")),
        ),
        (
            many("handed"),
            ngettext(
                "{n} handed in for the second signature.",
                "{n} handed in for the second signature.",
                many("handed"),
            ),
        ),
        (
            many("draft"),
            ngettext(
                "{n} kept as a draft: something is missing.",
                "{n} kept as drafts: something is missing.",
                many("draft"),
            ),
        ),
        (
            many("skipped"),
            ngettext(
                "{n} left out: a colleague was quicker.",
                "{n} left out: colleagues were quicker.",
                many("skipped"),
            ),
        ),
    ]
    return [words.format(n=n) for n, words in said if n]
