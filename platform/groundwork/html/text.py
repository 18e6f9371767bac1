"""Markdown of people, made safe: no raw HTML, no foreign pictures, headings below the page's own."""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = set(
    "p br hr strong em s a ul ol li blockquote code pre h3 h4 h5 h6 table thead tbody tr th td".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
KEPT = 2048


def _shift_headings(state: StateCore) -> None:
    """The highest heading of a text becomes h3, and no level is skipped, however many # somebody wrote."""
    used = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    level = 2
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(3 + used.index(token.tag), level + 1, 6)
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{level}"


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
_parser.core.ruler.push("shift_headings", _shift_headings)
_kept: OrderedDict[bytes, SafeString] = OrderedDict()


def markdown(text: object) -> SafeString:
    """`{{ text|markdown }}`, remembered by the text's hash."""
    source = str(text or "")
    key = blake2b(source.encode(), digest_size=16).digest()
    if (known := _kept.get(key)) is not None:
        return known
    html = nh3.clean(
        _parser.render(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener ugc",
    )
    result = mark_safe(html)
    _kept[key] = result
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return result
