"""Texts that data brings in both languages, said in the reader's: `said({"de": "Ideen", "en": "Ideas"})`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import lazy
from django.utils.translation import get_language

from groundwork.answer import Words


class _Said:
    def __init__(self, text: Mapping[str, str]) -> None:
        self.text = text

    def __str__(self) -> str:
        language = (get_language() or "de")[:2]
        return self.text.get(language) or self.text.get("de") or self.text.get("en") or ""


# Made once: `lazystr` makes a class of a hundred methods for every text.
_late = lazy(str, str)


def said(text: Mapping[str, str]) -> Words:
    """Late: the language is asked when the words are read, as with translated strings."""
    return _late(_Said(text))
