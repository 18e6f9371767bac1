"""The page of a kept act: what you wrote is safe, what is missing, and how it comes to count."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.request import person_of
from cocreation import pending
from cocreation.models import PendingAct
from groundwork import clock
from groundwork.answer import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is kept; POST of a signed-in person completes it. Refused keeps it as theirs and says why."""
    person, at = person_of(request), clock.now()
    act = PendingAct.objects.select_related("process").filter(pk=token).first()
    if act is None or (act.person_id and person is not None and act.person_id != person.pk):
        raise Http404
    if act.person_id and person is None:
        return redirect_to_login(request.path)
    if act.completed_at and (person is None or act.completed_by_id != person.pk):
        raise Http404
    refused = False
    if request.method == "POST" and person is not None and not act.completed_at:
        try:
            if url := pending.complete(token, by=person, at=at):
                return HttpResponseRedirect(url)
        except Refused as refusal:
            refused = True
            act = pending.hold(token, by=person, answer=refusal.answer, at=at) or act
    if act.completed_at:
        return HttpResponseRedirect(act.result_url)
    kind = pending.acts.find(act.act)
    context: dict[str, Any] = {
        "act": act,
        "over": act.expires_at <= at,
        "words": kind.words if kind else "",
        "kept_title": kind.title(act.payload) if kind else "",
        "refused": refused,
        "next_url": pending.address_of(act.next_url, back=request.path),
        "next": request.path,
    }
    if person is None and not context["over"]:
        context |= {"guests_may": pending.guests_may(act, at), "show_url": _show_url(act, request.path)}
    return render(request, "cocreation/waiting.html", context, status=403 if refused else 200)


def _show_url(act: PendingAct, back: str) -> str:
    """Where a process that checks by itself lets people show who they are, also without an account."""
    kind = pending.acts.find(act.act)
    phase = act.process.phase_with(kind.act, clock.now()) if act.process and kind and kind.act else None
    if phase is None or act.process is None:
        return ""
    if not phase.audience_of(kind.act).counts_entries(act.process):  # type: ignore[union-attr]
        return ""
    path = f"{act.process.get_absolute_url()}identify/"
    try:
        resolve(path)
    except Resolver404:
        return ""
    return f"{path}?next={quote(back)}"
