"""Pages on which residents show who they are: the ways a process offers, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.request import person_of
from cocreation import eligibility
from cocreation.checks import letters, limits, online, postal
from cocreation.checks.base import Attributes, active
from cocreation.checks.forms import CodeForm, PostalForm, born_of
from cocreation.models import Eligibility, IdentifiedVisit, LetterCode, Process
from cocreation.querysets import find_process
from cocreation.standing import standing_of
from groundwork import clock
from groundwork.answer import No, Refused

SOURCES = Eligibility.Source
_SESSION = "online_checks"
_MOST_STARTED = 5


def _who(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom tries are counted."""
    person = person_of(request)
    own = ("account", str(person.pk)) if person else ("session", request.session.session_key or "")
    return [own, ("address", get_adapter().get_client_ip(request) or "")]


def _safe_next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe and len(asked) <= 300 else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: HttpRequest, slug: str) -> HttpResponse:
    """The ways of this process; POST tries one of them."""
    process = find_process(slug, person_of(request))
    if process is None:
        raise Http404
    way = request.POST.get("way", "") if request.method == "POST" else ""
    code = CodeForm(request.POST if way == "code" else None)
    born = PostalForm(request.POST if way == "postal" else None)
    if way == "code" and code.is_valid():
        return _try_code(request, process, code, born)
    if way == "postal" and born.is_valid():
        return _try_postal(request, process, code, born)
    status = 422 if request.method == "POST" else 200
    return _page(request, process, code=code, born=born, status=status)


def _try_code(request: HttpRequest, process: Process, code: CodeForm, born: PostalForm) -> HttpResponse:
    who, at = _who(request), clock.now()
    found: LetterCode | No
    answer = limits.may_try(process.pk, "code", who, at)
    found = answer if isinstance(answer, No) else letters.identify(process, code.cleaned_data["code"], at=at)
    if isinstance(found, No):
        if found is letters.UNKNOWN_CODE:
            limits.wrong(process.pk, "code", who, at)
        code.add_error("code", found.sentence)
        return _page(request, process, code=code, born=born, status=422)
    limits.right(process.pk, "code", who)
    source = SOURCES.INVITATION if found.entry.source == SOURCES.INVITATION else SOURCES.LETTER
    return _found(request, process, found.entry, source, code=found)


def _try_postal(request: HttpRequest, process: Process, code: CodeForm, born: PostalForm) -> HttpResponse:
    who, at, data = _who(request), clock.now(), born.cleaned_data
    found: Eligibility | No
    answer = limits.may_try(process.pk, "postal", who, at)
    birthday = born_of(data["born"])
    assert birthday is not None
    if isinstance(answer, No):
        found = answer
    else:
        found = postal.identify(process, postal=data["postal"], born=birthday, name=data["name"], at=at)
        if isinstance(found, No):
            limits.wrong(process.pk, "postal", who, at)
    if isinstance(found, No):
        born.add_error("name" if found is postal.SEVERAL else None, found.sentence)
        return _page(request, process, code=code, born=born, status=422)
    limits.right(process.pk, "postal", who)
    return _found(request, process, found, SOURCES.REGISTER)


def _found(
    request: HttpRequest, process: Process, entry: Eligibility, source: str, code: LetterCode | None = None
) -> HttpResponse:
    """Somebody proved who they are: signed in, the entry is theirs; else it waits for their next step."""
    person, at, onward = person_of(request), clock.now(), _safe_next(request)
    if person is None:
        visit = eligibility.remember(
            process=process, entry=entry, by_way_of=source, code=code, next_url=onward, at=at
        )
        return redirect("cocreation:identified", slug=process.slug, token=visit.token)
    try:
        eligibility.claim(entry=entry, person=person, by_way_of=source, at=at)
    except Refused as refused:
        return _page(request, process, code=CodeForm(), born=PostalForm(), status=403, refusal=refused.answer)
    if code is not None:
        eligibility.redeemed(code.pk, at)
    return _here(process, onward)


def _here(process: Process, onward: str) -> HttpResponse:
    query = f"?{urlencode({'next': onward})}" if onward else ""
    return HttpResponseRedirect(reverse("cocreation:identify", args=[process.slug]) + query)


def _page(
    request: HttpRequest, process: Process, *, code: CodeForm, born: PostalForm, status: int, **more: Any
) -> HttpResponse:
    standing = standing_of(person_of(request), process, clock.now())
    entry = standing.entry
    on = active(process)
    providers = online.offered(process) if "oidc" in on else []
    onward = _safe_next(request)
    context = {
        "process": process,
        "entry": entry,
        "attributes": Attributes(entry.residence, entry.age_band).words() if entry else "",
        "code": code if letters.is_offered(process) and ("letters" in on or "desk" in on) else None,
        "born": born if "postal" in on else None,
        "providers": providers,
        "desk": "desk" in on,
        "by_city": process.identity == Process.Identity.CITY,
        "nothing": not on,
        "next": onward,
        **more,
    }
    answer = render(request, "cocreation/identify.html", context, status=status)
    # The form of an online identity ends at its provider: the browser must be allowed to follow.
    if providers:
        answer._csp_update = {"form-action": [each.origin for each in providers]}  # type: ignore[attr-defined]
    return answer


