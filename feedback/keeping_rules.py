"""Questions about promises on their way: news, money, other hands, an end, tasks for everybody, the question to the people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.request import NEEDS_ACCOUNT
from cocreation.roles import may_act_for, roles_of
from feedback.models import Commitment, Pledge, State, Task, day_of
from feedback.rules import may_manage
from groundwork import small_numbers
from groundwork.answer import Answer, No, Yes

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Office, Process

# The published rule: when fewer than so many of a hundred say that it works, the question is asked again.
TOO_FEW = 40
REPORT_WITHIN = timedelta(days=90)

_IS_GIVEN_UP = No(_("This promise was given up. Nothing is added to it any more."))


def may_tell(person: Person | None, commitment: Commitment) -> Answer:
    """News and money also come after the delivery; never after the end."""
    return _IS_GIVEN_UP if commitment.given_up_at else may_manage(person, commitment)


def may_give_up(person: Person | None, commitment: Commitment) -> Answer:
    if commitment.delivered_at:
        return No(_("This is delivered. It cannot be given up any more."))
    return may_tell(person, commitment)


def may_hand_over(person: Person | None, commitment: Commitment, to: Office) -> Answer:
    """The office that has it gives it away; the administration may when there is nobody left to."""
    if commitment.is_over:
        return No(_("This promise is over. It stays with the office that had it."))
    if to.pk == commitment.office_id:
        return No(_("It is this office's already."))
    return may_manage(person, commitment)


def may_offer_task(person: Person | None, commitment: Commitment) -> Answer:
    if commitment.is_over:
        return No(_("This promise is over. There is nothing left to do together."))
    return may_manage(person, commitment)


def may_take_on(person: Person | None, task: Task, at: datetime, taken: int) -> Answer:
    """Everyone with an account, as long as hands are wanted."""
    if not task.is_open(at) or task.commitment.given_up_at:
        return No(_("This task is over. Thank you to everyone who helped."))
    if person is None or not person.is_authenticated or not person.is_active:
        return No(_("Please sign in to take this on."), _("Sign in"), "account_login", identify=True)
    if person.is_guest:
        return NEEDS_ACCOUNT
    if taken >= task.people:
        return No(_("Enough people have taken this on. Thank you."))
    return Yes()


def may_change_pledge(person: Person | None, pledge: Pledge) -> Answer:
    if person is None or pledge.person_id != person.pk:
        return No(_("Only whoever took it on may do this."))
    if pledge.withdrawn_at:
        return No(_("You have taken this back already."))
    return Yes()


def is_asked(commitment: Commitment, at: datetime) -> Answer:
    """From the delivery to the day people are asked until."""
    if commitment.evaluate_by is None:
        return No(_("This is not finished yet."))
    if commitment.evaluated_at or day_of(at) > commitment.evaluate_by:
        return No(_("The question is closed. Thank you to everyone who answered."))
    return Yes()


def works_too_little(commitment: Commitment) -> bool:
    """Of the published answers of the people concerned fewer than TOO_FEW of a hundred say yes."""
    answers = commitment.works_yes + commitment.works_partly + commitment.works_no
    return small_numbers.enough(answers) and 100 * commitment.works_yes < TOO_FEW * answers


def may_reopen(person: Person | None, commitment: Commitment, *, is_reopened: bool) -> Answer:
    if not commitment.delivered_at:
        return No(_("Only what was delivered can be asked about again."))
    if is_reopened:
        return No(_("The question is asked again already."))
    if not works_too_little(commitment):
        return No(_("Most answers say that it works, or too few have answered so far."))
    return may_manage(person, commitment)


def ended_at(process: Process) -> datetime | None:
    """When a process was over: its last phase ended, or it was stopped. None while a date is missing."""
    if process.stopped_at:
        return process.stopped_at
    ends = [phase.ends for phase in process.line]
    return max((end for end in ends if end), default=None) if all(ends) else None


def report_due(process: Process) -> datetime | None:
    """The last moment for the evaluation report."""
    ended = ended_at(process)
    return ended + REPORT_WITHIN if ended else None


def may_report(person: Person | None, process: Process, at: datetime) -> Answer:
    """The office of the process, once it is over."""
    ended = ended_at(process)
    if process.is_dry_run or not process.is_published:
        return No(_("This process is not published."))
    if ended is None or ended > at:
        return No(_("This process is not over yet. Its evaluation comes afterwards."))
    if person is not None and roles_of(person).is_admin:
        return Yes()
    return may_act_for(person, process.office)


def is_report_overdue(process: Process, at: datetime) -> bool:
    due = report_due(process)
    return due is not None and timezone.localtime(at) > due


def is_late(commitment: Commitment, at: datetime) -> bool:
    return commitment.state(at) == State.DELAYED
