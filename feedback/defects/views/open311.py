"""Open311 GeoReport v2: problems read and reported by programs, by the rules, the form and the action of the page.

Reading shows what anybody sees. Reporting takes a key (`api_key`) of a person's own page with the scope "defects".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Person
from accounts.tokens.access import LONGEST
from accounts.tokens.actions import find_token
from accounts.tokens.models import BEGINS
from feedback.defects import actions, geo, georeport, rules
from feedback.defects.forms import DefectForm
from feedback.defects.georeport import MOST_DAYS, MOST_ROWS, TYPES, Shape
from feedback.defects.models import Defect, Service
from feedback.defects.pending_acts import report_from
from groundwork import clock
from groundwork.answer import Refused
from groundwork.webapi import limits
from groundwork.webapi.problems import Problem
from groundwork.webapi.scopes import DEFECTS
from proposals.forms import places_within

# What the form calls a field, and what the standard calls it.
FIELDS = {"service": "service_code", "text": "description", "address": "address_string"}


class Wrong(Exception):
    """An answer that is no: codes of the standard with their sentences."""

    def __init__(self, *found: tuple[int, str]) -> None:
        self.found = found
        super().__init__(str(found))


@dataclass(frozen=True, slots=True)
class Said:
    document: Any
    shape: Shape
    status: int = 200


View = Callable[..., Said]


def open311(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A document in the format the address ends in; errors in the same."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt  # a program proves itself with its key, and a cookie counts for nothing here
        @wraps(view)
        def answered(request: HttpRequest, form: str, **values: Any) -> HttpResponse:
            if form not in TYPES:
                raise Http404
            headers: dict[str, str] = {}
            try:
                if request.method not in (*methods, "HEAD"):
                    headers["Allow"] = ", ".join(methods)
                    raise Wrong((405, _("This address does not know this method.")))
                headers |= limits.count(_who(request), writes=request.method == "POST").headers()
                _our_jurisdiction(request)
                said = view(request, **values)
            except Wrong as wrong:
                said = _said(wrong.found)
            except Problem as problem:
                headers |= problem.headers
                said = _said([(problem.status, str(problem.detail))])
            except Refused as refused:
                said = _said([(403, refused.answer.sentence)])
            return _response(said, form, headers)

        return answered

    return decorate


def _said(found: Sequence[tuple[int, str]]) -> Said:
    return Said(georeport.errors(found), georeport.ERRORS, found[0][0])


def _response(said: Said, form: str, headers: dict[str, str]) -> HttpResponse:
    body = georeport.written(said.document, form, said.shape)
    response = HttpResponse(body, content_type=TYPES[form], status=said.status, headers=headers)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Language"] = get_language() or "de"
    # The same for everybody, and never older than what moderation has just taken off the pages.
    response["Cache-Control"] = "public, no-cache" if said.status == 200 else "no-store"
    patch_vary_headers(response, ("Accept-Language",))
    return response


def _who(request: HttpRequest) -> str:
    return f"address:{get_adapter().get_client_ip(request) or ''}"


def _our_jurisdiction(request: HttpRequest) -> None:
    """One server, one city: it need not be said, but may not be wrong."""
    asked = (request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id") or "").strip()
    if asked and asked != georeport.jurisdiction():
        raise Wrong((404, _("jurisdiction_id was not found: this server answers for %(ours)s.") % {"ours": georeport.jurisdiction()}))  # fmt: skip


@open311("GET")
def discovery(request: HttpRequest) -> Said:
    return Said(georeport.discovery(), georeport.DISCOVERY)


@open311("GET")
def services(request: HttpRequest) -> Said:
    """What can be reported now."""
    return Said([georeport.service(each) for each in Service.objects.offered()], georeport.SERVICES)


@open311("GET")
def service(request: HttpRequest, code: str) -> Said:
    found = Service.objects.offered().filter(code=code).first()
    if found is None:
        raise Wrong((404, _("service_code was not found.")))
    return Said(georeport.definition(found), georeport.DEFINITION)


@open311("GET")
def one_request(request: HttpRequest, number: str) -> Said:
    found = list(_visible().filter(receipt=number))
    if not found:
        raise Wrong((404, _("service_request_id was not found.")))
    return Said(georeport.requests(found), georeport.REQUESTS)


@open311("GET", "POST")
def requests(request: HttpRequest) -> Said:
    return _report(request) if request.method == "POST" else _list(request)


def _visible() -> Any:
    """What anybody sees: never more, whoever asks."""
    return Defect.objects.visible_to(None).select_related("service__office", "place", "contribution")


# --- reading ---


def _list(request: HttpRequest) -> Said:
    """Newest first, at most 1,000. Numbers override every other argument; without them a stretch of at most 90 days."""
    found = _visible()
    if numbers := _several(request, "service_request_id"):
        found = found.filter(receipt__in=numbers[:MOST_ROWS])
        return Said(georeport.requests(list(found.order_by("-pk")[:MOST_ROWS])), georeport.REQUESTS)
    start, end = _stretch(request)
    found = found.filter(contribution__created_at__gte=start, contribution__created_at__lte=end)
    if codes := _several(request, "service_code"):
        if unknown := set(codes) - set(Service.objects.filter(code__in=codes).values_list("code", flat=True)):
            raise Wrong((404, _("service_code was not found.") + f" ({', '.join(sorted(unknown))[:80]})"))
        found = found.filter(service__code__in=codes)
    if states := set(_several(request, "status")):
        if states - set(Defect.Status.values):
            raise Wrong((400, _("status is “open” or “closed”.")))
        if len(states) == 1:
            found = found.filter(closed_at__isnull="open" in states)
    rows = list(found.order_by("-contribution__created_at", "-pk")[:MOST_ROWS])
    return Said(georeport.requests(rows), georeport.REQUESTS)


def _several(request: HttpRequest, name: str) -> list[str]:
    said = request.GET.get(name, "").replace("\x00", "")
    return [each.strip() for each in said.split(",") if each.strip()]


def _stretch(request: HttpRequest) -> tuple[datetime, datetime]:
    start, end = _moment(request, "start_date"), _moment(request, "end_date")
    most = timedelta(days=MOST_DAYS)
    try:
        if start is not None and end is None:
            return start, min(start + most, max(clock.now(), start))
        end = end or clock.now()
        start = start if start is not None else end - most
    except OverflowError:
        raise Wrong((400, _("start_date and end_date lie outside of every calendar."))) from None
    if start > end:
        raise Wrong((400, _("start_date lies after end_date.")))
    if end - start > most:
        raise Wrong((400, _("start_date and end_date span at most %(n)s days.") % {"n": MOST_DAYS}))
    return start, end


def _moment(request: HttpRequest, name: str) -> datetime | None:
    said = request.GET.get(name, "").strip()
    if not said:
        return None
    try:
        # A plus sign in an address is a blank to some.
        found = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Wrong(
            (
                400,
                _("%(name)s is a moment with its offset from UTC, for example 2027-05-23T00:00:00Z.")
                % {"name": name},
            )
        )
    return found


# --- reporting ---


def _report(request: HttpRequest) -> Said:
    """The form of the page, filled by a program; the same rule, the same sentences, the same action."""
    person, at = _person_of_key(request), clock.now()
    phase = rules.open_phase(at)
    if not (answer := rules.may_report(person, phase, at)):
        raise Refused(answer)
    assert phase is not None
    places = places_within(phase.process)
    form = DefectForm(_as_form(request, places), services=list(Service.objects.offered()), places=places)
    if not form.is_valid():
        wrong = [
            (
                404 if name == "service" and request.POST.get("service_code") else 400,
                f"{FIELDS.get(name, name)}: {words}",
            )
            for name, sentences in form.errors.items()
            for words in sentences
        ]
        raise Wrong(*wrong)
    try:
        made = actions.report_defect(report=report_from(form.payload()), by=person, at=at)
    except ValidationError as problem:
        raise Wrong(*((400, words) for words in problem.messages)) from None
    return Said(georeport.receipt(made.receipt), georeport.REQUESTS, 201)


def _person_of_key(request: HttpRequest) -> Person:
    """Whose key this is. It stands in the body: what stands in addresses is written into logs."""
    secret = request.POST.get("api_key", "").strip()
    if not secret:
        raise Wrong((403, _("api_key is missing. It belongs into the body of the request.")))
    known = secret.startswith(BEGINS) and len(secret) <= LONGEST and secret.isascii()
    token = find_token(secret, clock.now()) if known else None
    if token is None:
        raise Wrong((403, _("This token is not known, was revoked or has ended.")))
    if DEFECTS not in token.scopes:
        raise Wrong((403, _("This token may not do that: it lacks “{scope}”.").format(scope=DEFECTS)))
    return token.person


def _as_form(request: HttpRequest, places: Sequence[Any]) -> dict[str, Any]:
    """What a program sent, as the form of the page would send it. Names, addresses and devices of people are not read."""
    sent = request.POST
    data: dict[str, Any] = {name: sent.get(theirs, "") for name, theirs in FIELDS.items()}
    data |= {"language": get_language() or "de", "place": str(places[0].pk) if places else ""}
    if not data["address"]:
        data["address"] = sent.get("address_id", "")
    lat, long = sent.get("lat", "").strip(), sent.get("long", "").strip()
    if lat or long:
        point = _point(lat, long)
        data |= {"map_x": point[0], "map_y": point[1]}
        if (near := geo.nearest(*point, places)) is not None:
            data["place"] = str(near.pk)
    return data


def _point(lat: str, long: str) -> tuple[float, float]:
    try:
        # "nan" is a number to Python, and on no map.
        north, east = float(lat), float(long)
    except ValueError:
        raise Wrong(
            (400, _("lat and long are numbers of degrees (WGS 84).")),
        ) from None
    if geo.corners() is None:
        raise Wrong((400, _("This city takes no coordinates: say the place in address_string.")))
    if (found := geo.on_map(north, east)) is None:
        raise Wrong((400, _("lat and long lie outside of the map of this city.")))
    return found
