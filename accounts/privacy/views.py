"""Pages about one's own data: taking it along."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.pages import own_page
from accounts.privacy import consents, exporting
from accounts.privacy.models import Export
from accounts.request import person_here
from groundwork import clock
from groundwork.answer import Refused
from groundwork.html.files import shut
from groundwork.jobs.models import Job


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(allow_get=True)
def copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of everything about me (whoever asks proves once more who they are), and see how far it is."""
    person, at = person_here(request), clock.now()
    if request.method == "POST":
        try:
            exporting.ask(person=person, at=at)
        except Refused as refused:
            messages.info(request, str(refused))
        else:
            messages.success(request, _("Your copy is being made. It takes a few minutes."))
        return redirect("privacy:copy")
    export = Export.objects.standing(at).filter(person=person).first()
    job = Job.objects.filter(kind=exporting.KIND, key=str(export.pk)).first() if export else None
    context: dict[str, Any] = {"export": export, "job": job, "hours": exporting.KEPT.days * 24}
    return render(request, "accounts/privacy/copy.html", own_page("data") | context)


@require_POST
@never_cache
@login_required
@reauthentication_required
def fetch(request: HttpRequest) -> HttpResponse | FileResponse:
    """The file itself, once, to its owner alone."""
    person, at = person_here(request), clock.now()
    export = Export.objects.standing(at).filter(person=person).first()
    try:
        if export is None:
            raise Refused(exporting.GONE)
        file, size = exporting.fetch(export=export, at=at)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("privacy:copy")
    answer = shut(FileResponse(file, as_attachment=True, filename=_("my-data.zip")))
    answer["Content-Length"] = str(size)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def my_consents(request: HttpRequest) -> HttpResponse:
    """To what I agreed and when; one press takes a yes back, and what rested on it ends with it."""
    person = person_here(request)
    if request.method == "POST":
        consents.stop(
            person=person, purpose=request.POST.get("purpose", ""), thing=request.POST.get("thing", "")[:60],
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("You have taken it back. It has ended."))
        return redirect("privacy:consents")
    lines = consents.lines(person)
    context = {
        "standing": [line for line in lines if line.stands],
        "before": [line for line in lines if not line.stands],
    }
    return render(request, "accounts/privacy/consents.html", own_page("data") | context)
