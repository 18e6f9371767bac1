"""Bars of money and shares. No bar without its numbers.

Widths are SVG attributes, so no inline style is needed.
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

GAP = 0.35


def money_bar(segments: Iterable[Any], total: Any, label: Any, small: bool = False) -> SafeString:
    """`{% money_bar segments total label %}`: segments are (hue, amount) or have `.hue`, `.amount`.

    An empty hue takes the accent of the place where the bar stands.
    """
    whole, at, parts = float(total or 0), 0.0, []
    for segment in segments:
        hue, amount = segment if isinstance(segment, tuple | list) else (segment.hue, segment.amount)
        share = min(100.0 * float(amount) / whole, 100.0 - at) if whole > 0 else 0.0
        if share <= 0:
            continue
        name = f"hue-{escape(hue.removeprefix('hue-'))}" if hue else "a"
        width = max(share - GAP, min(share, 0.3))
        parts.append(f'<rect class="{name}" x="{at:.2f}" y="0" width="{width:.2f}" height="10"/>')
        at += share
    size = "barsvg barsvg--s" if small else "barsvg"
    return mark_safe(
        f'<svg class="{size}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">'
        f'<rect class="r" width="100" height="10"/>{"".join(parts)}</svg>'
    )
