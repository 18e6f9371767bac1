"""The only place where moderation changes something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cocreation.actions import (
    hide_contribution,
    hold_contribution,
    release_contribution,
    restore_contribution,
)
from cocreation.admission import Keeper, keepers
from cocreation.audit import on_data_of
from cocreation.models import Contribution, Hiding, Process
from cocreation.moderation import intake, rules
from cocreation.moderation.models import Appeal, Case, Claim, Decision, Mark, Note, Report, Rule, Watch
from cocreation.moderation.standard import Read, rule_of, rules_of
from cocreation.roles import may_configure, may_moderate
from cocreation.wordings import wordings
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

Outcome = Decision.Outcome


# --- reports ---


@transaction.atomic
def report(
    *,
    contribution: Contribution,
    rule: str,
    words: str,
    at: datetime,
    by: Person | None = None,
    email: str = "",
    language: str = "de",
) -> Report:
    """Say that something breaks a rule. It stays where it is; the same person saying it twice has said it once."""
    email = email.strip().lower()
    if earlier := rules.earlier_report(by, email, contribution):
        return earlier
    contribution = Contribution.objects.select_related("process").get(
        pk=contribution.pk
    )  # it may be gone by now
    require(rules.may_report(by, contribution, at))
    case = intake.open_case(contribution, at)
    try:
        with transaction.atomic():
            made = Report.objects.create(
                contribution=contribution, case=case, by=by, email=email, rule=rule, words=words.strip(),
                language=language, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(No(_("You have reported this already."))) from None
    intake.weigh(case)
    # Who reports is nobody's business: the entry names no person.
    journal.record(
        "moderation.reported", on=contribution, process=contribution.process_id, at=at, data={"rule": rule}
    )
    return made


# --- who looks at it ---


@transaction.atomic
def claim(*, case: Case, by: Person, at: datetime, word: str = "") -> Claim:
    """Look at a case: for half an hour nobody else decides it. Whose it is now, is asked for a word to take it over."""
    case = _locked(case)
    require(rules.may_claim(by, case))
    standing = case.claims.filter(ended_at__isnull=True).select_related("by").first()
    if standing is not None:
        if standing.by_id == by.pk and standing.until > at:
            standing.until = at + rules.CLAIMED_FOR
            standing.save(update_fields=["until"])
            return standing
        if standing.until > at and not word.strip():
            raise Refused(rules.is_taken(standing))
        standing.ended_at = min(at, standing.until)
        standing.save(update_fields=["ended_at"])
    try:
        with transaction.atomic():
            return Claim.objects.create(
                case=case, by=by, at=at, until=at + rules.CLAIMED_FOR, word=word.strip()[:200]
            )
    except IntegrityError:
        raise Refused(No(_("Somebody else was faster. Please look again."))) from None


@transaction.atomic
def drop_claim(*, case: Case, by: Person, at: datetime) -> None:
    case.claims.filter(by=by, ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def add_note(*, case: Case, text: str, by: Person, at: datetime) -> Note:
    require(may_moderate(by, case.process))
    return Note.objects.create(case=case, by=by, at=at, text=text.strip())


def _locked(case: Case) -> Case:
    found = Case.objects.select_for_update(of=("self",)).select_related("contribution__process", "process")
    return found.get(pk=case.pk)


# --- decisions ---


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator decides. What restricts needs a rule, the fact and a reason."""

    outcome: str
    rule: str = ""
    fact: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of deciding many at once: they share a batch, and come back together."""

    batch: UUID
    decisions: list[Decision] = field(default_factory=list)
    left_out: list[tuple[Case, No]] = field(default_factory=list)


@transaction.atomic
def decide(*, case: Case, verdict: Verdict, by: Person, at: datetime, batch: UUID | None = None) -> Decision:
    """Close a case, or send it to its author. The author reads a statement, the reporters an answer."""
    case = _locked(case)
    require(rules.may_decide(by, case, at, rules.standing_claim(case, at)))
    if rules.reported_it(by, case):
        raise Refused(No(_("You reported this yourself. Somebody else decides.")))
    contribution = Contribution.objects.select_for_update().get(pk=case.contribution_id)
    contribution.process = case.process
    if contribution.withdrawn_at or contribution.erased_at:
        raise Refused(No(_("The author has taken this back. There is nothing to decide.")))
    rule = _rule(case.process_id, verdict)
    was_held = contribution.held_at is not None
    # What came before in this case is settled by what is decided now.
    case.decisions.standing().filter(settled_at__isnull=True).update(settled_at=at)
    decision = Decision.objects.create(
        case=case, contribution=contribution, process_id=case.process_id, kind=contribution.kind,
        outcome=verdict.outcome, rule=rule.as_stored() if rule else {}, fact=verdict.fact.strip() if rule else "",
        reason=verdict.reason.strip(), by=by, at=at, took=at - case.opened_at, appeal_until=at + rules.APPEAL_FOR,
        batch=batch or uuid4(), was_held=was_held,
    )  # fmt: skip
    _close(case, at, Case.State.AUTHOR if verdict.outcome == Outcome.CHANGE else Case.State.CLOSED)
    case.reports.update(upheld=verdict.outcome != Outcome.FINE)
    journal.record(
        "moderation.decided", by=by, on=decision, process=case.process_id, at=at,
        data=on_data_of(contribution.author_id, outcome=verdict.outcome, rule=decision.rule.get("slug", "")),
    )  # fmt: skip
    if verdict.outcome == Outcome.FINE:
        if was_held:
            release_contribution(contribution=contribution, by=by, at=at)
    elif verdict.outcome == Outcome.CHANGE:
        if not was_held:
            hold_contribution(contribution=contribution, by=by, at=at, data={"row": decision.pk})
        else:
            journal.record(
                "contribution.held", by=by, on=contribution, process=case.process_id, at=at,
                data=on_data_of(contribution.author_id, row=decision.pk),
            )  # fmt: skip
    else:
        _hide(decision, by, at)
    _tell_reporters(decision, at)
    return decision


def _hide(decision: Decision, by: Person, at: datetime) -> None:
    """Off the pages, under the rule of the decision. What waited so far waits no more: it is hidden."""
    hide_contribution(
        contribution=decision.contribution,
        by=by,
        at=at,
        rule=decision.rule_name[:120],
        reason=decision.reason,
    )
    Contribution.objects.filter(pk=decision.contribution_id).update(held_at=None)


def _rule(process: int, verdict: Verdict) -> Read | None:
    """The rule a decision stands on; refused in words where something of a statement is missing."""
    if verdict.outcome == Outcome.FINE:
        return None
    rule = rule_of(process, verdict.rule)
    if rule is None:
        raise Refused(No(_("Choose the rule that is broken.")))
    if not verdict.fact.strip() or not verdict.reason.strip():
        raise Refused(No(_("The author needs the fact and the reason.")))
    return rule


def _close(case: Case, at: datetime, state: str) -> None:
    case.state, case.closed_at = state, at if state == Case.State.CLOSED else None
    case.save(update_fields=["state", "closed_at"])
    case.claims.filter(ended_at__isnull=True).update(ended_at=at)


def _tell_reporters(decision: Decision, at: datetime) -> None:
    """Those with an account find it in their inbox; those who left an address get a mail (tasks.py)."""
    people = [pk for pk in decision.case.reports.values_list("by", flat=True) if pk is not None]
    if people:
        journal.record(
            "moderation.reports_answered", on=decision, process=decision.process_id, at=at,
            data={"tell": people, "row": decision.pk},
        )  # fmt: skip


@transaction.atomic
def decide_many(*, cases: Iterable[Case], verdict: Verdict, by: Person, at: datetime) -> Done:
    """The same for many. What somebody else looks at, and what is one's own, is left out and named."""
    done = Done(uuid4())
    for case in sorted(cases, key=lambda each: each.pk):
        try:
            with transaction.atomic():
                done.decisions.append(decide(case=case, verdict=verdict, by=by, at=at, batch=done.batch))
        except Refused as refused:
            done.left_out.append((case, refused.answer))
    return done


