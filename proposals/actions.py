"""The only place where proposals change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cocreation.actions import withdraw_contribution
from cocreation.audit import on_data_of
from cocreation.models import Contribution, Office, Place, Process
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals import rules
from proposals.exposure import day_of, exposure_of
from proposals.models import Assessment, Proposal, Revision, Stage, StageMove

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
) -> Proposal:
    """Publish a proposal in the open ideas phase. It gets its receipt number and its place on the line."""
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
    contribution.publish(at)
    contribution.save()
    proposal = insert_proposal(contribution, text, by=by, at=at)
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
    index_for_search(proposal, text.body)
    return proposal


def index_for_search(proposal: Proposal, body: str) -> None:
    """Title before text, in the language it was written in."""
    config = {"de": "german", "en": "english"}.get(proposal.language, "simple")
    Proposal.objects.filter(pk=proposal.pk).update(
        search=SearchVector(Value(proposal.title), weight="A", config=config)
        + SearchVector(Value(f"{proposal.summary} {body}"), weight="B", config=config)
    )


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
    Proposal.objects.filter(pk=proposal.pk).update(stage=stage)
    return move


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Person, at: datetime, reason: str = "") -> None:
    """The author takes the proposal back before it is on a ballot. Supporters are told."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("contribution").get(pk=proposal.pk)
    )
    require(rules.may_withdraw(by, proposal))
    withdraw_contribution(contribution=proposal.contribution, by=by, at=at, reason=reason)
    move_stage(proposal, Stage.WITHDRAWN, at=at, by=by)


def support_proposal(*, proposal: Proposal, by: Person, at: datetime) -> int:
    """Add this person's support and return the new number. A second support changes nothing and is refused in words.

    Row, journal entry and counter are one SQL statement: it is its own transaction, and half the cost of three.
    """
    require(rules.may_support(by, proposal, at))
    entry, values = journal.entry_from(
        "put", "proposal.supported", by=by, on=proposal, process=proposal.process_id, at=at
    )
    supports = _one_number(
        f"""
        with put as (
          insert into proposals_support (proposal_id, person_id, at)
          select contribution_id, %s, %s from proposals_proposal where contribution_id = %s and is_public
          on conflict do nothing returning 1
        ), entry as ({entry})
        update proposals_proposal set supports = supports + 1
        where contribution_id = %s and exists (select from put) returning supports
        """,  # noqa: S608 - the entry holds names of columns only
        [by.pk, at, proposal.pk, *values, proposal.pk],
    )
    if supports is None:
        raise Refused(No(_("You support this proposal already.")))
    proposal.supports = supports
    return supports


def withdraw_support(*, proposal: Proposal, by: Person, at: datetime) -> int:
    """Take the support back: one row deleted, whatever the number of supporters. One statement, as above."""
    require(rules.may_support(by, proposal, at))
    entry, values = journal.entry_from(
        "gone", "support.withdrawn", by=by, on=proposal, process=proposal.process_id, at=at
    )
    supports = _one_number(
        f"""
        with gone as (
          delete from proposals_support where proposal_id = %s and person_id = %s returning 1
        ), entry as ({entry})
        update proposals_proposal set supports = supports - 1
        where contribution_id = %s and exists (select from gone) returning supports
        """,  # noqa: S608 - the entry holds names of columns only
        [proposal.pk, by.pk, *values, proposal.pk],
    )
    if supports is None:
        raise Refused(No(_("You do not support this proposal.")))
    proposal.supports = supports
    return supports


def _one_number(statement: str, values: list[Any]) -> int | None:
    """Run a statement that changes one proposal and wake the journal; None when it changed nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        return None
    journal.wake_after_commit()
    return int(row[0])


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
) -> Assessment:
    """An office says what it found. Published at once; the author and the supporters are told. `reason` by language."""
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("process").get(pk=proposal.pk)
    require(rules.may_assess(by, proposal, office, at))
    assessment = Assessment(
        proposal=proposal,
        office=office,
        verdict=verdict,
        cost=cost,
        yearly_cost=yearly_cost,
        by=by,
        at=at,
        reason_de=reason.get("de", ""),
        reason_en=reason.get("en", ""),
    )
    assessment.full_clean(exclude=["reason"])
    assessment.save()
    feasible = verdict != Assessment.Verdict.NOT_FEASIBLE
    Proposal.objects.filter(pk=proposal.pk).update(cost=cost if feasible else None)
    move_stage(
        proposal,
        Stage.FEASIBLE if feasible else Stage.NOT_FEASIBLE,
        at=at,
        by=by,
        office=office,
        data={"cost": str(cost)} if feasible and cost is not None else {},
    )
    journal.record(
        "proposal.assessed",
        by=by,
        on=proposal,
        process=proposal.process_id,
        at=at,
        data=on_data_of(proposal.contribution.author_id, verdict=verdict, office=office.slug),
    )
    return assessment
