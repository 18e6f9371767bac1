"""Publishing the evaluation of a process: its figures are counted on that day and stand for ever."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from feedback import keeping_rules as rules
from feedback import reports
from feedback.actions.stages import by_language
from feedback.models import EvaluationReport, day_of
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def publish_report(
    *, process: Process, learned: dict[str, str], changes: dict[str, str], by: Person, at: datetime
) -> EvaluationReport:
    """The figures of today, and what was learned. Texts by language."""
    process = Process.objects.select_for_update(of=("self",)).select_related("office").get(pk=process.pk)
    require(rules.may_report(by, process, at))
    if EvaluationReport.objects.filter(process=process).exists():
        raise Refused(No(_("This report is published already.")))
    due = rules.report_due(process)
    assert due is not None
    report = EvaluationReport(
        process=process, numbers=reports.numbers_of(process, at).as_json(), due=day_of(due), published_at=at, by=by,
        **by_language("learned", learned), **by_language("changes", changes),
    )  # fmt: skip
    report.full_clean(exclude=["learned", "changes"])
    report.save(force_insert=True)
    late = day_of(at) > report.due
    journal.record("report.published", by=by, on=process, process=process, at=at, data={"late": late})
    return report
