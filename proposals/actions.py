"""The only place where proposals change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cocreation import admission, files
from cocreation.actions import withdraw_contribution
from cocreation.audit import on_data_of
from cocreation.models import Contribution, Office, Place, Process
from cocreation.wordings import Piece, Wordings, wordings
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals import rules
from proposals.exposure import day_of, exposure_of
from proposals.locking import locked
from proposals.models import (
    ANSWERED,
    PERSON,
    Assessment,
    Assignment,
    Authorship,
    Competence,
    Proposal,
    Revision,
    Stage,
    StageMove,
    Support,
)

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class ProposalText:
    """What a person writes. `translations` = {language: {"title", "summary", "body", "by": "human"}}."""

    title: str
    summary: str
    body: str
    language: str
    theme: str
    place: Place
    location: str = ""
    map_x: float | None = None
    map_y: float | None = None
    hue: str = ""
    pattern: str = ""
    translations: dict[str, dict[str, str]] | None = None


_LOOKS = {
    "green": ("moss", "trees"),
    "mobility": ("clay", "streets"),
    "meeting": ("sun", "roofs"),
    "youth": ("plum", "tiles"),
    "culture": ("violet", "tiles"),
    "climate": ("river", "river"),
}


@transaction.atomic
def publish_proposal(
    *,
    process: Process,
    text: ProposalText,
    by: Person,
    at: datetime,
    organisation: Organisation | None = None,
    channel: str = Contribution.Channel.WEB,
    draft: str = "",
    listed: Sequence[files.Listed] = (),
) -> Proposal:
    """Publish a proposal in the open ideas phase. It gets its receipt number and its place on the line. The files that
    wait under `draft` and are `listed` stand beside it."""
    require(rules.may_propose(by, process, at) and rules.may_propose_for(by, organisation))
    phase = process.phase_with("propose", at)
    contribution = Contribution(
        kind="proposal",
        process=process,
        phase=phase,
        author=by,
        organisation=organisation,
        channel=channel,
        language=text.language,
        created_at=at,
    )
    admission.publish(contribution, f"{text.title}\n\n{text.summary}\n\n{text.body}", by=by, at=at)
    proposal = insert_proposal(contribution, text, by=by, at=at)
    if draft and listed:
        files.settle(contribution=contribution, draft=draft, listed=listed, by=by, at=at)
    move_stage(proposal, Stage.RECEIVED, at=at, by=by)
    journal.record(
        "proposal.published", by=by, organisation=organisation, on=proposal, process=process, at=at
    )
    return proposal


def insert_proposal(
    contribution: Contribution, text: ProposalText, *, by: Person | None, at: datetime
) -> Proposal:
    """The rows of a proposal under its contribution: also for imports. No rule is asked here."""
    hue, pattern = _LOOKS.get(text.theme, ("moss", "fields"))
    translations = text.translations or {}
    proposal = Proposal(
        contribution=contribution,
        process_id=contribution.process_id,
        is_public=contribution.is_public,
        receipt=contribution.receipt,
        title=text.title,
        summary=text.summary,
        language=text.language,
        translations={
            lang: {"title": t["title"], "summary": t["summary"]} for lang, t in translations.items()
        },
        theme=text.theme,
        place=text.place,
        location=text.location,
        map_x=text.map_x,
        map_y=text.map_y,
        hue=text.hue or hue,
        pattern=text.pattern or pattern,
        exposure=exposure_of(contribution.receipt, day_of(at)),
        author_kind=contribution.organisation.kind if contribution.organisation else PERSON,
    )
    proposal.full_clean(exclude=["contribution", "search"])
    proposal.save(force_insert=True)
    Revision.objects.create(
        proposal=proposal,
        number=1,
        title=text.title,
        summary=text.summary,
        body=text.body,
        language=text.language,
        translations=translations,
        by=by,
        at=at,
    )
    if contribution.author_id:
        Authorship.objects.create(
            proposal=proposal, person_id=contribution.author_id, organisation_id=contribution.organisation_id,
            role=Authorship.Role.LEAD, invited_at=at, accepted_at=at,
        )  # fmt: skip
    index_for_search(proposal)
    return proposal


@dataclass(frozen=True)
class Wording:
    """The words of a revision, in the language of the proposal."""

    title: str
    summary: str
    body: str


@transaction.atomic
def revise_proposal(
    *,
    proposal: Proposal,
    wording: Wording,
    by: Person,
    at: datetime,
    seen: int,
    note: str = "",
    is_substantive: bool = False,
) -> Revision:
    """A new version of the text, by one of its writers. `seen` is the number of the version they worked on.

    Raises `Overtaken` when somebody else published a version meanwhile, and Refused when nothing was changed. After a
    substantive change supporters are asked whether they still support it.
    """
    proposal = locked(proposal.pk)
    require(rules.may_revise(by, proposal, at))
    return put_revision(proposal, wording, by=by, at=at, seen=seen, note=note, is_substantive=is_substantive)


def put_revision(
    proposal: Proposal,
    wording: Wording,
    *,
    by: Person | None,
    at: datetime,
    seen: int,
    note: str = "",
    is_substantive: bool = False,
) -> Revision:
    """The rows of a new version; the caller holds the lock on the proposal and has asked its rule. For rooms that change
    the text in their own way: an amendment that was accepted, a text that was written together."""
    newest = proposal.revisions.order_by("-number").first()
    assert newest is not None  # the first version is written with the proposal
    if newest.number != seen:
        raise Overtaken(newest)
    if (wording.title, wording.summary, wording.body) == (newest.title, newest.summary, newest.body):
        raise Refused(No(_("Nothing was changed.")))
    revision = Revision(
        proposal=proposal, number=newest.number + 1, title=wording.title, summary=wording.summary, body=wording.body,
        language=newest.language, by=by, at=at, note=note, is_substantive=is_substantive,
    )  # fmt: skip
    revision.full_clean(exclude=["proposal", "by"])
    revision.save(force_insert=True)
    # Translations were made of the old words; they are not shown beside new ones.
    proposal.title, proposal.summary, proposal.translations = wording.title, wording.summary, {}
    proposal.save(update_fields=["title", "summary", "translations"])
    index_for_search(proposal)
    journal.record(
        "proposal.revised",
        by=by,
        on=proposal,
        process=proposal.process_id,
        at=at,
        data={
            "revision": revision.number,
            "substantive": is_substantive,
            "row": revision.pk,
            "receipt": proposal.receipt,
        },
    )
    return revision


@transaction.atomic
def reword(contribution: Contribution, texts: Mapping[str, str], by: Person, at: datetime) -> None:
    """The new words of a proposal that waits for a change; whoever calls has asked whether that may be."""
    proposal = locked(contribution.pk)
    newest = proposal.revisions.order_by("-number").first()
    assert newest is not None
    wording = Wording(texts["title"], texts["summary"], texts["body"])
    put_revision(proposal, wording, by=by, at=at, seen=newest.number)


def pieces(keys: Collection[int]) -> dict[int, list[Piece]]:
    """The words of proposals as they stand, for whoever looks at many kinds. One query."""
    newest = Revision.objects.filter(proposal__in=keys).order_by("proposal", "-number").distinct("proposal")
    return {
        each.proposal_id: [
            Piece("title", _("Title"), each.title, 120),
            Piece("summary", _("Summary"), each.summary, 200),
            Piece("body", _("Text"), each.body, 10_000, long=True),
        ]
        for each in newest
    }


wordings.add("proposal", Wordings(pieces, reword))


class Overtaken(Exception):
    """Somebody published a version while this one was written. `newest` is what stands now; nothing was changed."""

    def __init__(self, newest: Revision) -> None:
        super().__init__(f"version {newest.number} stands")
        self.newest = newest


def index_for_search(proposal: Proposal) -> None:
    """Title before sentence before text, in all its languages, folded (migration 0008)."""
    with connection.cursor() as cursor:
        cursor.execute("select proposals_index(array[%s]::bigint[])", [proposal.pk])


def move_stage(
    proposal: Proposal,
    stage: str,
    *,
    at: datetime,
    by: Person | None = None,
    office: Office | None = None,
    detail: str = "",
    data: dict[str, Any] | None = None,
) -> StageMove:
    """One step on the line, as a row. The rooms above call this when a ballot opens, a promise is made, something is built."""
    move = StageMove.objects.create(
        proposal=proposal, stage=stage, at=at, by=by, office=office, detail=detail, data=data or {}
    )
    proposal.stage = stage
    answered = {"is_answered": True} if stage in ANSWERED else {}
    Proposal.objects.filter(pk=proposal.pk).update(stage=stage, **answered)
    return move


@transaction.atomic
def seek_coauthors(*, proposal: Proposal, seeks: bool, by: Person, at: datetime) -> None:
    """Its writers say that more hands are welcome, or no longer needed. Lists can be narrowed to such proposals."""
    proposal = locked(proposal.pk)
    require(rules.may_seek_coauthors(by, proposal, at))
    if proposal.seeks_coauthors == seeks:
        return
    Proposal.objects.filter(pk=proposal.pk).update(seeks_coauthors=seeks)
    verb = "proposal.seeks_coauthors" if seeks else "proposal.has_coauthors"
    journal.record(verb, by=by, on=proposal, process=proposal.process_id, at=at)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Person, at: datetime, reason: str = "") -> None:
    """The lead takes the proposal back before it is on a ballot. The other authors are told."""
    # The contribution first, as moderation does: whoever changes both takes them in this order.
    contribution = Contribution.objects.select_for_update().get(pk=proposal.pk)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal.contribution = contribution
    require(rules.may_withdraw(by, proposal))
    hands = Authorship.objects.standing().filter(proposal=proposal).exclude(person=by)
    told = [key for key in hands.values_list("person", flat=True) if key]
    withdraw_contribution(contribution=proposal.contribution, by=by, at=at, reason=reason)
    move_stage(proposal, Stage.WITHDRAWN, at=at, by=by)
    if told:
        data = {"receipt": proposal.receipt, "tell": told}
        journal.record(
            "proposal.withdrawn", by=by, on=proposal, process=proposal.process_id, at=at, data=data
        )


def support_proposal(*, proposal: Proposal, by: Person, at: datetime) -> int:
    """Add this person's support and return the new number. A second support changes nothing and is refused in words.

    Row, journal entry and counter are one SQL statement: it is its own transaction, and half the cost of three. It locks
    the proposal before it looks, so that no support slips in beside a merge that carries them all.
    """
    require(rules.may_support(by, proposal, at))
    entry, values = journal.entry_from(
        "put", "proposal.supported", by=by, on=proposal, process=proposal.process_id, at=at
    )
    supports = _one_number(
        f"""
        with here as (
          select contribution_id from proposals_proposal where contribution_id = %s and is_public for no key update
        ), put as (
          insert into proposals_support (proposal_id, person_id, at) select contribution_id, %s, %s from here
          on conflict do nothing returning 1
        ), entry as ({entry})
        update proposals_proposal set supports = supports + 1
        where contribution_id = %s and exists (select from put) returning supports
        """,  # noqa: S608 - the entry holds names of columns only
        [proposal.pk, by.pk, at, *values, proposal.pk],
    )
    if supports is None:
        raise Refused(_nothing_changed(proposal, No(_("You support this proposal already."))))
    proposal.supports = supports
    return supports


@transaction.atomic
def renew_support(*, proposal: Proposal, by: Person, at: datetime) -> None:
    """Somebody read what has changed and still supports it. The number stays the same."""
    if not proposal.is_public:
        raise Refused(No(_("This proposal is not public.")))
    if not Support.objects.filter(proposal=proposal.pk, person=by).update(renewed_at=at):
        raise Refused(No(_("You do not support this proposal.")))
    journal.record("support.renewed", by=by, on=proposal, process=proposal.process_id, at=at)


def withdraw_support(*, proposal: Proposal, by: Person, at: datetime) -> int:
    """Take the support back: one row deleted, whatever the number of supporters. One statement, as above."""
    require(rules.may_support(by, proposal, at))
    entry, values = journal.entry_from(
        "gone", "support.withdrawn", by=by, on=proposal, process=proposal.process_id, at=at
    )
    supports = _one_number(
        f"""
        with here as (
          select contribution_id from proposals_proposal where contribution_id = %s and is_public for no key update
        ), gone as (
          delete from proposals_support s using here where s.proposal_id = here.contribution_id and s.person_id = %s
          returning 1
        ), entry as ({entry})
        update proposals_proposal set supports = supports - 1
        where contribution_id = %s and exists (select from gone) returning supports
        """,  # noqa: S608 - the entry holds names of columns only
        [proposal.pk, by.pk, *values, proposal.pk],
    )
    if supports is None:
        raise Refused(_nothing_changed(proposal, No(_("You do not support this proposal."))))
    proposal.supports = supports
    return supports


def _nothing_changed(proposal: Proposal, otherwise: No) -> No:
    """Why: it left the pages between the question and the act, taken off or joined with another one; else `otherwise`."""
    if Proposal.objects.filter(pk=proposal.pk, is_public=True).exists():
        return otherwise
    return No(_("This proposal is not public any more."))


def _one_number(statement: str, values: list[Any]) -> int | None:
    """Run a statement that changes one proposal and wake the journal; None when it changed nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        return None
    journal.wake_after_commit()
    return int(row[0])


