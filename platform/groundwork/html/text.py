"""Markdown of people, made safe: no raw HTML, no tables, no foreign pictures, headings below the page's own.

A text may show the pictures that stand beside it, by their number: `![words](picture:1)`. The page hands them over
(`{{ text|markdown:pictures }}`); of any other picture only the words are shown.
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Protocol

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = set("p br hr strong em s a ul ol li blockquote code pre h3 h4 h5 h6".split())  # noqa: SIM905
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SHOWING = {"img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"}}
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


class Beside(Protocol):
    """A picture a text may show: where it is, what can be seen, how big it is."""

    @property
    def number(self) -> int: ...
    @property
    def src(self) -> str: ...
    @property
    def srcset(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


_OWN = re.compile(r"picture:(\d{1,2})")


def _image(self: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    said = self.renderInlineAsText(token.children or [], options, env)
    named = _OWN.fullmatch(str(token.attrs.get("src", "")))
    found: Beside | None = env.get("pictures", {}).get(int(named[1])) if named else None
    if found is None:
        return str(escape(said))
    more = f' srcset="{escape(found.srcset)}" sizes="(width < 40rem) 94vw, 36rem"' if found.srcset else ""
    return (
        f'<img src="{escape(found.src)}"{more} alt="{escape(said or found.alt)}" width="{found.width}" '
        f'height="{found.height}" loading="lazy" decoding="async">'
    )


def numbers_shown(text: object) -> set[int]:
    """The numbers of the pictures a text shows itself."""
    return {int(number) for number in re.findall(r"!\[[^\]]*\]\(\s*<?picture:(\d{1,2})\b", str(text or ""))}


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
_parser.core.ruler.push("shift_headings", _shift_headings)
_parser.add_render_rule("image", _image)
_kept: OrderedDict[bytes, SafeString] = OrderedDict()


def markdown(text: object, pictures: Iterable[Beside] = ()) -> SafeString:
    """`{{ text|markdown }}`, `{{ text|markdown:pictures }}`, remembered by the hash of text and pictures."""
    source = str(text or "")
    beside = {each.number: each for each in pictures or () if each.number} if "picture:" in source else {}
    known = source + repr([(n, each.src, each.alt, each.width, each.height) for n, each in beside.items()])
    key = blake2b((known if beside else source).encode(), digest_size=16).digest()
    if (kept := _kept.get(key)) is not None:
        return kept
    html = nh3.clean(
        _parser.render(source, {"pictures": beside}),
        tags=TAGS | {"img"} if beside else TAGS,
        attributes=ATTRIBUTES | SHOWING if beside else ATTRIBUTES,
        attribute_filter=_only_own,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener ugc",
    )
    result = mark_safe(html)
    _kept[key] = result
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return result


def _only_own(tag: str, name: str, value: str) -> str | None:
    """The second lock: a picture comes from this house, or it has no address."""
    if tag == "img" and name in ("src", "srcset") and (not value.startswith("/") or value.startswith("//")):
        return None
    return value
