"""What everybody sees of an open vote, kept in this process: which key file is its, how many projects and questions it has,
its options. Nothing of a voter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from cocreation import kept
from groundwork.prepared import Prepared
from proposals import memory
from proposals.ballots.models import BallotOption, Vote

_MOST = 2000
_MOST_BALLOTS = 50


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


_listed: Prepared[BallotOption] = Prepared(
    lambda vote: (
        BallotOption.objects.filter(vote=vote).select_related("proposal__place").order_by("position")
    ),
    vote=-1,
)


class Listed(list[BallotOption]):
    """The options of a ballot, and a shelf for what is drawn of them: the same for everybody, and nothing of a voter."""

    def __init__(self, options: Iterable[BallotOption]) -> None:
        super().__init__(options)
        self.shelf: dict[Any, Any] = {}


_options: dict[int, tuple[tuple[str, bytes], Listed]] = {}


def options_of(vote: Vote) -> list[BallotOption]:
    """The options with their proposals and places, in the order of the ballot; none where questions are answered. One query."""
    return _listed(vote=vote.pk)


def kept_options_of(vote: Vote, at: datetime) -> Sequence[BallotOption]:
    """The same for reading only: no query until something happens in the process (cocreation/kept.py). Costs and positions
    never change; a title may, and a project that moderation hid is seen at once.

    Its key is in the version: what is kept is of this opening of the vote, and of no dry run before.
    """
    if vote.public_key is None or not hasattr(vote.phase.process, "newest_entry"):
        return options_of(vote)
    version = kept.version_of(vote.phase.process, at), bytes(vote.public_key)
    known = _options.get(vote.pk)
    if known is None or known[0] != version:
        if len(_options) >= _MOST_BALLOTS:
            _options.clear()
        known = _options[vote.pk] = version, Listed(options_of(vote))
    return known[1]


def shelf_of(options: Sequence[BallotOption]) -> dict[Any, Any] | None:
    """Where to keep what is drawn of these options; None where they are not kept themselves."""
    return options.shelf if isinstance(options, Listed) else None


memory.also_forget.append(_options.clear)
