"""The page of a kept act: what you wrote is safe, identify yourself and it counts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.request import person_of
from cocreation import pending
from cocreation.models import PendingAct
from groundwork import clock
from groundwork.answer import No, Refused, Words


@never_cache
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is kept; POST of a signed-in person completes it. Refused keeps the text and says why."""
    person, at = person_of(request), clock.now()
    act = PendingAct.objects.select_related("process").filter(pk=token).first()
    if act is None or (act.completed_at and (person is None or act.completed_by_id != person.pk)):
        raise Http404
    if act.completed_at:
        return HttpResponseRedirect(act.result_url)
    refusal: No | None = None
    if request.method == "POST" and person is not None:
        try:
            if url := pending.complete(token, by=person, at=at):
                return HttpResponseRedirect(url)
        except Refused as refused:
            refusal = refused.answer
    kind = pending.acts.find(act.act)
    words: Words = kind.words if kind else ""
    context = {
        "act": act,
        "over": act.expires_at <= at,
        "words": words,
        "kept_title": kind.title(act.payload) if kind else "",
        "refusal": refusal,
        "refusal_url": resolve_url(refusal.next_url) if refusal is not None and refusal.next_url else "",
        "next": request.path,
    }
    return render(request, "cocreation/waiting.html", context, status=200 if refusal is None else 403)
