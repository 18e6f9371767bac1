"""A report on the life record: received, what the office said, closed; and until when the office owes its reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cocreation.record import Coming, Entry, Life, Record, author_of, records
from feedback.defects.models import Defect
from feedback.models import OfficialAnswer
from feedback.words import ANSWER_ICONS
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution


def life_of(contribution: Contribution, person: Person | None, at: datetime) -> Life:
    """Two queries."""
    defect = Defect.objects.as_shown().get(pk=contribution.pk)
    answers = list(OfficialAnswer.objects.filter(contribution=contribution).newest_first())
    office = defect.service.office.name
    return Life(
        title=f"{defect.service.name}: {defect.short}",
        url=defect.get_absolute_url(),
        link=_("To the report"),
        entries=list(entries_of(defect, contribution, answers)),
        coming=coming_for(defect, answers, at),
        thanks=_("Thank you. Your report has arrived."),
        office=office if defect.closed_at is None else "",
    )


def entries_of(defect: Defect, contribution: Contribution, answers: list[OfficialAnswer]) -> Iterator[Entry]:
    """No query beyond what was fetched."""
    yield Entry(
        contribution.created_at, _("Reported"), author_of(contribution), defect.service.name, icon="inbox"
    )
    for answer in answers:
        words = _("The office says: %(status)s") % {"status": answer.get_status_display()}
        icon = ANSWER_ICONS[OfficialAnswer.Status(answer.status)]
        yield Entry(answer.published_at, words, answer.office.name, answer.reason, icon=icon)


def coming_for(defect: Defect, answers: list[OfficialAnswer], at: datetime) -> list[Coming]:
    if defect.closed_at is not None:
        return []
    stops = []
    if answers and (day := answers[0].next_date):
        stops.append(
            Coming(_("You hear more"), defect.service.office.name, _("by %(day)s") % {"day": say.day(day)})
        )
    late = defect.is_overdue(at)
    due = Coming(
        _("The office closes the report, with its reason"),
        defect.service.office.name,
        _("by %(day)s") % {"day": say.day(defect.due)},
        "late" if late else "next",
    )
    return [due, *stops] if late else [*stops, due]


def lang_of(contribution: Contribution) -> str:
    """The language of the words where it is not the reader's."""
    return contribution.language if contribution.language != get_language() else ""


records.add("defect", Record(life_of))
