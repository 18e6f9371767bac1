"""The card of a proposal, in a frame on somebody else's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from groundwork.embeds import card_page, framed
from proposals.embeds import KIND


@framed
def proposal_embed(request: HttpRequest, receipt: str) -> HttpResponse:
    return card_page(request, KIND, receipt=receipt)
