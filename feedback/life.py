"""What promises on their way add to the pages of others: the life record, news for people concerned, verbs, the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cocreation.desk import Queue, queues
from cocreation.duties import Duty, duties
from cocreation.kinds import About, Kind, kinds
from cocreation.news import News, Said, news
from cocreation.panels import Panel, process_panels
from cocreation.record import Entry
from feedback import keeping_rules, queries, reports
from feedback.models import UPDATE, Commitment, Ending, EvaluationReport, HandOver, Reopening, Update
from groundwork import small_numbers
from groundwork.html import say
from groundwork.journal.api import Verb, declare
from proposals.panels import Panel as ProposalPanel
from proposals.panels import proposal_panels
from proposals.record import record_sources

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Process
    from proposals.models import Proposal

declare(
    Verb("commitment.updated", gettext_lazy("News of a promise")),
    Verb("commitment.spent", gettext_lazy("Money spent")),
    Verb("commitment.handed_over", gettext_lazy("Another office takes over")),
    Verb("commitment.given_up", gettext_lazy("Given up")),
    Verb("commitment.reopened", gettext_lazy("Asked again")),
    Verb("task.offered", gettext_lazy("Task offered")),
    Verb("task.taken_on", gettext_lazy("Task taken on")),
    Verb("task.done", gettext_lazy("Task done")),
    Verb("report.published", gettext_lazy("Evaluation report published")),
)


# --- an update is a contribution: it has a number, can be taken off the pages, and its files are given out by its rule ---


def _page(contribution: Contribution) -> str:
    return reverse("feedback:commitment", args=[contribution.update.commitment_id]) + f"#n{contribution.pk}"


def _about(contribution: Contribution) -> About:
    found = Update.objects.select_related("commitment").get(pk=contribution.pk)
    return About(found.commitment.title, _page(contribution))


kinds.add(UPDATE, Kind(gettext_lazy("News of a promise"), url=_page, about=_about))


# --- the life record of the proposal ---


def of_proposal(proposal: Proposal) -> Iterable[Entry]:
    """What happened to its promises beside the moves of the proposal itself. One query, six more where there is one."""
    promises = queries.promises_for(proposal)
    if not promises:
        return
    for promise in promises:
        url, office = promise.get_absolute_url(), promise.office.name
        for step in promise.steps:
            if step.done_at:
                yield Entry(
                    step.done_at,
                    _("Step done: %(step)s") % {"step": step.name},
                    office,
                    icon="check",
                    url=url,
                )
        for delay in promise.delays.all():
            words = _("Takes longer, new date: %(day)s") % {"day": say.day(delay.new_due)}
            yield Entry(delay.at, words, office, delay.reason, icon="triangle-alert", url=url)
        for hand in promise.hand_overs.select_related("old_office", "new_office"):
            words = _("Handed over to: %(office)s") % {"office": hand.new_office.name}
            yield Entry(hand.at, words, hand.old_office.name, hand.reason, icon="arrow-right", url=url)
        if promise.given_up_at:
            ending = promise.ending
            yield Entry(
                ending.at, _("The promise is given up"), office, ending.reason, icon="circle-x", url=url
            )
    asked = Reopening.objects.filter(commitment__in=promises).select_related("contribution__proposal")
    for again in asked:
        words = _("Asked again as a new idea, because too few say that it works")
        yield Entry(again.at, words, "", icon="refresh-cw", url=again.contribution.get_absolute_url())


record_sources.add("commitments", of_proposal)


def comes_from(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """On the page of a new idea: the promise it asks again about, with how it went. One query, only for what an office
    put there itself."""
    if proposal.contribution.author_id is not None:
        return None
    found = (
        Reopening.objects.filter(contribution=proposal.pk)
        .select_related("commitment__office", "commitment__contribution__proposal", "commitment__process")
        .first()
    )
    return {"again": found} if found else None


proposal_panels.add(
    "again", ProposalPanel("again", "feedback/proposal_again.html", comes_from, where="top", order=5)
)


# --- news ---


def _updated(data: Mapping[str, Any], row: Any) -> Said:
    return Said(_("News of a promise"), "", row.text if row else "")


def _given_up(data: Mapping[str, Any], row: Any) -> Said:
    text = _("The promise stays on the board, with the reason.")
    return Said(_("The city gives a promise up"), text, row.reason if row else "")


def _handed_over(data: Mapping[str, Any], row: Any) -> Said:
    short = _("Another office takes a promise over")
    if row is None:
        return Said(short)
    return Said(short, _("Now responsible: %(office)s.") % {"office": row.new_office.name}, row.reason)


def _reopened(data: Mapping[str, Any], row: Any) -> Said:
    return Said(
        _("The question is asked again"),
        _("Too few people say that it works. That is why there is a new idea, with how it went."),
    )


def _reported(data: Mapping[str, Any], row: Any) -> Said:
    return Said(_("The evaluation is there"), _("What came of it, in figures and in words."))


news.add("commitment.updated", News("contribution", _updated, rows=Update.objects.in_bulk))
news.add(
    "commitment.given_up", News("contribution", _given_up, city=True, wide=True, rows=Ending.objects.in_bulk)
)
news.add(
    "commitment.handed_over",
    News("followers", _handed_over, rows=HandOver.objects.select_related("new_office").in_bulk),
)
news.add("commitment.reopened", News("contribution", _reopened, city=True))
news.add("report.published", News("participants", _reported))


# --- the report of a process ---


def report_panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The report, or until when it is due. Nothing is asked while the process is under way."""
    ended = keeping_rules.ended_at(process)
    if process.is_dry_run or ended is None or ended > at:
        return None
    report = EvaluationReport.objects.filter(process=process).first()
    due = keeping_rules.report_due(process)
    assert due is not None
    return {
        "report": report,
        "numbers": reports.Numbers.read(report.numbers) if report else None,
        "people": small_numbers.figure(reports.Numbers.read(report.numbers).people) if report else None,
        "due": timezone.localdate(due),
        "overdue": report is None and keeping_rules.is_report_overdue(process, at),
        "process": process,
    }


def report_owed(process: Process, at: datetime) -> list[Duty]:
    """For the hand-over: the evaluation, once the process is over."""
    due = keeping_rules.report_due(process)
    if due is None or due - keeping_rules.REPORT_WITHIN > at:
        return []
    if EvaluationReport.objects.filter(process=process).exists():
        return []
    url = reverse("feedback:desk_report", args=[process.slug])
    return [Duty(_("Evaluation report"), timezone.localdate(due), process.office.name, url)]


process_panels.add("report", Panel("report", "feedback/process_report.html", report_panel, order=35))
duties.add("report", report_owed)
queues.add(
    "report",
    Queue(
        "report", gettext_lazy("Evaluation reports"), "chart-column", "feedback:desk_reports", reports.owed_number,
        lambda roles: roles.may_assess, order=45, due=reports.is_overdue,
    ),
)  # fmt: skip


def again_possible(commitment: Commitment) -> bool:
    """Whether the published rule says that the question is asked again, and nobody has yet."""
    return keeping_rules.works_too_little(commitment) and not hasattr(commitment, "reopening")
