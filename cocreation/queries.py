"""Reading processes for pages of this house and of those above."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, DateTimeField, F, Q, QuerySet, When

from cocreation.lines import short_line
from cocreation.models import Phase, Process
from cocreation.querysets import standing
from groundwork.prepared import Prepared

_FAR = datetime.max.replace(tzinfo=UTC)
_next_border: Prepared[datetime] = Prepared(
    lambda at: (
        # Not through the manager of translated models: their lists of values cannot be prepared.
        QuerySet(Phase)
        .filter(process__published_at__isnull=False, process__stopped_at__isnull=True)
        .filter(Q(starts__gt=at) | Q(ends__gt=at))
        .annotate(
            border=Case(
                When(starts__gt=at, then=F("starts")), default=F("ends"), output_field=DateTimeField()
            )
        )
        .order_by("border")
        .values_list("border", flat=True)[:1]
    ),
    at=_FAR,
)


def next_border(after: datetime) -> datetime | None:
    """When the next phase of a public process begins or ends, after this moment. One query."""
    return _next_border.first(at=after)


COLUMNS = {
    "german": ("title_de", "question_de", "lead_de", "places__name_de"),
    "english": ("title_en", "question_en", "lead_en", "places__name_en"),
}


def search_processes(words: str, at: datetime, limit: int = 12) -> list[Process]:
    """Public processes with these words in a title, question, introduction or place, in either language; the last word
    may be unfinished. Open ones first; each with `.short`, its line for a card. Three queries, one where nothing is found."""
    asked = _prefixes(words)
    hits = list(set(_hits(words=asked))) if asked else []
    if not hits:
        return []
    found = standing(Process.objects.filter(pk__in=hits), at).prefetch_related("places", "phases")
    shown = list(found.order_by("rank", "moment", "pk")[:limit])  # type: ignore[misc]  # annotations of standing()
    for process in shown:
        process.short = short_line(process, at)  # type: ignore[attr-defined]
    return shown


def _with(words: str) -> QuerySet[Any, Any]:
    # Not through the manager of translated models, which would put each column beside its translations.
    found: QuerySet[Any, Any] = QuerySet(Process).filter(published_at__isnull=False)
    wanted = Q()
    for config, columns in COLUMNS.items():
        found = found.annotate(**{config: SearchVector(*columns, config=config)})
        wanted |= Q(**{config: SearchQuery(words, config=config, search_type="raw")})
    return found.filter(wanted).values_list("pk", flat=True)


_hits: Prepared[int] = Prepared(_with, words="?")


def _prefixes(words: str) -> str:
    """Every word must occur; each may be the beginning of a longer one. Only letters and digits reach the query."""
    return " & ".join(f"{word}:*" for word in re.findall(r"\w+", words)[:8])
