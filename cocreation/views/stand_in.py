"""At the door of a dry run: every page of it knows that it is one, and who of the administration acts as whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.request import person_of
from cocreation import dry_run
from cocreation.models import Contribution, DryRun, Process
from cocreation.models.contributions import DEMO
from cocreation.roles import roles_of

SESSION_KEY = "stand_in"


@dataclass(frozen=True, slots=True)
class Band:
    """What the band on top of every page of a dry run says."""

    draft: Process
    acting_as: str = ""


def stand_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Costs nothing on any other page: addresses of dry runs and receipts in them are known by how they begin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def process_view(request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
    run = _run_of(kwargs)
    if run is None:
        return
    person = person_of(request)
    if person is None or not roles_of(person).configures.covers(run.process):
        return
    acting_as = ""
    chosen = request.session.get(SESSION_KEY, {}).get(str(run.pk))
    if chosen and not hasattr(view, "staff_check"):
        guest = run.people.filter(pk=chosen).first()
        if guest is not None:
            request.user = dry_run.as_guest(guest, run.process)
            acting_as = guest.public_name
    if run.process.dry_run_of is not None:
        request.dry_run = Band(run.process.dry_run_of, acting_as)  # type: ignore[attr-defined]


def _run_of(kwargs: dict[str, Any]) -> DryRun | None:
    runs = DryRun.objects.select_related("process__dry_run_of", "process__office")
    slug, receipt = str(kwargs.get("slug", "")), str(kwargs.get("receipt", ""))
    if slug.startswith(dry_run.PREFIX):
        return runs.filter(process__slug=slug).first()
    if receipt.startswith(DEMO):
        found = Contribution.objects.filter(receipt=receipt).values("process")
        return runs.filter(process__in=found).first()
    return None
