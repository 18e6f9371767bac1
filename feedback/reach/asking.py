"""Which questions are asked, and who lives here. A city asks nothing until its administration chose something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.models import Place
from feedback.reach.catalogue import questions
from feedback.reach.models import Asking, Population
from groundwork.answer import Answer, No, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

DISTRICT = "district"
# Parts of the city have a number of their own; no register knows who takes part for the first time.
NOT_COUNTED = (DISTRICT, "first")


def of_city() -> list[str]:
    """In the order of the catalogue. One query."""
    return _known(Asking.objects.filter(process=None).values_list("questions", flat=True).first() or ())


def of_process(process: Process) -> list[str]:
    """Those of the city that this process counts: all, unless it chose. One query."""
    rows = Asking.objects.filter(Q(process=None) | Q(process=process)).values_list("process", "questions")
    chosen: dict[int | None, list[str]] = dict(rows)
    city = chosen.get(None, [])
    return _known(set(city) & set(chosen.get(process.pk, city)))


def _known(chosen: Collection[str]) -> list[str]:
    return [slug for slug in questions.slugs() if slug in chosen]


def may_choose(person: Person | None) -> Answer:
    if roles.roles_of(person).is_admin:
        return Yes()
    return No(_("Only the administration of the city decides what is asked."))


@transaction.atomic
def choose(
    *, chosen: Collection[str], population: Mapping[tuple[str, str], int], by: Person, at: datetime
) -> None:
    """For the whole city: the questions, and how many people would give which answer."""
    require(may_choose(by))
    row, _made = Asking.objects.update_or_create(process=None, defaults={"questions": _known(chosen)})
    Population.objects.all().delete()
    Population.objects.bulk_create(
        Population(question=question, answer=answer, people=people)
        for (question, answer), people in population.items()
        if people
    )
    journal.record("reach.questions_chosen", on=row, by=by, at=at)


@transaction.atomic
def choose_for(*, process: Process, chosen: Collection[str], by: Person, at: datetime) -> None:
    """For one process: which of the questions of the city it counts."""
    require(roles.may_configure(by, process))
    counted = _known(chosen)
    Asking.objects.update_or_create(process=process, defaults={"questions": counted})
    journal.record("reach.questions_chosen", on=process, by=by, at=at, data={"questions": counted})


def population() -> dict[tuple[str, str], int]:
    """(question, answer) -> people, where it is known. Two queries."""
    found = {(row.question, row.answer): row.people for row in Population.objects.all()}
    places = Place.objects.filter(kind__in=(Place.Kind.DISTRICT, Place.Kind.VILLAGE), population__gt=0)
    return found | {(DISTRICT, slug): n for slug, n in places.values_list("slug", "population")}
