"""Pages as JSON-LD (schema.org): what people read, for search engines and programs, inside the same page."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

# A vocabulary and no address to fetch: nobody has to ask another server what the words mean.
CONTEXT = {"@vocab": "https://schema.org/"}
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script(data: dict[str, Any]) -> SafeString:
    """Data inside a page: never a way out of the element it stands in."""
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def city() -> dict[str, Any]:
    return {"@type": "GovernmentOrganization", "name": settings.CITY_NAME, "url": settings.SITE_URL}
