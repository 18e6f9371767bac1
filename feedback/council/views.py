"""The administration's page of servers; and what programs of other cities and councils read of us."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import person_here
from cocreation.desk import desk_context, staff_required
from feedback.council import actions
from feedback.council import papers as ours
from feedback.council.forms import ServerForm
from feedback.council.manifest import REASONS, administers
from feedback.council.models import Source
from groundwork import clock
from groundwork.answer import Refused

# --- the desk ---


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(administers)
def desk(request: HttpRequest) -> HttpResponse:
    """The servers that are read, and a new one."""
    form = ServerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            source = actions.name_server(
                url=form.cleaned_data["url"], by=person_here(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error("url", str(refused))
        else:
            _read_soon(source)
            messages.success(request, _("The server is read now. What it says stands here in a few minutes."))
            return redirect("council:desk")
    sources = [(source, REASONS.get(source.problem, "")) for source in Source.objects.all()]
    context = desk_context(request, "council") | {"form": form, "sources": sources}
    return render(request, "feedback/council/desk.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_required(administers)
def read_now(request: HttpRequest, source: int) -> HttpResponse:
    _read_soon(get_object_or_404(Source, pk=source))
    messages.success(request, _("The server is read now. What it says stands here in a few minutes."))
    return redirect("council:desk")


@require_POST
@staff_required(administers)
def leave(request: HttpRequest, source: int) -> HttpResponse:
    actions.leave_server(source=get_object_or_404(Source, pk=source))
    messages.success(request, _("This server is not read any more, and nothing of it is shown."))
    return redirect("council:desk")


def _read_soon(source: Source) -> None:
    from feedback.council.tasks import read_one

    transaction.on_commit(partial(read_one.delay, source.pk))


# --- for programs, at addresses without a language ---


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    return _document(ours.system())


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The one body there is."""
    return _document(ours.listed([ours.body()], request.build_absolute_uri(request.path)))


@require_safe
def body(request: HttpRequest) -> HttpResponse:
    return _document(ours.body())


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Published results, page by page; with `modified_since` those that became public from then on."""
    said, since = request.GET.get("modified_since", ""), None
    if said:
        try:
            # A plus sign in an address is a blank to some.
            since = datetime.fromisoformat(said.replace(" ", "+"))
        except ValueError:
            since = None
        if since is None or since.tzinfo is None:
            return _document(
                {"error": "modified_since is a moment with its offset from UTC (RFC 3339)."}, 400
            )
    asked = urlencode({"modified_since": said}) if said else ""
    return _document(ours.papers(request.GET.get("page", "1"), since, asked))


@require_safe
def paper(request: HttpRequest, vote: int) -> HttpResponse:
    found = ours.one(vote)
    if found is None:
        raise Http404
    return _document(ours.paper(found))


@require_safe
def nothing(request: HttpRequest, kind: str) -> HttpResponse:
    """Lists every body has to have, without anything in them."""
    if kind not in ours.EMPTY:
        raise Http404
    return _document(ours.listed([], request.build_absolute_uri(request.path)))


def _document(data: dict[str, Any], status: int = 200) -> HttpResponse:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    response = HttpResponse(text, content_type="application/json", status=status)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
