"""A mail's HTML as a part of one of our pages: its words and links. Styles, pictures and scripts have no business there."""

# ruff: noqa: S308 - what is marked safe was sanitised one line above

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe

_TAGS = set("p br hr strong b em i a ul ol li blockquote h1 h2 h3 h4".split())  # noqa: SIM905
_LOWER = {"h1": "h3", "h2": "h4"}


def readable(html: str) -> SafeString:
    """Sanitised, its headings below ours."""
    for tag, lower in _LOWER.items():
        html = html.replace(f"<{tag}>", f"<{lower}>").replace(f"</{tag}>", f"</{lower}>")
    clean = nh3.clean(
        html, tags=_TAGS, clean_content_tags={"style", "script", "title"}, attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"}, link_rel="noopener",
    )  # fmt: skip
    return mark_safe(clean)