@dataclass(frozen=True)
class Details:
    """What an office may say beside its verdict, its cost and its reason. `way_on` by language."""

    cost_from: Decimal | None = None
    ballot_cost: Decimal | None = None
    estimate: str = ""
    competence: str = Competence.CITY
    body: str = ""
    permit: str = ""
    implementer: Office | None = None
    year: int | None = None
    reason_code: str = ""
    duplicate_of: Proposal | None = None
    way_on: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def assess_proposal(
    *,
    proposal: Proposal,
    office: Office,
    verdict: str,
    reason: dict[str, str],
    by: Person,
    at: datetime,
    cost: Decimal | None = None,
    yearly_cost: Decimal | None = None,
    details: Details | None = None,
    signed_by: Person | None = None,
    correction: str = "",
    revision: int | None = None,
) -> Assessment:
    """An office says what it found. Published at once; the author and the supporters are told. `reason` by language.

    Where the process asks for two, `signed_by` is the second person of the office. What was published before stays
    readable, and the new one says in `correction` why. `revision` is the version of the text that was assessed: the
    newest, unless the office looked at an earlier one.
    """
    proposal = locked(proposal.pk)
    require(rules.may_assess(by, proposal, office, at))
    two = rules.needs_signature(proposal.process, at)
    if two or signed_by is not None:
        _require_second(signed_by, by, proposal, office, at)
    earlier = proposal.assessments.standing().select_for_update().filter(office=office).first()
    if earlier is not None and not correction:
        raise Refused(No(_("This is published already. Say why it is corrected.")))
    more = details or Details()
    feasible = verdict != Assessment.Verdict.NOT_FEASIBLE
    assessment = Assessment(
        proposal=proposal, office=office, verdict=verdict, cost=cost, yearly_cost=yearly_cost, by=by, at=at,
        reason_de=reason.get("de", ""), reason_en=reason.get("en", ""),
        way_on_de=more.way_on.get("de", ""), way_on_en=more.way_on.get("en", ""),
        cost_from=more.cost_from, ballot_cost=more.ballot_cost, estimate=more.estimate, competence=more.competence,
        body=more.body, permit=more.permit, implementer=more.implementer, year=more.year,
        reason_code=more.reason_code, duplicate_of=more.duplicate_of, revision=revision or _newest_number(proposal),
        needs_signature=two, signed_by=signed_by, signed_at=at if signed_by else None,
        correction=correction if earlier is not None else "",
    )  # fmt: skip
    if not feasible and not more.way_on.get("de"):
        raise ValidationError({"way_on_de": _("Please say what could be done instead, or how it can go on.")})
    if earlier is not None:
        earlier.replaced_at = at
        earlier.save(update_fields=["replaced_at"])
    assessment.full_clean(exclude=["reason", "way_on"])
    assessment.save()
    _close_work(assessment)
    _stand(proposal, assessment)
    data = on_data_of(proposal.contribution.author_id, verdict=verdict, office=office.slug)
    journal.record(
        "proposal.assessed",
        by=by,
        on=proposal,
        process=proposal.process_id,
        at=at,
        data=data | ({"corrects": earlier.pk} if earlier is not None else {}),
    )
    return assessment


