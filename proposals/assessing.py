"""Which phases assess, where their proposals go, and how far they are. Questions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import override

from cocreation.models import Phase
from proposals import memory
from proposals.counts import Counts, counts_of
from proposals.models import Proposal, Stage, Theme

if TYPE_CHECKING:
    from cocreation.models import Process


def assessing(at: datetime) -> list[Phase]:
    """Open phases in which offices assess, the one that ends first in front."""
    open_now = Phase.objects.open(at).published().filter(acts__contains=["assess"])
    return list(open_now.select_related("process").order_by(F("ends").asc(nulls_last=True)))


def thresholds(processes: Sequence[int]) -> Mapping[int, int]:
    """How many supports the collecting phase of each process asks for. One query."""
    collecting = Phase.objects.filter(process__in=processes, method="ideas").order_by("-order")
    return {phase.process_id: int(getattr(phase.opts, "threshold", 0) or 0) for phase in collecting}


@dataclass(frozen=True, slots=True)
class Routing:
    """Where what waits in a process goes by itself."""

    process: int
    office: int
    due: datetime | None
    least: int
    by_theme: Mapping[str, int]


def routings(phases: Sequence[Phase]) -> list[Routing]:
    """One query, whatever the number of phases."""
    if not phases:
        return []
    least = thresholds([phase.process_id for phase in phases])
    return [
        Routing(
            phase.process_id, phase.process.office_id, due_of(phase), least.get(phase.process_id, 0),
            read_themes(getattr(phase.opts, "by_theme", ""))[0],
        )
        for phase in phases
    ]  # fmt: skip


def due_of(phase: Phase) -> datetime | None:
    """When the offices have to be done: the end of the phase, less the days kept in reserve."""
    if phase.ends is None:
        return None
    due = phase.ends - timedelta(days=int(getattr(phase.opts, "reserve", 0) or 0))
    return max(due, phase.starts) if phase.starts else due


def read_themes(lines: str) -> tuple[dict[str, int], list[str]]:
    """ "Getting around: Office for Roads", a line each → theme and key of the office; and the lines nobody understands.

    Themes and offices go by their name in any language of the city, offices by their short form too.
    """
    themes: dict[str, str] = {}
    for code in ("en", "de"):
        with override(code):
            themes |= {str(label).casefold(): value for value, label in Theme.choices}
    themes |= {value: value for value in Theme.values}
    offices: dict[str, int] = {}
    for office in memory.offices.all().values():
        names = (
            office.slug, office.short, office.name, getattr(office, "name_de", ""), getattr(office, "name_en", ""),
        )  # fmt: skip
        offices |= {str(name).casefold(): office.pk for name in names if name}
    found: dict[str, int] = {}
    strange = []
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        theme, _colon, named = (part.strip().casefold() for part in line.partition(":"))
        if theme in themes and named in offices:
            found[themes[theme]] = offices[named]
        else:
            strange.append(line)
    return found, strange


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the offices are: for the page of the process, in the open."""

    done: int
    all: int
    due: datetime | None

    @property
    def bar(self) -> list[tuple[str, int]]:
        return [("", self.done)]


def progress(process: Process, at: datetime, counts: Counts | None = None) -> Progress | None:
    """None where nothing is assessed, or not yet. No query beside the counts; one more where a threshold is set."""
    phase = next((each for each in process.line if each.method == "assessment"), None)
    if phase is None or phase.is_ahead(at) or not process.is_published:
        return None
    stages = (counts or counts_of(process)).by_stage()
    # What went away and what became part of another are not waiting for anything.
    total = sum(stages.values()) - stages[Stage.WITHDRAWN] - stages[Stage.MERGED]
    left = stages[Stage.RECEIVED]
    least = next((int(getattr(p.opts, "threshold", 0) or 0) for p in process.line if p.method == "ideas"), 0)
    if least and left:
        waiting = Proposal.objects.filter(
            process=process, is_public=True, stage=Stage.RECEIVED, supports__gte=least
        ).count()
        total, left = total - left + waiting, waiting
    return Progress(total - left, total, due_of(phase)) if total > 0 else None
