"""What waits for an office."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from cocreation.desk import Urgent
from cocreation.roles import roles_of
from feedback.defects.models import Defect, DefectQuerySet

if TYPE_CHECKING:
    from accounts.models import Person


def of_offices(person: Person) -> DefectQuerySet:
    """The public reports of the offices this person speaks for; of all, for the administration."""
    roles, found = roles_of(person), Defect.objects.public()
    return found if roles.is_admin else found.filter(service__office__in=roles.offices)


def waiting(person: Person, at: datetime) -> int:
    return of_offices(person).open().count()


def any_overdue(person: Person, at: datetime) -> bool:
    return of_offices(person).overdue(at).exists()


def urgent(person: Person, at: datetime) -> list[Urgent]:
    """The three that are due first."""
    first = of_offices(person).open().as_shown().order_by("due", "pk")[:3]
    return [
        Urgent(
            f"{each.service.name}: {each.short}", reverse("defects:desk_defect", args=[each.receipt]),
            each.place.name, each.due,
        )
        for each in first
    ]  # fmt: skip
