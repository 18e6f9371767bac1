"""Compared wordings as pages show them: marked, and said for who listens instead of looking."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proposals.amendments.words import Piece, changes, shortened


def drawn(pieces: Iterable[Piece]) -> SafeString:
    """`<ins>` and `<del>`, each with a word that screen readers say."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> SafeString | str:
    if piece.kind == "added":
        return format_html('<ins><span class="vh">{} </span>{}</ins>', _("[new:]"), piece.text)
    if piece.kind == "removed":
        return format_html('<del><span class="vh">{} </span>{}</del>', _("[dropped:]"), piece.text)
    return piece.text


def compared(old: str, new: str, around: int | None = 14) -> SafeString:
    """Both wordings in one text; with `around` only so many words beside each change."""
    pieces = changes(old.replace("\r\n", "\n"), new.replace("\r\n", "\n"))
    return drawn(shortened(pieces, around) if around is not None else pieces)
