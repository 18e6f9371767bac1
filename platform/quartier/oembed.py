"""oEmbed (oembed.com): a program asks about one of our pages and gets the card to show.

What a visitor may not see answers as what does not exist, to the byte.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.embeds import LOWEST, NARROWEST, THEMES, WIDTH, Card, Embeddable, code_for, embeddables

LONGEST = 500
FRESH = 300


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """`?url=` one of our pages, `format=json`, `maxwidth`, `maxheight`; `theme` is our own."""
    if request.GET.get("format", "json") != "json":
        return _answer({"error": "Only json is spoken here."}, 501)
    found = _page(request.GET.get("url", ""))
    if found is None:
        return _answer({"error": "There is no such page here that could be shown elsewhere."}, 404)
    kind, values, language = found
    with translation.override(language):
        card = kind.find(**values)
        if card is None:
            return _answer({"error": "There is no such page here that could be shown elsewhere."}, 404)
        return _answer(_rich(kind, values, card, request.GET))


def _page(url: str) -> tuple[Embeddable, dict[str, Any], str] | None:
    """The kind of page behind an address of ours, what it is about, and its language."""
    if not url.startswith(f"{settings.SITE_URL}/") or len(url) > LONGEST or not url.isprintable():
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    language = path.split("/")[1]
    if language not in dict(settings.LANGUAGES):
        return None
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    kind = next((each for each in embeddables if each.page == match.view_name), None)
    return (kind, match.kwargs, language) if kind else None


def _rich(kind: Embeddable, values: dict[str, Any], card: Card, asked: Any) -> dict[str, Any]:
    width = _size(asked.get("maxwidth"), WIDTH, NARROWEST)
    height = _size(asked.get("maxheight"), kind.height, LOWEST)
    theme = asked.get("theme", "")
    code = code_for(
        kind.slug, card.title, width=width, height=height, theme=theme if theme in THEMES else "", **values
    )
    city = _("Quartier %(city)s") % {"city": settings.CITY_NAME}
    return {
        "version": "1.0", "type": "rich", "title": card.title, "html": code, "width": width, "height": height,
        "provider_name": city, "provider_url": settings.SITE_URL, "cache_age": FRESH,
        **({"author_name": card.author} if card.author else {}),
    }  # fmt: skip


def _size(asked: str | None, usual: int, least: int) -> int:
    """As asked, but no larger than usual and no smaller than what can be read."""
    if not (asked and asked.isascii() and asked.isdigit() and len(asked) < 6):
        return usual
    return max(least, min(usual, int(asked)))


def _answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # What is hidden a moment later must not live on in caches between.
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