@require_safe
def short_code(request: HttpRequest, number: int) -> HttpResponse:
    """The address on letters, short enough to type: no code is ever part of an address."""
    process = get_object_or_404(Process.objects.visible_to(person_of(request)), pk=number)
    return redirect("cocreation:identify", slug=process.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identified(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A visitor was found. They sign in or up, or go on without an account where that is possible; then the entry is theirs."""
    person, at = person_of(request), clock.now()
    visit = (
        IdentifiedVisit.objects.open(at)
        .select_related("process__office", "entry")
        .filter(pk=token, process__slug=slug)
        .first()
    )
    if visit is None:
        raise Http404
    refusal: No | None = None
    if request.method == "POST":
        try:
            return _go_on(request, visit, person)
        except Refused as refused:
            refusal = refused.answer
    elif person is not None:
        answer = eligibility.may_claim(visit.entry, cast("Person", person))
        refusal = answer if isinstance(answer, No) else None
    ways = [way for way in eligibility.without_account if way.may(visit.process)] if person is None else []
    context = {
        "process": visit.process,
        "visit": visit,
        "attributes": Attributes(visit.entry.residence, visit.entry.age_band).words(),
        "refusal": refusal,
        "without": ways,
        "next": request.path,
    }
    status = 403 if refusal is not None and request.method == "POST" else 200
    return render(request, "cocreation/identified.html", context, status=status)


def _go_on(request: HttpRequest, visit: IdentifiedVisit, person: Person | None) -> HttpResponse:
    at = clock.now()
    if person is not None:
        eligibility.claim_visit(token=visit.token, person=person, at=at)
        return _here(visit.process, visit.next_url)
    way = eligibility.without_account.find(request.POST.get("without", ""))
    if way is None or not way.may(visit.process):
        raise Refused(
            No(_("Please sign in or create an account first; what you showed is kept for two hours."))
        )
    there = way.go(visit, request)
    eligibility.close_visit(visit, at)
    return HttpResponseRedirect(there)


# --- an online identity ---


def _back(request: HttpRequest, provider: online.Provider) -> str:
    """The one address the provider knows, whatever language is being read."""
    with translation.override(settings.LANGUAGE_CODE):
        return request.build_absolute_uri(reverse("cocreation:identify_back", args=[provider.slug]))


@require_POST
def identify_online(request: HttpRequest, slug: str, provider: str) -> HttpResponse:
    """Leave for the provider. What has to be known on the way back waits in the session."""
    process = find_process(slug, person_of(request))
    known = next((p for p in online.offered(process) if p.slug == provider), None) if process else None
    if process is None or known is None or "oidc" not in active(process):
        raise Http404
    gone = online.leave(known, _back(request, known))
    if isinstance(gone, No):
        return _page(request, process, code=CodeForm(), born=PostalForm(), status=503, refusal=gone)
    there, kept = gone
    started = dict(list(request.session.get(_SESSION, {}).items())[-_MOST_STARTED + 1 :])
    started[kept["state"]] = kept | {
        "provider": provider,
        "process": process.pk,
        "next": _safe_next(request),
        "language": translation.get_language(),
        "at": clock.now().timestamp(),
    }
    request.session[_SESSION] = started
    return HttpResponseRedirect(there)


@never_cache
@require_safe
def identify_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider. What waited in the session is taken out first: nothing comes back twice."""
    started: dict[str, Any] = request.session.get(_SESSION, {})
    kept = started.pop(request.GET.get("state", ""), None)
    if kept is None or kept["provider"] != provider or clock.now().timestamp() - kept["at"] > 1800:
        raise Refused(online.NOT_PROVEN)
    request.session[_SESSION] = started
    request.session.save()
    process = get_object_or_404(Process.objects.visible_to(person_of(request)), pk=kept["process"])
    known = next((p for p in online.offered(process) if p.slug == provider), None)
    if known is None:
        raise Http404
    with translation.override(kept["language"]):
        return _came_back(request, process, known, kept)


def _came_back(
    request: HttpRequest, process: Process, provider: online.Provider, kept: Mapping[str, Any]
) -> HttpResponse:
    at = clock.now()
    given = online.come_back(provider, _back(request, provider), kept, request.GET)
    found = given if isinstance(given, No) else online.identify(process, given, at=at)
    if isinstance(found, No):
        return _page(request, process, code=CodeForm(), born=PostalForm(), status=403, refusal=found)
    # Also for who is signed in: an address that was only opened claims nothing, the button of the next page does.
    visit = eligibility.remember(
        process=process, entry=found, by_way_of=SOURCES.ONLINE, next_url=kept["next"], at=at
    )
    return redirect("cocreation:identified", slug=process.slug, token=visit.token)
