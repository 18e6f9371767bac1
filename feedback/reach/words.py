"""The figures of who took part, as a report says them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from feedback.reach.catalogue import RATHER_NOT_WORDS
from feedback.reach.figures import Compared, Row
from feedback.reports import ToldTable
from groundwork import small_numbers
from groundwork.html import say


def report_tables(tables: Sequence[Compared]) -> list[ToldTable]:
    """Questions of which something can be told."""
    return [
        ToldTable(
            _("%(question)s, as far as people said it") % {"question": table.question.short},
            [
                *((row.words, _said(row)) for row in table.rows),
                *([(RATHER_NOT_WORDS, say.number(table.rather_not))] if table.rather_not else []),
            ],
        )
        for table in tables
        if table.told
    ]


def _said(row: Row) -> str:
    if row.people is None:
        told = _("fewer than %(k)s") % {"k": small_numbers.k()}
    else:
        told = f"{say.number(row.people)} ({row.share})"
    if row.city is None:
        return told
    return _("%(told)s; of all who live here: %(share)s") % {
        "told": told,
        "share": say.percent(round(row.city)),
    }
