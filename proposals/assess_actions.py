"""The work of the offices before an assessment is public: whose it is, drafts, signatures, questions to the authors.

What is published is `actions.assess_proposal`; nothing here shows a word of a draft to anybody outside the office.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office, Phase, Process
from cocreation.roles import may_act_for
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals import memory, rules
from proposals.actions import assess_proposal
from proposals.assessing import assessing, routings
from proposals.findings import Found
from proposals.models import Assessment, Assignment, Clarification, Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

REMIND = timedelta(days=3)


class Overtaken(Exception):
    """A colleague saved while this was written; nothing was changed. `newest` is what stands now."""

    def __init__(self, newest: Assignment) -> None:
        super().__init__(f"version {newest.version} stands")
        self.newest = newest


# --- whose work it is ---


@transaction.atomic
def assign_what_waits(at: datetime, phases: Sequence[Phase] | None = None) -> int:
    """Every proposal that waits and that no office has yet goes to the office of its theme, else of the process.

    One statement, safe to run as often as one likes; returns how many it gave out.
    """
    rules_of = routings(assessing(at) if phases is None else phases)
    if not rules_of:
        return 0
    themes = [(r.process, theme, office) for r in rules_of for theme, office in r.by_theme.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into proposals_assignment
              (proposal_id, office_id, due, at, note, batch, ended_batch, content, version, returned_note, correction)
            select p.contribution_id, coalesce(t.office, r.office), r.due, %s, '', '', '', '{}', 0, '', ''
            from unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::int[]) r (process, office, due, least)
            join proposals_proposal p on p.process_id = r.process and p.is_public and p.stage = 'received'
              and p.supports >= r.least
            left join unnest(%s::bigint[], %s::text[], %s::bigint[]) t (process, theme, office)
              on t.process = r.process and t.theme = p.theme
            where not exists (select from proposals_assignment a where a.proposal_id = p.contribution_id)
            order by p.contribution_id
            on conflict do nothing returning proposal_id, office_id
            """,
            [
                at,
                [r.process for r in rules_of], [r.office for r in rules_of], [r.due for r in rules_of],
                [r.least for r in rules_of],
                [each[0] for each in themes], [each[1] for each in themes], [each[2] for each in themes],
            ],
        )  # fmt: skip
        made = cursor.fetchall()
    if made:
        found = Proposal.objects.without_vector().in_bulk([key for key, _office in made])
        _tell_assigned([(found[key], office) for key, office in made], None, at)
    return len(made)


def _tell_assigned(pairs: Iterable[tuple[Proposal, int]], by: Person | None, at: datetime) -> None:
    offices = memory.offices.all()
    journal.record_many(
        {
            "verb": "proposal.assigned", "by": by, "on": proposal, "process": proposal.process_id, "at": at,
            "data": {"office": offices[office].slug if office in offices else ""},
        }
        for proposal, office in pairs
    )  # fmt: skip


def _assign(
    proposal: Proposal, office: Office, *, due: datetime | None, by: Person, at: datetime, **more: Any
) -> Assignment:
    try:
        with transaction.atomic():
            return Assignment.objects.create(proposal=proposal, office=office, due=due, by=by, at=at, **more)
    except IntegrityError:
        raise Refused(No(_("This office has this proposal already."))) from None


