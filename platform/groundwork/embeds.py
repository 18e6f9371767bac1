"""Cards for other sites: a small page in a frame, without cookies, scripts or a look at who reads.

    embeddables.add("process", Embeddable("process", "cocreation:process", "cocreation:process_embed", find, height=420))

    @framed
    def process_embed(request, slug): return card_page(request, find(slug))

A card shows what every visitor sees and nothing else: `find` gets no person. Whoever embeds one learns nothing of the people
who look at it, and neither do we.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.addresses import address
from groundwork.registry import Registry
from groundwork.shared_pages.api import shared_page

THEMES = ("light", "dark")
WIDTH, NARROWEST, LOWEST = 480, 240, 160


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: `title` for the frame, `template` and its `context`, the kind in `over`."""

    title: str
    template: str
    context: dict[str, Any]
    hue: str = "moss"
    author: str = ""


@dataclass(frozen=True, slots=True)
class Embeddable:
    """A kind of page that has a card: URL names of both, which take the same values in the same order, and who finds it for
    everybody."""

    slug: str
    page: str
    frame: str
    find: Callable[..., Card | None]
    height: int = 420

    def frame_url(self, **values: Any) -> str:
        return f"{settings.SITE_URL}{address(self.frame, *values.values())}"

    def page_url(self, **values: Any) -> str:
        return f"{settings.SITE_URL}{address(self.page, *values.values())}"


embeddables: Registry[Embeddable] = Registry("embeddable page")

# Everything is our own and nothing runs; any site may frame it.
_POLICY = {
    "script-src": [NONE],
    "connect-src": [NONE],
    "manifest-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that other sites may frame: only these, and only by this decorator."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Cache-Control", "public, no-cache")
        return response

    policy: Callable[..., Any] = csp_replace(_POLICY)
    drawn: Callable[..., HttpResponse] = shared_page("theme")(require_safe(policy(shown)))
    return drawn


def card_page(request: HttpRequest, kind: str, **values: Any) -> HttpResponse:
    """The page in the frame; `?theme=` fixes light or dark, else the reader's device decides."""
    embeddable = embeddables.get(kind)
    card = embeddable.find(**values)
    if card is None:
        raise Http404
    theme = request.GET.get("theme", "")
    context = {
        "card": card, "page_url": embeddable.page_url(**values), "theme": theme if theme in THEMES else "",
        "city_name": settings.CITY_NAME, **card.context,
    }  # fmt: skip
    return HttpResponse(render(request, "embed.html", context).content)


# --- what others put on their page ---


def code_for(
    kind: str,
    title: str,
    *,
    width: int = 0,
    height: int = 0,
    theme: str = "",
    frame: str = "",
    **values: Any,
) -> str:
    """The element to copy. Without a width it takes the whole one it gets. `frame`: the path of the card, where it is
    known already."""
    embeddable = embeddables.get(kind)
    url = f"{settings.SITE_URL}{frame}" if frame else embeddable.frame_url(**values)
    url += f"?{urlencode({'theme': theme})}" if theme else ""
    said = _("%(title)s, on the participation page of %(city)s") % {
        "title": title,
        "city": settings.CITY_NAME,
    }
    return (
        f'<iframe src="{escape(url)}" title="{escape(said)}" width="{width or "100%"}" '
        f'height="{height or embeddable.height}" loading="lazy" style="border:0;max-width:{WIDTH}px"></iframe>'
    )


def discovery_url(kind: str, **values: Any) -> str:
    """Where programs that know oEmbed ask about this page."""
    asked = urlencode({"url": embeddables.get(kind).page_url(**values), "format": "json"})
    return f"{settings.SITE_URL}{address('oembed')}?{asked}"


def panel_for(kind: str, title: str, **values: Any) -> dict[str, Any]:
    """What the panel "put this on your site" and the head of the page need."""
    frame = address(embeddables.get(kind).frame, *values.values())
    return {
        "code": code_for(kind, title, frame=frame, **values),
        "frame_url": frame,
        "discovery": discovery_url(kind, **values),
        "title": title,
    }
