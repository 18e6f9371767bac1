"""Who took part in a process, as far as people said it: counted by a job, let out by the rule of small numbers alone.

A figure stands for nobody or for at least `k` people, changes by at least `k`, and is rounded (groundwork/small_numbers.py).
No two questions are crossed. Ballots are secret, so voters as such are not in it: those who wrote, supported, commented or
voted in the open are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Person
from cocreation.models import Process
from feedback import reports
from feedback.reach import asking
from feedback.reach.catalogue import RATHER_NOT, Question, questions
from feedback.reach.models import Cell
from feedback.reach.sealed import told_by
from groundwork import small_numbers
from groundwork.answer import Words
from groundwork.html import say

if TYPE_CHECKING:
    from datetime import datetime

# Below this share of their share of the city a group is named as missing.
TOO_FEW = 0.8
Key = tuple[str, str]


def count_all(at: datetime) -> int:
    """Every public process of a city that asks something. Returns how many figures changed."""
    if not asking.of_city():
        return 0
    return sum(count(process) for process in Process.objects.published().order_by("pk"))


@transaction.atomic
def count(process: Process) -> int:
    """Count anew what this process counts. Returns how many figures changed. Raises KeyGone, and then nothing changed."""
    process = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    asked = asking.of_process(process)
    people = Person.objects.filter(
        pk__any_of=reports.people_of(process), is_active=True, restricted_since__isnull=True
    )
    now: dict[Key, int] = {
        (slug, answer): 0
        for slug in asked
        for answer in (*(name for name, _words in questions.get(slug).options()), RATHER_NOT)
    }
    for said in told_by(list(people.values_list("pk", flat=True))):
        for slug in asked:
            if (key := (slug, said.get(slug, ""))) in now:
                now[key] += 1
    cells = {(cell.question, cell.answer): cell for cell in Cell.objects.filter(process=process)}
    held = {key: cells[key].held if key in cells else 0 for key in now}
    settled = small_numbers.settle_all(held, now)
    Cell.objects.bulk_create(
        [
            Cell(process=process, question=key[0], answer=key[1], held=n, shown=small_numbers.shown(n))
            for key, n in settled.items()
            if key not in cells
        ]
    )
    changed = [key for key, n in settled.items() if n != held[key]]
    for key in changed:
        if key in cells:
            cells[key].held, cells[key].shown = settled[key], small_numbers.shown(settled[key])
    Cell.objects.bulk_update([cells[key] for key in changed if key in cells], ["held", "shown"])
    return len(changed)


# --- what of it is told ---


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `people` is None where they are fewer than `k`. Its share of all who said something lies between `least` and
    `most` of a hundred, because answers that are not shown may stand for nobody or for up to `k` - 1 people; `city` is
    None where it is unknown."""

    words: Words
    people: int | None
    least: float
    most: float | None
    city: float | None
    too_few: bool

    @property
    def share(self) -> str:
        """In words, "" where nothing can be said."""
        if self.people is None or self.most is None:
            return ""
        least, most = round(self.least), round(self.most)
        return say.percent(most) if least == most else f"{say.number(least)}–{say.percent(most)}"


@dataclass(frozen=True, slots=True)
class Compared:
    """A question: what those who took part said, beside the people who live here. `told` is the sum of what is shown."""

    question: Question
    rows: list[Row]
    told: int
    rather_not: int | None


def shown_of(process: Process) -> dict[str, dict[str, int | None]]:
    """Question -> answer -> what is shown, for the questions this process counts. Two queries."""
    cells = Cell.objects.filter(process=process).values_list("question", "answer", "shown")
    found: dict[str, dict[str, int | None]] = {slug: {} for slug in asking.of_process(process)}
    for question, answer, shown in cells:
        if question in found:
            found[question][answer] = shown
    return {question: answers for question, answers in found.items() if answers}


def compared(shown: Mapping[str, Mapping[str, int | None]]) -> list[Compared]:
    """Beside the people who live here. Two queries, and one for the parts of the city."""
    city = asking.population()
    return [
        _compared(question, shown[question.slug], city) for question in questions if question.slug in shown
    ]


def _compared(question: Question, shown: Mapping[str, int | None], city: Mapping[Key, int]) -> Compared:
    options = question.options()
    told = sum(shown.get(slug) or 0 for slug, _words in options)
    known = sum(city.get((question.slug, slug), 0) for slug, _words in options)
    below = small_numbers.k() - 1
    unshown = below * sum(shown.get(slug) is None for slug, _words in options)
    rows = []
    for slug, words in options:
        people, here = shown.get(slug), city.get((question.slug, slug), 0)
        least = 100 * people / (told + unshown) if people else 0.0
        most = 100 * (below if people is None else people) / told if told else None
        lives = 100 * here / known if here else None
        too_few = bool(lives and most is not None and most < TOO_FEW * lives)
        rows.append(Row(words, people, least, most, lives, too_few))
    return Compared(question, rows, told, shown.get(RATHER_NOT))