@transaction.atomic
def hand_on(*, assignment: Assignment, to: Office, reason: str, by: Person, at: datetime) -> Assignment:
    """The office gives a proposal to another one and says why; the draft stays behind and is not shown to it."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    if to.pk == assignment.office_id:
        raise Refused(No(_("Choose another office than your own.")))
    if not reason.strip():
        raise Refused(No(_("Say why it goes to another office.")))
    if assignment.done_at is not None:
        raise Refused(No(_("The assessment is published. It stays with the office that wrote it.")))
    assignment.ended_at, assignment.ended_by, assignment.handed_to = at, by, to
    assignment.submitted_at = assignment.submitted_by = None
    assignment.save(update_fields=["ended_at", "ended_by", "handed_to", "submitted_at", "submitted_by"])
    made = _assign(assignment.proposal, to, due=assignment.due, by=by, at=at, note=reason.strip()[:300])
    _tell_assigned([(assignment.proposal, to.pk)], by, at)
    return made


@transaction.atomic
def take(*, assignment: Assignment, person: Person | None, by: Person, at: datetime) -> None:
    """Say who in the office does it: oneself, a colleague, or nobody again."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    if person is not None:
        require(may_act_for(person, assignment.office))
    assignment.person = person
    assignment.save(update_fields=["person"])


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a distribution does: proposals that get the office, and those that leave another for it."""

    process: Process
    office: Office
    due: datetime | None
    proposals: tuple[int, ...]
    instead: bool  # the office takes the place of those that have not begun; else it is asked beside them


@transaction.atomic
def distribute(*, plan: Distribution, by: Person, at: datetime) -> tuple[str, int]:
    """Many at once. Returns the name of the batch, by which it can be undone, and how many proposals it moved."""
    require(rules.may_distribute(by, plan.process))
    batch = secrets.token_urlsafe(16)
    proposals = list(
        Proposal.objects.public(plan.process)
        .filter(pk__in=plan.proposals, stage=Stage.RECEIVED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    keys = [proposal.pk for proposal in proposals]
    held = Assignment.objects.held().filter(proposal__in=keys)
    has = set(held.filter(office=plan.office).values_list("proposal", flat=True))
    if plan.instead:
        untouched = Assignment.objects.to_do().filter(
            proposal__in=keys, version=0, submitted_at__isnull=True, paused_until__isnull=True
        )
        untouched.exclude(office=plan.office).update(
            ended_at=at, ended_by=by, handed_to=plan.office, ended_batch=batch
        )
    new = [proposal for proposal in proposals if proposal.pk not in has]
    Assignment.objects.bulk_create(
        [
            Assignment(proposal=proposal, office=plan.office, due=plan.due, by=by, at=at, batch=batch)
            for proposal in new
        ],
        batch_size=2000,
    )
    _tell_assigned([(proposal, plan.office.pk) for proposal in new], by, at)
    return batch, len(new)


@transaction.atomic
def undo_distribution(*, process: Process, batch: str, by: Person, at: datetime) -> int:
    """Put things back as they were before a distribution, where nobody has begun to work since."""
    require(rules.may_distribute(by, process))
    if not batch:
        return 0
    made = Assignment.objects.select_for_update().filter(batch=batch, proposal__process=process)
    untouched = made.filter(
        ended_at__isnull=True, version=0, submitted_at__isnull=True, done_at__isnull=True, paused_until__isnull=True
    )  # fmt: skip
    proposals = list(untouched.values_list("proposal", flat=True))
    gone, _kinds = Assignment.objects.filter(pk__in=list(untouched.values_list("pk", flat=True))).delete()
    # Where an office lost it to this distribution and has not got it back in another way.
    again = Assignment.objects.held().filter(proposal=OuterRef("proposal"), office=OuterRef("office"))
    back = Assignment.objects.filter(~Exists(again), ended_batch=batch, proposal__in=proposals)
    back.update(ended_at=None, ended_by=None, handed_to=None, ended_batch="")
    return gone


# --- drafts and signatures ---


def _locked(assignment: Assignment) -> Assignment:
    """The row as it is now, with nobody else writing at it."""
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("proposal__process", "proposal__contribution", "office")
        .get(pk=assignment.pk)
    )


@transaction.atomic
def save_draft(
    *, assignment: Assignment, content: Mapping[str, str], by: Person, at: datetime, seen: int
) -> Assignment:
    """Keep what was typed. `seen` is the version it was typed upon; raises `Overtaken` where a colleague saved meanwhile."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    return _write(assignment, content, by, at, seen)


def _write(
    assignment: Assignment, content: Mapping[str, str], by: Person, at: datetime, seen: int
) -> Assignment:
    kept = {key: value for key, value in content.items() if value}
    if kept == assignment.content:
        return assignment
    if assignment.done_at is not None and not assignment.correction:
        raise Refused(No(_("This is published already. Say why it is corrected.")))
    if assignment.version != seen and assignment.changed_by_id != by.pk:
        raise Overtaken(assignment)
    assignment.content = kept
    assignment.version += 1
    assignment.changed_by, assignment.changed_at = by, at
    # What waits for a signature is what was handed in, to the letter.
    assignment.submitted_at = assignment.submitted_by = assignment.submitted_revision = None
    assignment.save(
        update_fields=[
            "content", "version", "changed_by", "changed_at", "submitted_at", "submitted_by", "submitted_revision",
        ]
    )  # fmt: skip
    return assignment


