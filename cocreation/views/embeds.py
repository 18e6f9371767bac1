"""The card of a process, in a frame on somebody else's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from cocreation.embeds import KIND
from groundwork.embeds import card_page, framed


@framed
def process_embed(request: HttpRequest, slug: str) -> HttpResponse:
    return card_page(request, KIND, slug=slug)
