"""The pages about the city's platform: their names, and the register of what is stored about people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.datamap import Personal

# Their texts stand in templates/quartier/about/<page>.<language>.html.
PAGES: dict[str, Words] = {
    "how-it-works": _("The path of a proposal"),
    "who-decides": _("Who decides what"),
    "fair-order": _("The order of proposals"),
    "open-data": _("Open data"),
    "accessibility": _("Accessibility"),
    "simple": _("Easy language"),
    "privacy": _("Privacy"),
    "imprint": _("Imprint"),
}

CATEGORIES: dict[str, Words] = {
    "contact": _("How we reach you"),
    "identity": _("What you show of yourself"),
    "security": _("Safety of your account"),
    "preference": _("Your settings"),
    "participation": _("What you contribute"),
    "opinion": _("What you support"),
    "eligibility": _("Whether you may vote"),
    "interest": _("What you look for"),
    "content": _("What you have begun to write"),
    "moderation": _("What moderation decided"),
    "role": _("What you may do for others"),
    "staff": _("Work of the city's staff"),
}


@dataclass(frozen=True, slots=True)
class Row:
    category: Words
    number: int
    purposes: list[str]
    retentions: list[str]
    public: bool


def data_map(register: dict[str, dict[str, Personal]]) -> list[Row]:
    """The register of processing in a form people can read: one row a category, straight from the code."""
    by_category: dict[str, list[Personal]] = {}
    for notes_of_table in register.values():
        for note in notes_of_table.values():
            by_category.setdefault(note.category, []).append(note)
    order = [*CATEGORIES, *sorted(set(by_category) - CATEGORIES.keys())]
    return [
        Row(
            CATEGORIES.get(category, category),
            len(notes),
            sorted({note.purpose for note in notes}),
            sorted({note.retention for note in notes}),
            any(note.public for note in notes),
        )
        for category in order
        if (notes := by_category.get(category))
    ]
