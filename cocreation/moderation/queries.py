"""What the desk and the public log show. Constant queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as When_
from django.db.models.fields import CharField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.kinds import kinds
from cocreation.models import Contribution, Process
from cocreation.moderation import intake, rules, weighing
from cocreation.moderation.models import Appeal, Case, CaseQuerySet, Claim, Decision, Mark, Report
from cocreation.moderation.standard import Read, rules_of
from cocreation.roles import roles_of
from cocreation.wordings import Piece, pieces_of, text_of
from groundwork.answer import Words
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person

SHOWN = 25
TAKEN_BACK = "taken_back"


# --- the queue ---


def waiting_for(person: Person | None) -> CaseQuerySet:
    """What this moderator may decide; what its author took back meanwhile is no work any more."""
    return (
        Case.objects.within(roles_of(person).moderates)
        .waiting()
        .filter(contribution__withdrawn_at__isnull=True, contribution__erased_at__isnull=True)
    )


@dataclass(slots=True)
class Row:
    """A case as the queue shows it."""

    case: Case
    title: str
    kind: Words
    text: str
    lang: str
    points: int
    marks: list[Mark]
    reports: int
    claim: Claim | None
    waits: bool
    current: bool = False
    picked: bool = False


def rows_of(cases: Sequence[Case], at: datetime, current: int = 0) -> list[Row]:
    """One query for marks, one for claims, one for reports, one for the words of each kind."""
    texts = pieces_of(case.contribution for case in cases)
    found = []
    for case in cases:
        pieces = texts.get(case.contribution_id, [])
        text = text_of(pieces)
        claims = [each for each in case.claims.all() if each.ended_at is None and each.until > at]
        kind = kinds.find(case.contribution.kind)
        found.append(
            Row(
                case=case,
                title=_cut(pieces[0].text if pieces else case.contribution.receipt),
                kind=kind.words if kind else case.contribution.kind,
                text=text,
                lang=case.contribution.language,
                points=round(weighing.place(case.rank, at)),
                marks=list(case.marks.all()),
                reports=case.said,  # type: ignore[attr-defined]
                claim=claims[0] if claims else None,
                waits=case.contribution.held_at is not None,
                current=case.pk == current,
            )
        )
    return found


def with_all(cases: CaseQuerySet) -> CaseQuerySet:
    standing = Claim.objects.filter(ended_at__isnull=True).select_related("by")
    return (
        cases.select_related("contribution", "process")
        .prefetch_related("marks", Prefetch("claims", standing))
        .annotate(said=Count("reports"))
    )


def _cut(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(slots=True)
class Told:
    """A report as moderators read it, with how far it is trusted."""

    report: Report
    rule: str
    trust: int


@dataclass(slots=True)
class Opened:
    """A case with all a moderator needs to decide."""

    row: Row
    pieces: list[Piece]
    reports: list[Told]
    rules: list[Read]
    earlier: list[Decision]
    notes: list[Any]
    author: str
    organisation: str
    before: int  # decisions that restricted the same author here
    url: str = ""


def opened(case: Case, at: datetime) -> Opened:
    """Eight queries."""
    row = rows_of([case], at, case.pk)[0]
    contribution = case.contribution
    known = rules_of(case.process_id)
    names = {rule.slug: rule.name for rule in known}
    reports = list(case.reports.select_related("by").order_by("at")[:SHOWN])
    trusts = intake.trusts_of(reports)
    person = contribution.author
    before = (
        Decision.objects.standing()
        .restricting()
        .filter(contribution__author=person, process=case.process_id)
        .exclude(contribution=contribution)
        .count()
        if person
        else 0
    )
    return Opened(
        row=row,
        pieces=pieces_of([contribution]).get(contribution.pk, []),
        reports=[Told(each, names.get(each.rule, each.rule), round(100 * trusts[each.pk])) for each in reports],
        rules=rules_of(case.process_id, contribution.kind),
        earlier=list(
            contribution.decisions.select_related("by", "undone_by").prefetch_related("appeals").order_by("-at")[:SHOWN]
        ),
        notes=list(case.notes.select_related("by").order_by("at")[:SHOWN]),
        author=person.public_name if person else "",
        organisation=contribution.organisation.name if contribution.organisation else "",
        before=before,
        url=contribution.get_absolute_url(),
    )  # fmt: skip


def appeals_for(person: Person | None) -> QuerySet[Appeal]:
    """Appeals this moderator may see, oldest first; those against their own decisions wait for somebody else."""
    where = roles_of(person).moderates
    found = Appeal.objects.filter(decided_at__isnull=True, decision__undone_at__isnull=True)
    if not where or person is None:
        return found.none()
    return found.filter(where.narrow("decision__process__")).exclude(decision__by=person)


# --- the public log ---


class Median(Aggregate):
    """The middle one: half took longer."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"


def _with_words(found: QuerySet[Decision]) -> QuerySet[Decision]:
    decided = Appeal.objects.filter(decision=OuterRef("pk"), decided_at__isnull=False).order_by("-decided_at")
    pending = Appeal.objects.filter(decision=OuterRef("pk"), decided_at__isnull=True)
    return found.annotate(
        shown=When_(
            When(undone_at__isnull=False, then=Value(TAKEN_BACK)),
            default=F("outcome"),
            output_field=CharField(),
        ),
        appealed=When_(
            When(Exists(decided), then=Subquery(decided.values("outcome")[:1])),
            When(Exists(pending), then=Value("pending")),
            default=Value(""),
            output_field=CharField(),
        ),
    )


