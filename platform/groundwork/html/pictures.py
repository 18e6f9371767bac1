"""Icons, patterns, photos and QR codes. A thing has its own photo or a pattern in its hue, never a borrowed picture.

Markup is remembered per name: a page of twenty cards draws some two hundred icons.
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import segno
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

PATTERNS = ("river", "fields", "roofs", "trees", "streets", "tiles")
HUES = ("moss", "river", "clay", "plum", "sun", "violet")


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "heart" %}` is decoration beside a word; with a label it speaks for itself."""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    href = f"{static('vendor/icons.svg')}#{escape(name)}"
    return mark_safe(f'<svg class="icon" {spoken}><use href="{href}"></use></svg>')


@lru_cache(maxsize=64)
def pattern(name: str) -> SafeString:
    """`{% pattern "river" %}`: takes its colours from the nearest hue class."""
    href = f"{static('img/patterns.svg')}#{escape(name)}"
    return mark_safe(f'<svg class="pattern" aria-hidden="true"><use href="{href}"></use></svg>')


def pattern_for(thing: Any) -> str:
    """The pattern a thing names itself, or always the same one for the same thing."""
    named = getattr(thing, "pattern", "")
    return named or PATTERNS[(getattr(thing, "pk", 0) or 0) % len(PATTERNS)]


def picture(thing: Any, kind: str = "") -> SafeString:
    """`{% picture thing %}`, `{% picture thing "pic--round" %}`: its photo (`.photo`, `.photo_alt`), else
    its pattern.
    """
    photo = getattr(thing, "photo", None)
    opening = f'<div class="pic {escape(kind)}">' if kind else '<div class="pic">'
    if photo:
        alt = escape(getattr(thing, "photo_alt", "") or "")
        src = escape(getattr(photo, "url", photo))
        return mark_safe(f'{opening}<img src="{src}" alt="{alt}" loading="lazy" decoding="async"></div>')
    return mark_safe(f"{opening}{pattern(pattern_for(thing))}</div>")


def qr_code(address: str, label: str) -> SafeString:
    """The address as an SVG without styles, so that the page's security policy holds; `label` is what it says aloud."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None,
        dark="#000", light="#fff", nl=False, svgid=None,
    )  # fmt: skip
    return mark_safe(
        out.getvalue().decode().replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
    )
