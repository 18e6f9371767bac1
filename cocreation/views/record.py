"""The life record of a contribution by its receipt number, and the form to type one. They need no log-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation import record
from cocreation.kinds import kinds
from cocreation.models import Contribution
from groundwork import clock
from groundwork.html.pictures import qr_code


@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What happened, who, when, why, and what comes next. Of what is withdrawn, hidden or erased it says only that, never a
    word of its text; of what was never published it says nothing."""
    person, at = person_of(request), clock.now()
    contribution = get_object_or_404(
        Contribution.objects.select_related("process__office", "author", "organisation").filter(
            process__published_at__isnull=False, published_at__isnull=False
        ),
        receipt=receipt,
    )
    if contribution.kind not in kinds or not record.may_be_known(contribution):
        raise Http404
    context: dict[str, Any] = {
        "contribution": contribution,
        "process": contribution.process,
        "kind": kinds.get(contribution.kind).words,
        "new": "new" in request.GET,
        "is_author": person is not None and contribution.author_id == person.pk,
        "gone": record.gone(contribution),
        "waits": contribution.held_at and not (contribution.hidden_at or contribution.withdrawn_at),
    }
    if contribution.is_public or contribution.lives_on:
        address = f"{settings.SITE_URL}/r/{contribution.receipt}"
        context |= {
            "life": record.life_of(contribution, person, at),
            "address": address,
            "qr": qr_code(address, _("QR code with the address of this receipt")),
        }
    return render(request, "cocreation/record.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Type the number as you like: a known one leads to its record."""
    typed = request.GET.get("number", "").replace("\x00", "").strip()[:60]
    number = record.receipt_from(typed)
    found = (
        Contribution.objects.filter(
            receipt=number, process__published_at__isnull=False, published_at__isnull=False
        ).first()
        if number
        else None
    )
    if found is not None and found.kind in kinds and record.may_be_known(found):
        return redirect("cocreation:record", receipt=number)
    trouble = ""
    if typed and not number:
        trouble = _("A receipt number has a year and a number, for example 2027-0113.")
    elif typed:
        trouble = _(
            "There is no contribution with the number %(number)s. Please compare it with your receipt."
        ) % {"number": number}
    return render(
        request,
        "cocreation/record_find.html",
        {"typed": typed, "trouble": trouble},
        status=404 if trouble else 200,
    )
