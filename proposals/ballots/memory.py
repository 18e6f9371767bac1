"""What never changes once a vote is open, kept in this process: which key file is its, how many projects and questions it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from proposals.ballots.models import Vote

_MOST = 2000


@dataclass(frozen=True, slots=True)
class Opened:
    vote: int
    public_key: bytes
    projects: int
    questions: int = 0


_opened: dict[int, Opened] = {}


def opened(phase: int) -> Opened | None:
    """The frozen facts of the vote of a phase, or None when nobody opened one. No query the second time."""
    if (known := _opened.get(phase)) is not None:
        return known
    row = (
        Vote.objects.filter(pk=phase, public_key__isnull=False)
        .annotate(n=Count("options"))
        .values_list("public_key", "n", "questions")
        .first()
    )
    if row is None:
        return None
    found = Opened(phase, bytes(row[0] or b""), row[1], len(row[2]))
    if len(_opened) < _MOST:
        _opened[phase] = found
    return found