@transaction.atomic
def correct(*, assignment: Assignment, reason: str, by: Person, at: datetime) -> Assignment:
    """Begin to write a published assessment anew. It stands until the new one is published."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    if assignment.done_at is None:
        raise Refused(No(_("Nothing is published here yet.")))
    if not reason.strip():
        raise Refused(No(_("Say why it is corrected.")))
    assignment.correction = reason.strip()[:300]
    assignment.done_at = None
    assignment.save(update_fields=["correction", "done_at"])
    return assignment


@transaction.atomic
def still_holds(*, assignment: Assignment, by: Person, at: datetime) -> None:
    """The office has read the new version of the text: what it said about the earlier one needs no change."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    assignment.seen_revision = _newest(assignment)
    assignment.save(update_fields=["seen_revision"])


def _newest(assignment: Assignment) -> int:
    newest = assignment.proposal.revisions.aggregate(n=Max("number"))["n"]
    return int(newest or 1)


@transaction.atomic
def hand_in(
    *,
    assignment: Assignment,
    content: Mapping[str, str],
    found: Found,
    by: Person,
    at: datetime,
    seen: int,
    revision: int | None = None,
) -> Assessment | None:
    """The draft is ready: it is published, or waits for the second signature (None). `found` is what it says.

    `revision` is the version of the text that was read; the newest where nobody says.
    """
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    assignment = _write(assignment, content, by, at, seen)
    if assignment.done_at is not None:
        raise Refused(No(_("This is published already. Say why it is corrected.")))
    if not rules.needs_signature(assignment.proposal.process, at):
        return _publish(assignment, found, by=by, at=at, revision=revision)
    # Whoever hands it in stands for every word of it.
    assignment.submitted_at, assignment.submitted_by, assignment.changed_by = at, by, by
    assignment.submitted_revision = revision or _newest(assignment)
    assignment.returned_note = ""
    assignment.save(
        update_fields=["submitted_at", "submitted_by", "changed_by", "submitted_revision", "returned_note"]
    )
    _note("assessment.submitted", assignment, by, at)
    return None


@transaction.atomic
def sign(*, assignment: Assignment, found: Found, by: Person, at: datetime, seen: int) -> Assessment:
    """The second person of the office agrees, and it is published. `seen` is the version they read."""
    assignment = _locked(assignment)
    require(rules.may_sign(by, assignment, at))
    if assignment.version != seen:
        raise Overtaken(assignment)
    writer = assignment.submitted_by
    if writer is None:
        raise Refused(No(_("Whoever wrote it is gone. Save it under your name and let a colleague sign.")))
    return _publish(assignment, found, by=writer, at=at, signed_by=by, revision=assignment.submitted_revision)


@transaction.atomic
def send_back(*, assignment: Assignment, note: str, by: Person, at: datetime) -> None:
    """The second person does not sign yet and says what is missing; whoever handed it in may take it back the same way."""
    assignment = _locked(assignment)
    require(rules.may_work(by, assignment, at))
    if assignment.submitted_at is None:
        raise Refused(No(_("Nothing waits for a signature here.")))
    if not note.strip():
        raise Refused(No(_("Say what is missing.")))
    assignment.submitted_at = assignment.submitted_by = assignment.submitted_revision = None
    assignment.returned_note = note.strip()[:500]
    assignment.save(update_fields=["submitted_at", "submitted_by", "submitted_revision", "returned_note"])
    _note("assessment.returned", assignment, by, at)


def _publish(
    assignment: Assignment,
    found: Found,
    *,
    by: Person,
    at: datetime,
    signed_by: Person | None = None,
    revision: int | None = None,
) -> Assessment:
    return assess_proposal(
        proposal=assignment.proposal, office=assignment.office, verdict=found.verdict, cost=found.cost,
        yearly_cost=found.yearly_cost, reason=dict(found.reason), details=found.details, by=by, at=at,
        signed_by=signed_by, correction=assignment.correction, revision=revision,
    )  # fmt: skip