@transaction.atomic
def undo(*, decision: Decision, by: Person, at: datetime, why: str = "") -> Decision:
    """Take a decision back: everything is as it was before, and the case is open again."""
    case = _locked(decision.case)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("process").get(pk=decision.pk)
    require(rules.may_undo(by, decision, at, why))
    decision.undone_at, decision.undone_by, decision.undone_why = at, by, why.strip()
    decision.save(update_fields=["undone_at", "undone_by", "undone_why"])
    contribution = Contribution.objects.select_related("process").get(pk=decision.contribution_id)
    if decision.outcome == Outcome.HIDE and contribution.hidden_at:
        if decision.was_held:
            Contribution.objects.filter(pk=contribution.pk).update(held_at=at)
        contribution = restore_contribution(contribution=contribution, by=by, at=at)
    elif decision.outcome == Outcome.CHANGE and contribution.held_at and not decision.was_held:
        contribution = release_contribution(contribution=contribution, by=by, at=at)
    elif decision.outcome == Outcome.FINE and decision.was_held and not contribution.held_at:
        contribution.hold(at)
        contribution.save(update_fields=["held_at", "is_public"])
    journal.record(
        "moderation.undone", by=by, on=contribution, process=decision.process_id, at=at,
        data=on_data_of(contribution.author_id, row=decision.pk),
    )  # fmt: skip
    case.reports.filter(mailed_at__isnull=True).update(upheld=None)
    others = Case.objects.filter(contribution=contribution).exclude(pk=case.pk)
    if not others.exclude(state=Case.State.CLOSED).exists():
        case.state, case.closed_at = Case.State.OPEN, None
        case.save(update_fields=["state", "closed_at"])
        case.contribution = contribution
        Mark.objects.update_or_create(case=case, kind=Mark.Kind.REOPENED, defaults={"at": at})
        intake.weigh(case)
    return decision


