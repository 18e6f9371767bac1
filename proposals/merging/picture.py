"""Several lines flow into one: a merge as a picture, drawn on the server, with the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, ROW, EDGE = 360, 44, 26
FROM, TO, END = 112, 262, 334


@dataclass(frozen=True, slots=True)
class Strand:
    """One proposal's line: its number, whether its lead agreed (solid) or not yet (dotted), whether it left or went again."""

    number: str
    agreed: bool = False
    left: bool = False


def flow(strands: Sequence[Strand], into: str, *, done: bool) -> SafeString:
    """The picture of a merge. `done`: the lines are one."""
    height = EDGE * 2 + ROW * max(1, len(strands) - 1)
    middle = height / 2
    rows = []
    for index, strand in enumerate(strands):
        y = EDGE + index * ROW if len(strands) > 1 else middle
        state = "left" if strand.left else "in" if done or strand.agreed else "open"
        bend = (FROM + TO) / 2
        way = (
            f"M{FROM} {y:.0f} H{FROM + 36}"
            if strand.left
            else f"M{FROM} {y:.0f} C{bend:.0f} {y:.0f} {bend:.0f} {middle:.0f} {TO} {middle:.0f}"
        )
        rows.append((state, way, FROM, f"{y:.0f}", f"{y + 5:.0f}", strand.number))
    lines = format_html_join(
        "",
        '<path class="flow__way flow__way--{}" d="{}"/><circle class="flow__dot" cx="{}" cy="{}" r="6"/>'
        '<text class="flow__n" x="0" y="{}">{}</text>',
        rows,
    )
    end = "done" if done else "open"
    return format_html(
        '<svg class="flow" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<path class="flow__way flow__way--{}" d="M{} {} H{}"/>'
        '<circle class="flow__end flow__end--{}" cx="{}" cy="{}" r="10"/>'
        "</svg>",
        WIDTH, height, in_words(strands, into, done=done), lines,
        "in" if done else "open", TO, f"{middle:.0f}", END, end, TO, f"{middle:.0f}",
    )  # fmt: skip


def in_words(strands: Sequence[Strand], into: str, *, done: bool) -> str:
    here = [strand for strand in strands if not strand.left]
    numbers = ", ".join(strand.number for strand in here)
    if done:
        return _("The lines of proposals %(numbers)s flow into one: %(into)s.") % {
            "numbers": numbers,
            "into": into,
        }
    agreed = sum(strand.agreed for strand in here)
    said = ngettext("%(n)s of %(all)s has agreed", "%(n)s of %(all)s have agreed", agreed) % {
        "n": agreed,
        "all": len(here),
    }
    return _("The lines of proposals %(numbers)s are to flow into one: %(into)s. %(said)s.") % {
        "numbers": numbers,
        "into": into,
        "said": said,
    }