def log_of(process: Process | None = None) -> QuerySet[Decision]:
    """Every decision, newest first when paged: no names, no text, no number of the thing."""
    found = Decision.objects.public().select_related("process")
    if process is not None:
        found = found.filter(process=process)
    return _with_words(found)


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as everybody reads it."""

    at: datetime
    kind: Words
    process: str
    process_url: str
    rule: str
    outcome: Words
    tone: str
    automated: bool
    appeal: Words
    took: str
    slug: str  # of the outcome
    rule_slug: str
    appeal_slug: str
    duration: timedelta


_TONES = {"fine": "ok", "hide": "bad", "change": "warn", TAKEN_BACK: "info"}


def outcome_words(slug: str) -> Words:
    return _("Decision taken back") if slug == TAKEN_BACK else Decision.Outcome(slug).label


def appeal_words(slug: str) -> Words:
    if slug == "pending":
        return _("an appeal is being looked at")
    return Appeal.Outcome(slug).label if slug else ""


def line_of(decision: Any) -> Line:
    kind = kinds.find(decision.kind)
    return Line(
        at=decision.at,
        kind=kind.words if kind else decision.kind,
        process=str(decision.process.title),
        process_url=decision.process.get_absolute_url(),
        rule=decision.rule_name,
        outcome=outcome_words(decision.shown),
        tone=_TONES[decision.shown],
        automated=decision.automated,
        appeal=appeal_words(decision.appealed),
        took=span(decision.took),
        slug=decision.shown,
        rule_slug=decision.rule.get("slug", ""),
        appeal_slug=decision.appealed,
        duration=decision.took,
    )


def span(took: timedelta) -> str:
    """About how long: minutes, hours or days."""
    minutes = int(took.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": say.number(minutes)}
    if minutes < 48 * 60:
        hours = round(minutes / 60)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": say.number(hours)}
    days = round(minutes / 60 / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": say.number(days)}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sums of the log, nothing else."""

    total: int = 0
    automated: int = 0
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)
    appeals: int = 0
    reversed: int = 0
    pending: int = 0
    median: timedelta | None = None

    @property
    def outcomes(self) -> list[tuple[Words, int, str]]:
        return [(outcome_words(slug), n, _TONES[slug]) for slug, n in self.by_outcome.items()]


def statistics(process: Process | None = None) -> Statistics:
    """One query for the sums, one for the rules."""
    found = log_of(process).select_related(None)
    order = [*Decision.Outcome.values, TAKEN_BACK]
    sums = found.aggregate(
        total=Count("pk"),
        machine=Count("pk", filter=Q(automated=True)),
        appeals=Count("pk", filter=~Q(appealed="")),
        reversed=Count("pk", filter=Q(appealed="reversed")),
        pending=Count("pk", filter=Q(appealed="pending")),
        median=Median("took", output_field=DurationField()),
        **{f"n_{slug}": Count("pk", filter=Q(shown=slug)) for slug in order},
    )
    by_rule = (
        found.exclude(rule={})
        .order_by()
        .values_list("rule__slug")
        .annotate(n=Count("pk"))
        .order_by("-n", "rule__slug")
    )
    return Statistics(
        total=sums["total"],
        automated=sums["machine"],
        by_outcome={slug: sums[f"n_{slug}"] for slug in order if sums[f"n_{slug}"]},
        by_rule=dict(by_rule),
        appeals=sums["appeals"],
        reversed=sums["reversed"],
        pending=sums["pending"],
        median=sums["median"],
    )


def rule_names(slugs: Iterable[str], process: Process | None) -> dict[str, str]:
    """What rules are called in the statistics: as the process has them, else as they read in the newest decision."""
    wanted = set(slugs)
    names = {rule.slug: rule.name for rule in (rules_of(process) if process else rules_of(0))}
    missing = wanted - names.keys()
    if missing:
        rows = Decision.objects.public().filter(rule__slug__in=missing).order_by("at")
        for decision in rows.only("rule")[:200]:
            names[decision.rule["slug"]] = decision.rule_name
    return {slug: names.get(slug) or _("another rule") for slug in wanted}


# --- who is told where it stands ---


def report_state(report: Report) -> tuple[Words, str]:
    """In one sentence what became of a report, and its tone."""
    contribution: Contribution = report.contribution
    if report.upheld is None:
        if contribution.withdrawn_at or contribution.erased_at:
            return _("The author took it back."), "info"
        return _("Moderation has not decided yet, usually within 24 hours."), "info"
    if report.upheld:
        return _("Moderation agrees: it breaks a rule."), "ok"
    return _("Moderation found that it breaks no rule. It stays."), "warn"


def newest_decision(report: Report) -> Decision | None:
    """The decision that answers a report. One query."""
    return report.case.decisions.standing().prefetch_related("appeals").order_by("-at").first()


def may_appeal_report(person: Person | None, report: Report, decision: Decision | None, at: datetime) -> bool:
    return decision is not None and bool(rules.may_appeal(person, decision, at, report))
