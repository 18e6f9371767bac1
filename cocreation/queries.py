"""Reading processes for pages of this house and of those above."""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector

from cocreation.lines import short_line
from cocreation.models import Process
from cocreation.querysets import standing

COLUMNS = {
    "german": ("title_de", "question_de", "lead_de", "places__name_de"),
    "english": ("title_en", "question_en", "lead_en", "places__name_en"),
}


def search_processes(words: str, at: datetime, limit: int = 12) -> list[Process]:
    """Public processes with these words in a title, question, introduction or place, in either language; the last word
    may be unfinished. Open ones first; each with `.short`, its line for a card. Three queries."""
    asked = _prefixes(words)
    if not asked:
        return []
    hits: set[int] = set()
    for config, columns in COLUMNS.items():
        query = SearchQuery(asked, config=config, search_type="raw")
        hits |= set(
            Process.objects.published()
            .annotate(text=SearchVector(*columns, config=config))
            .filter(text=query)
            .values_list("pk", flat=True)
        )
    found = standing(Process.objects.filter(pk__in=hits), at).prefetch_related("places", "phases")
    shown = list(found.order_by("rank", "moment", "pk")[:limit])  # type: ignore[misc]  # annotations of standing()
    for process in shown:
        process.short = short_line(process, at)  # type: ignore[attr-defined]
    return shown


def _prefixes(words: str) -> str:
    """Every word must occur; each may be the beginning of a longer one. Only letters and digits reach the query."""
    return " & ".join(f"{word}:*" for word in re.findall(r"\w+", words)[:8])