def _require_second(
    second: Person | None, first: Person, proposal: Proposal, office: Office, at: datetime
) -> None:
    if second is None:
        raise Refused(No(_("A second person has to sign before it is published.")))
    if second.pk == first.pk:
        raise Refused(No(_("Somebody else has to sign: you wrote it yourself.")))
    require(rules.may_assess(second, proposal, office, at))


def _newest_number(proposal: Proposal) -> int | None:
    return proposal.revisions.aggregate(newest=Max("number"))["newest"]


def _close_work(assessment: Assessment) -> None:
    """The office has done its part: its assignment, or one that says so."""
    done = {
        "done_at": assessment.at, "seen_revision": assessment.revision, "submitted_at": None, "submitted_by": None,
        "submitted_revision": None, "returned_note": "", "correction": "", "paused_until": None,
    }  # fmt: skip
    key = {"proposal_id": assessment.proposal_id, "office_id": assessment.office_id}
    if not Assignment.objects.held().filter(**key).update(**done):
        Assignment.objects.create(**key, by=assessment.by, at=assessment.at, **done)


def _stand(proposal: Proposal, assessment: Assessment) -> None:
    """Where the proposal stands after this: not feasible where one office says no; feasible once no office is missing.
    The figure for a ballot is the one an office has set for it, else the highest upper end."""
    standing = list(proposal.assessments.standing().order_by("-at", "-pk"))
    refused = any(each.verdict == Assessment.Verdict.NOT_FEASIBLE for each in standing)
    set_figure = next((each.ballot_cost for each in standing if each.ballot_cost is not None), None)
    highest = max((each.cost for each in standing if each.cost is not None), default=None)
    cost = None if refused else set_figure if set_figure is not None else highest
    if not refused and proposal.assignments.to_do().exists():
        return
    proposal.cost = cost
    Proposal.objects.filter(pk=proposal.pk).update(cost=cost)
    data: dict[str, Any] = {}
    if cost is not None:
        data["cost"] = f"{cost.normalize():f}"
        if len(standing) == 1 and assessment.is_range and assessment.ballot_cost is None:
            data["from"] = f"{assessment.cost_from:f}"
    move_stage(
        proposal, Stage.NOT_FEASIBLE if refused else Stage.FEASIBLE, at=assessment.at, by=assessment.by,
        office=assessment.office, data=data,
    )  # fmt: skip
