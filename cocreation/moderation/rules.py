"""Questions about moderation; no writes, no request."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution
from cocreation.moderation.models import Appeal, Case, Claim, Decision, Report
from cocreation.roles import may_moderate, roles_of
from groundwork.answer import Answer, No, Yes, late
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person

APPEAL_FOR = timedelta(days=183)
CLAIMED_FOR = timedelta(minutes=30)
MOST_REPORTS_A_DAY = 20


def may_report(person: Person | None, contribution: Contribution, at: datetime) -> Answer:
    """Everybody may, about what everybody sees; one's own texts one can change or withdraw."""
    if not contribution.is_public:
        return No(_("This is not shown any more. Moderation has looked at it already."))
    if contribution.process_id < 0:
        return No(_("This is part of a dry run. There is nothing to moderate."))
    if person is None:
        return Yes()
    if contribution.author_id == person.pk:
        return No(_("You wrote this yourself. You can withdraw it."))
    sent = Report.objects.filter(by=person, at__gt=at - timedelta(days=1)).count()
    if sent >= MOST_REPORTS_A_DAY:
        return No(
            format_lazy(
                _("You have reported {n} things today. Please go on tomorrow, or write to moderation."),
                n=MOST_REPORTS_A_DAY,
            )
        )
    return Yes()


def earlier_report(person: Person | None, email: str, contribution: Contribution) -> Report | None:
    """What the same person said about the same thing before."""
    same = Q(pk__in=[])
    if person is not None:
        same |= Q(by=person)
    if email:
        same |= Q(email=email)
    return Report.objects.filter(same, contribution=contribution).first()


def standing_claim(case: Case, at: datetime) -> Claim | None:
    """Who looks at it now. Half an hour, by the clock alone."""
    return case.claims.filter(ended_at__isnull=True, until__gt=at).select_related("by").first()


def may_claim(person: Person | None, case: Case) -> Answer:
    if case.state == Case.State.CLOSED:
        return No(_("This is decided already."))
    return may_moderate(person, case.process)


def is_taken(claim: Claim) -> No:
    name = claim.by.public_name if claim.by else _("Somebody")
    return No(
        format_lazy(
            _("{name} looks at this until {time}. You can take it over and say why."),
            name=name,
            time=late(partial(say.clock, claim.until)),
        )
    )


def may_decide(person: Person | None, case: Case, at: datetime, claim: Claim | None = None) -> Answer:
    """Moderators of the process, but never about their own words or their own report, and not while somebody else looks
    at it. `claim` is the standing one, where the caller has it already."""
    if isinstance(answer := may_moderate(person, case.process), No):
        return answer
    assert person is not None
    if case.state == Case.State.CLOSED:
        return No(_("Somebody has decided this already."))
    if case.state == Case.State.AUTHOR:
        return No(_("This waits for its author. It comes back when the text was changed."))
    if case.contribution.author_id == person.pk:
        return No(_("You wrote this yourself. Somebody else decides."))
    if claim is not None and claim.by_id != person.pk:
        return is_taken(claim)
    return Yes()


def reported_it(person: Person, case: Case) -> bool:
    return case.reports.filter(by=person).exists()


def may_undo(person: Person | None, decision: Decision, at: datetime, why: str = "") -> Answer:
    """One click for whoever decided, for ten minutes; later any moderator, with a reason."""
    if isinstance(answer := may_moderate(person, decision.process), No):
        return answer
    if decision.undone_at:
        return No(_("This decision was taken back already."))
    if decision.settled_at or decision.appeals.filter(decided_at__isnull=False).exists():
        return No(_("This went on: an appeal was decided, or the text was changed. It cannot be taken back."))
    if not decision.may_undo_quickly(person, at) and not why.strip():
        return No(_("After ten minutes a decision is taken back with a reason."))
    return Yes()


def may_read_statement(person: Person | None, decision: Decision) -> bool:
    """The author, and those who moderate there."""
    if person is None:
        return False
    return decision.contribution.author_id == person.pk or roles_of(person).reads_hidden.covers(
        decision.process
    )


def may_change(person: Person | None, decision: Decision) -> Answer:
    if person is None or decision.contribution.author_id != person.pk:
        return No(_("Only the author can change this."))
    if decision.outcome != Decision.Outcome.CHANGE or decision.undone_at or decision.settled_at:
        return No(_("No change is asked for any more."))
    if decision.contribution.withdrawn_at:
        return No(_("You have withdrawn this."))
    if decision.case.state != Case.State.AUTHOR:
        return No(_("Your changed text is with moderation already."))
    return Yes()


def may_appeal(
    person: Person | None, decision: Decision, at: datetime, report: Report | None = None
) -> Answer:
    """The author against what restricts, the reporter against "nothing wrong"; once, within six months."""
    if report is not None:
        if report.case_id != decision.case_id or decision.restricts:
            return No(_("There is nothing to appeal against: moderation agreed with you."))
        again = Appeal.objects.filter(decision=decision, report=report)
    else:
        if person is None or decision.contribution.author_id != person.pk:
            return No(_("Only the author can appeal."))
        if not decision.restricts:
            return No(_("This decision restricts nothing."))
        again = Appeal.objects.filter(decision=decision, by=person, report=None)
    if decision.undone_at:
        return No(_("This decision was taken back already."))
    if decision.settled_at:
        return No(_("This is settled: the changed text was accepted, or a new decision was made."))
    if at >= decision.appeal_until:
        return No(
            format_lazy(
                _("An appeal was possible until {day}."), day=late(partial(say.day, decision.appeal_until))
            )
        )
    if again.exists():
        return No(_("You have appealed already. There is one appeal."))
    return Yes()


def may_decide_appeal(person: Person | None, appeal: Appeal) -> Answer:
    """Somebody else than whoever decided first; the author and the reporter neither."""
    decision = appeal.decision
    if isinstance(answer := may_moderate(person, decision.process), No):
        return answer
    assert person is not None
    if appeal.decided_at:
        return No(_("This appeal is decided already."))
    if decision.by_id == person.pk:
        return No(_("You made the first decision. Somebody else decides about the appeal."))
    if person.pk in (
        decision.contribution.author_id,
        appeal.by_id,
        appeal.report.by_id if appeal.report else 0,
    ):
        return No(_("This is about you. Somebody else decides."))
    if decision.undone_at:
        return No(_("This decision was taken back already."))
    return Yes()
