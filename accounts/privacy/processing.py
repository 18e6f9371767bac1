"""The register of processing as people read it and as the data protection officer files it (Art. 30 GDPR).

Made from the data map and its activities (`groundwork.processing`) alone: there is no second list that could be out of date.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.datamap import CONSENT, CONTRACT, LEGAL, PUBLIC_TASK
from groundwork.processing import Activity, Held, by_activity

BASES: dict[str, Words] = {
    PUBLIC_TASK: _("A task the city has by law: letting people take part"),
    CONTRACT: _("You asked for it: your account and what belongs to it"),
    CONSENT: _("You said yes, and can take that back at any time"),
    LEGAL: _("A law tells the city to do it"),
}

ARTICLES: dict[str, Words] = {
    PUBLIC_TASK: _("Art. 6(1)(e) GDPR"),
    CONTRACT: _("Art. 6(1)(b) GDPR"),
    CONSENT: _("Art. 6(1)(a) GDPR"),
    LEGAL: _("Art. 6(1)(c) GDPR"),
}

CATEGORIES: dict[str, Words] = {
    "contact": _("How we reach you"),
    "identity": _("What you show of yourself"),
    "security": _("Safety of your account"),
    "preference": _("Your settings"),
    "participation": _("What you contribute"),
    "opinion": _("What you support"),
    "act": _("What you do with your hands"),
    "eligibility": _("Whether you may vote"),
    "interest": _("What you look for"),
    "content": _("What you have begun to write"),
    "moderation": _("What moderation decided"),
    "role": _("What you may do for others"),
    "rights": _("What you ask of us about your data"),
    "consent": _("What you agreed to"),
    "staff": _("Work of the city's staff"),
    "key": _("Numbers without a name"),
    "technical": _("What keeps programs in order"),
}

COLUMNS = (
    "activity", "purpose", "legal_basis", "people", "kept", "given_to", "table", "field", "kind_of_data",
    "purpose_of_the_field", "kept_in_detail", "public",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One activity in words."""

    activity: Activity
    basis: Words
    article: Words
    kinds: list[Words]
    fields: list[Held]
    is_public: bool

    @property
    def on_consent(self) -> bool:
        return self.activity.basis == CONSENT


def lines() -> list[Line]:
    return [
        Line(
            activity,
            BASES[activity.basis],
            ARTICLES[activity.basis],
            _kinds(fields),
            fields,
            any(each.note.public for each in fields),
        )
        for activity, fields in by_activity()
    ]


def _kinds(fields: list[Held]) -> list[Words]:
    found = {each.note.category for each in fields}
    return [words for category, words in CATEGORIES.items() if category in found]


def rows() -> Iterator[dict[str, str]]:
    """One row a field, for the files: activities in the reader's language, fields as the program names them."""
    for line in lines():
        activity = line.activity
        for each in line.fields:
            cells = (
                activity.name, activity.why, each.note.basis, activity.people, activity.kept, activity.given_to,
                each.model, each.field, each.note.category, each.note.purpose, each.note.retention,
                "yes" if each.note.public else "no",
            )  # fmt: skip
            yield dict(zip(COLUMNS, map(str, cells), strict=True))


def as_csv() -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows())
    # The mark tells spreadsheets that this is UTF-8.
    return "\ufeff" + out.getvalue()


def as_json() -> dict[str, Any]:
    return {
        "controller": settings.CITY_NAME,
        "contact": settings.CITY_EMAIL,
        "activities": [
            {
                "slug": line.activity.slug,
                "name": str(line.activity.name),
                "purpose": str(line.activity.why),
                "legal_basis": line.activity.basis,
                "people": str(line.activity.people),
                "kept": str(line.activity.kept),
                "given_to": str(line.activity.given_to),
                "fields": [
                    {
                        "table": each.model,
                        "field": each.field,
                        "kind": each.note.category,
                        "purpose": each.note.purpose,
                        "kept": each.note.retention,
                        "public": each.note.public,
                    }
                    for each in line.fields
                ],
            }
            for line in lines()
        ],
    }