def _note(verb: str, assignment: Assignment, by: Person, at: datetime) -> None:
    proposal = assignment.proposal
    journal.record(
        verb, by=by, on=proposal, process=proposal.process_id, at=at, data={"office": assignment.office.slug}
    )


# --- questions to the authors ---


@transaction.atomic
def ask_authors(
    *, assignment: Assignment, question: str, due: datetime, by: Person, at: datetime, language: str = "de"
) -> Clarification:
    """Ask in the open. The office's own date moves by the time the authors get."""
    assignment = _locked(assignment)
    asked = Clarification.objects.filter(proposal=assignment.proposal, office=assignment.office).count()
    require(rules.may_ask(by, assignment, asked, at))
    if due <= at:
        raise Refused(No(_("The date for the answer has to lie ahead.")))
    made = Clarification(
        proposal=assignment.proposal, office=assignment.office, question=question.strip(), language=language,
        asked_by=by, asked_at=at, due=due,
    )  # fmt: skip
    made.full_clean(exclude=["proposal", "office", "asked_by"])
    made.save(force_insert=True)
    _pause(assignment, max(due, assignment.paused_until or due), at)
    _tell(made, "clarification.asked", by, at)
    return made


def _pause(assignment: Assignment, until: datetime, at: datetime) -> None:
    """Let the time stand still until then. `due` always holds the date that is true if nobody answers earlier."""
    before = max(at, assignment.paused_until or at)
    if until != before and assignment.due is not None:
        assignment.due += until - before
    assignment.paused_until = until if until > at else None
    assignment.save(update_fields=["due", "paused_until"])


@transaction.atomic
def answer_office(
    *,
    clarification: Clarification,
    answer: str,
    by: Person,
    at: datetime,
    language: str = "de",
    changed: bool = False,
) -> Clarification:
    """One of the authors answers, in the open and at once. `changed`: the text has a new version because of it."""
    clarification = (
        Clarification.objects.select_for_update(of=("self",))
        .select_related("proposal__process", "office")
        .get(pk=clarification.pk)
    )
    require(rules.may_answer(by, clarification, at))
    clarification.answer, clarification.answer_language = answer.strip(), language
    clarification.answered_by, clarification.answered_at = by, at
    if changed:
        newest = clarification.proposal.revisions.filter(at__gte=clarification.asked_at)
        clarification.revision = newest.aggregate(n=Max("number"))["n"]
        if clarification.revision is None:
            raise Refused(No(_("There is no new version of your text since the question. Change it first.")))
    clarification.full_clean(exclude=["proposal", "office", "asked_by", "answered_by"])
    clarification.save()
    _go_on(clarification, at)
    _tell(clarification, "clarification.answered", by, at)
    return clarification


def _go_on(clarification: Clarification, at: datetime) -> None:
    """The clock of the office goes on, unless another of its questions is open."""
    key = {"proposal": clarification.proposal, "office": clarification.office}
    assignment = Assignment.objects.held().select_for_update().filter(**key).first()
    if assignment is None or assignment.paused_until is None or assignment.paused_until <= at:
        return
    still = Clarification.objects.open().filter(**key, due__gt=at).aggregate(n=Max("due"))["n"]
    _pause(assignment, still or at, at)


def _tell(row: Clarification, verb: str, by: Person | None, at: datetime) -> None:
    proposal = row.proposal
    data: dict[str, Any] = {"row": row.pk, "office": row.office.slug, "receipt": proposal.receipt}
    if verb == "clarification.answered":
        data["tell"] = [row.asked_by_id] if row.asked_by_id else []
    journal.record(verb, by=by, on=proposal, process=proposal.process_id, at=at, data=data)


@transaction.atomic
def remind_authors(at: datetime) -> int:
    """Three days before an answer is due its authors are told once more."""
    near = (
        Clarification.objects.open()
        .filter(due__gt=at, due__lte=at + REMIND, reminded_at__isnull=True, proposal__is_public=True)
        .filter(asked_at__lt=F("due") - REMIND)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("proposal", "office")
    )
    rows = list(near)
    Clarification.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    for row in rows:
        _tell(row, "clarification.reminded", None, at)
    return len(rows)