@transaction.atomic
def undo_batch(*, batch: UUID, by: Person, at: datetime) -> int:
    """What was decided with one click comes back with one click. All or nothing."""
    found = list(Decision.objects.standing().filter(batch=batch, by=by).select_related("case", "process"))
    if not found:
        raise Refused(No(_("This decision was taken back already.")))
    for decision in found:
        undo(decision=decision, by=by, at=at)
    return len(found)


# --- the author answers ---


@transaction.atomic
def change(*, decision: Decision, texts: Mapping[str, str], by: Person, at: datetime) -> None:
    """The author has changed the text: it goes back to the queue, and is seen again when somebody agrees."""
    case = _locked(decision.case)
    decision = Decision.objects.select_related("contribution", "case", "process").get(pk=decision.pk)
    require(rules.may_change(by, decision))
    known = wordings.get(decision.kind)
    if known.write is None:
        raise Refused(No(_("This cannot be changed. You can withdraw it.")))
    known.write(decision.contribution, texts, by, at)
    case.state = Case.State.OPEN
    case.save(update_fields=["state"])
    Mark.objects.update_or_create(case=case, kind=Mark.Kind.RETURNED, defaults={"at": at})
    intake.weigh(case)
    journal.record("moderation.changed", by=by, on=decision, process=decision.process_id, at=at)


@transaction.atomic
def appeal(
    *, decision: Decision, words: str, at: datetime, by: Person | None = None, report: Report | None = None
) -> Appeal:
    """Ask that somebody else looks again: the author, or whoever reported (by their report)."""
    decision = (
        Decision.objects.select_for_update(of=("self",)).select_related("contribution").get(pk=decision.pk)
    )
    require(rules.may_appeal(by, decision, at, report))
    try:
        with transaction.atomic():
            made = Appeal.objects.create(decision=decision, by=by, report=report, words=words.strip(), at=at)
    except IntegrityError:
        raise Refused(No(_("You have appealed already. There is one appeal."))) from None
    journal.record(
        "moderation.appealed",
        by=by if report is None else None,
        on=decision,
        process=decision.process_id,
        at=at,
    )
    return made


@transaction.atomic
def decide_appeal(*, appeal: Appeal, reversed: bool, reason: str, by: Person, at: datetime) -> Appeal:
    """Somebody else looks again. What is reversed is put right everywhere at once; everybody concerned is told."""
    found = Appeal.objects.select_for_update(of=("self",)).select_related(
        "decision__contribution__process", "decision__process", "decision__case", "report"
    )
    appeal = found.get(pk=appeal.pk)
    decision, contribution = appeal.decision, appeal.decision.contribution
    require(rules.may_decide_appeal(by, appeal))
    if not reason.strip():
        raise Refused(No(_("A decision about an appeal needs its reason.")))
    appeal.outcome = Appeal.Outcome.REVERSED if reversed else Appeal.Outcome.UPHELD
    appeal.reason, appeal.decided_at, appeal.decided_by = reason.strip(), at, by
    try:
        with transaction.atomic():
            appeal.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    except IntegrityError:
        raise Refused(No(_("You made the first decision. Somebody else decides about the appeal."))) from None
    journal.record(
        "moderation.appeal_decided", by=by, on=contribution, process=decision.process_id, at=at,
        data=on_data_of(contribution.author_id, row=decision.pk, outcome=appeal.outcome),
    )  # fmt: skip
    if reversed:
        _reverse(appeal, by, at)
    _tell_reporters(decision, at)
    return appeal


def _reverse(appeal: Appeal, by: Person, at: datetime) -> None:
    decision, contribution = appeal.decision, appeal.decision.contribution
    decision.case.reports.update(upheld=not decision.restricts, mailed_at=None)
    if decision.outcome == Outcome.HIDE and contribution.hidden_at:
        restore_contribution(contribution=contribution, by=by, at=at)
    elif decision.outcome == Outcome.CHANGE:
        if contribution.held_at:
            release_contribution(contribution=contribution, by=by, at=at)
        _close(decision.case, at, Case.State.CLOSED)
    elif decision.outcome == Outcome.FINE and contribution.is_public:
        # The reporter was right: a decision of its own, with a statement and an appeal for the author.
        report = appeal.report
        known = (
            rule_of(decision.process_id, report.rule if report else "") or rules_of(decision.process_id)[0]
        )
        case = intake.open_case(contribution, at)
        made = Decision.objects.create(
            case=case, contribution=contribution, process_id=decision.process_id, kind=decision.kind,
            outcome=Outcome.HIDE, rule=known.as_stored(), fact=appeal.reason, reason=appeal.reason, by=by, at=at,
            took=at - case.opened_at, appeal_until=at + rules.APPEAL_FOR,
        )  # fmt: skip
        _close(case, at, Case.State.CLOSED)
        _hide(made, by, at)


# --- what the hall does to a contribution is written down too ---


def _hidden(hiding: Hiding) -> dict[str, Any]:
    """Every hiding has a decision: the one that was just made, or one that is written now."""
    contribution = hiding.contribution
    made = Decision.objects.filter(contribution=contribution, outcome=Outcome.HIDE, hiding=None, at=hiding.at)
    decision = made.standing().order_by("-pk").first()
    if decision is not None:
        decision.hiding = hiding
        decision.save(update_fields=["hiding"])
        return {"row": decision.pk}
    case = intake.open_case(contribution, hiding.at)
    known = rule_of(contribution.process_id, hiding.rule)
    named = dict.fromkeys(("de", "en"), hiding.rule)
    stored = known.as_stored() if known else {"slug": "", "name": named, "text": {}}
    case.decisions.standing().filter(settled_at__isnull=True).update(settled_at=hiding.at)
    decision = Decision.objects.create(
        case=case, contribution=contribution, process_id=contribution.process_id, kind=contribution.kind,
        outcome=Outcome.HIDE, rule=stored, fact=hiding.reason, reason=hiding.reason, by=hiding.by, at=hiding.at,
        took=max(hiding.at - case.opened_at, timedelta()), appeal_until=hiding.at + rules.APPEAL_FOR, hiding=hiding,
    )  # fmt: skip
    _close(case, hiding.at, Case.State.CLOSED)
    case.reports.update(upheld=True)
    _tell_reporters(decision, hiding.at)
    return {"row": decision.pk}


def _restored(hiding: Hiding, by: Person | None, at: datetime) -> None:
    """Shown again without an appeal: the decision was taken back."""
    found = Decision.objects.standing().filter(hiding=hiding)
    found.exclude(appeals__outcome=Appeal.Outcome.REVERSED).update(undone_at=at, undone_by=by)


keepers.add("moderation", Keeper(_hidden, _restored))


# --- rules of a process ---


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as the studio sends it."""

    slug: str
    names: dict[str, str]
    texts: dict[str, str]
    about: str = ""


@transaction.atomic
def set_rules(
    *, process: Process, rules: Iterable[Wanted], watch: Mapping[str, Any], by: Person, at: datetime
) -> None:
    """The rules of a process, in their order, and what it watches for. What was decided keeps the words of then."""
    require(may_configure(by, process))
    wanted = list(rules)
    if not wanted:
        raise Refused(No(_("A process needs at least one rule.")))
    Rule.objects.filter(process=process).delete()
    for position, each in enumerate(wanted):
        names = {f"name_{code}": words for code, words in each.names.items()}
        texts = {f"text_{code}": words for code, words in each.texts.items()}
        Rule.objects.create(
            process=process, slug=each.slug, about=each.about, position=position, **names, **texts
        )
    Watch.objects.update_or_create(process=process, defaults=dict(watch))
    if process.is_published:
        journal.record("moderation.rules_changed", by=by, on=process, process=process, at=at)


# --- when accounts end ---


def leave(person: Person, at: datetime) -> None:
    """When an account closes: reports and appeals stay as words without their person, and get no answer any more."""
    Report.objects.filter(by=person).update(by=None, email="")
    Appeal.objects.filter(by=person).update(by=None)


def join(guest: Person, account: Person, at: datetime) -> None:
    """When a guest turns out to have an account: one report per person and thing."""
    twice = Report.objects.filter(by=account).values("contribution")
    Report.objects.filter(by=guest, contribution__in=twice).delete()
    appealed = Appeal.objects.filter(by=account).values("decision")
    Appeal.objects.filter(by=guest, decision__in=appealed).delete()
