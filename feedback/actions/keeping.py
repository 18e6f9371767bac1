"""A promise on its way: news, money, another office, given up, asked again; and whole lists of winners promised at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cocreation import files
from cocreation.models import Contribution, Office, Phase, Place
from feedback import keeping_rules as rules
from feedback.actions.promising import locked, promise, record, set_spent
from feedback.actions.stages import by_language
from feedback.models import (
    UPDATE,
    Commitment,
    Ending,
    HandOver,
    Reopening,
    Spending,
    Update,
    day_of,
)
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.actions import ProposalText, insert_proposal, move_stage
from proposals.models import Proposal, Stage, Theme

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def post_update(
    *, commitment: Commitment, text: dict[str, str], by: Person, at: datetime, draft: str = "",
    listed: Sequence[files.Listed] = (),
) -> Update:  # fmt: skip
    """Tell how it goes on, with the pictures and documents of a draft. It has a number of its own, as all that is said."""
    commitment = locked(commitment)
    require(rules.may_tell(by, commitment))
    if not text.get("de", "").strip():
        raise Refused(No(_("Please say in German what is new.")))
    contribution = Contribution(kind=UPDATE, process=commitment.process, language="de", created_at=at)
    contribution.publish(at)
    contribution.save()
    contribution.refresh_from_db(fields=["receipt"])
    update = Update.objects.create(
        contribution=contribution, commitment=commitment, at=at, **by_language("text", text)
    )
    if draft and listed:
        files.settle(contribution=contribution, draft=draft, listed=listed, by=by, at=at)
    commitment.moved_at = at
    commitment.save(update_fields=["moved_at"])
    record("commitment.updated", commitment, by=by, at=at, row=contribution.pk)
    return update


@transaction.atomic
def spend(
    *, commitment: Commitment, day: date, amount: Decimal, what_for: dict[str, str], by: Person, at: datetime
) -> Spending:
    """Money that left for a promise, or came back (below zero). The sum stands beside the budget."""
    commitment = locked(commitment)
    require(rules.may_tell(by, commitment))
    if day > day_of(at):
        raise Refused(No(_("Only money that is spent already stands in this list.")))
    spending = Spending(
        commitment=commitment, day=day, amount=amount, at=at, by=by, **by_language("what_for", what_for)
    )
    spending.full_clean(exclude=["what_for"])
    before = Spending.objects.filter(commitment=commitment).aggregate(sum=Sum("amount"))["sum"] or 0
    if before + amount < 0:
        raise Refused(No(_("More money cannot come back than was spent.")))
    spending.save()
    set_spent(commitment)
    commitment.moved_at = at
    commitment.save(update_fields=["spent", "moved_at"])
    record("commitment.spent", commitment, by=by, at=at, amount=str(amount), sum=str(commitment.spent))
    return spending


@transaction.atomic
def give_up(*, commitment: Commitment, reason: dict[str, str], by: Person, at: datetime) -> Ending:
    """It will not come: said in public, with the reason, and kept where it stands."""
    commitment = locked(commitment)
    require(rules.may_give_up(by, commitment))
    ending = Ending(commitment=commitment, at=at, by=by, **by_language("reason", reason))
    ending.full_clean(exclude=["reason"])
    ending.save(force_insert=True)
    commitment.given_up_at = commitment.moved_at = at
    commitment.save(update_fields=["given_up_at", "moved_at"])
    record("commitment.given_up", commitment, by=by, at=at, row=commitment.pk)
    return ending


@transaction.atomic
def hand_over(
    *, commitment: Commitment, to: Office, reason: dict[str, str], by: Person, at: datetime
) -> HandOver:
    """Another office takes over: who had it, who has it and why stay readable."""
    commitment = locked(commitment)
    require(rules.may_hand_over(by, commitment, to))
    hand = HandOver(
        commitment=commitment, old_office=commitment.office, new_office=to, at=at, by=by,
        **by_language("reason", reason),
    )  # fmt: skip
    hand.full_clean(exclude=["reason"])
    hand.save()
    commitment.office, commitment.moved_at = to, at
    commitment.save(update_fields=["office", "moved_at"])
    record("commitment.handed_over", commitment, by=by, at=at, row=hand.pk)
    return hand


@dataclass(frozen=True)
class Winner:
    """One line of the list that becomes commitments."""

    proposal: Proposal
    office: Office
    title: dict[str, str]
    due: date
    budget: Decimal | None = None


@transaction.atomic
def promise_winners(*, winners: Sequence[Winner], by: Person, at: datetime) -> list[Commitment]:
    """All of them or none: each becomes a commitment of its office. The list is locked in one order."""
    if not winners:
        raise Refused(No(_("Please choose at least one.")))
    made = []
    for each in sorted(winners, key=lambda winner: winner.proposal.pk):
        contribution = Contribution.objects.select_related("process").get(pk=each.proposal.pk)
        if Commitment.objects.filter(contribution=contribution).exists():
            raise Refused(No(_("One of these is promised already. Please look at the list again.")))
        made.append(
            promise(
                process=contribution.process, contribution=contribution, office=each.office, title=each.title,
                due=each.due, budget=each.budget, by=by, at=at,
            )
        )  # fmt: skip
    return made


@transaction.atomic
def reopen(*, commitment: Commitment, phase: Phase, by: Person, at: datetime) -> Proposal:
    """Ask again: a new idea in an open phase for ideas, in the name of the office, with how it went as its reason."""
    commitment = locked(commitment)
    is_reopened = Reopening.objects.filter(commitment=commitment).exists()
    require(rules.may_reopen(by, commitment, is_reopened=is_reopened))
    if "propose" not in phase.acts or not phase.is_open(at) or not phase.process.is_published:
        raise Refused(No(_("No ideas are collected there now. Please choose another process.")))
    old = getattr(commitment.contribution, "proposal", None) if commitment.contribution_id else None
    place: Place | None = old.place if old else phase.process.places.first()
    if place is None:
        raise Refused(No(_("This process has no place.")))
    contribution = Contribution(
        kind="proposal", process=phase.process, phase=phase, language="de", created_at=at
    )
    contribution.publish(at)
    contribution.save()
    contribution.refresh_from_db(fields=["receipt"])
    german, english = (_story(commitment, language) for language in ("de", "en"))
    proposal = insert_proposal(
        contribution,
        ProposalText(
            **german, language="de", theme=old.theme if old else Theme.MEETING, place=place,
            location=old.location if old else "", map_x=old.map_x if old else None, map_y=old.map_y if old else None,
            translations={"en": {**english, "by": "human"}},
        ),
        by=by, at=at,
    )  # fmt: skip
    move_stage(proposal, Stage.RECEIVED, at=at, by=by, office=commitment.office)
    Reopening.objects.create(
        commitment=commitment, contribution=contribution, at=at, by=by, works=commitment.works_yes,
        answers=commitment.works_yes + commitment.works_partly + commitment.works_no,
    )  # fmt: skip
    commitment.moved_at = at
    commitment.save(update_fields=["moved_at"])
    journal.record("proposal.published", by=by, on=proposal, process=phase.process, at=at)
    record("commitment.reopened", commitment, by=by, at=at, proposal=contribution.pk)
    return proposal


_WORDS = {
    "de": (
        "Noch einmal: {title}",
        "Es ist gebaut, aber zu wenige sagen, dass es funktioniert. Wie geht es besser?",
        "Versprochen am {promised:%d.%m.%Y}, fertig am {delivered:%d.%m.%Y}. Von {n} Menschen, die wir gefragt haben, sagen"
        " {yes}: Es funktioniert. {partly} sagen: teilweise, {no} sagen: nein. Deshalb fragen wir neu.",
    ),
    "en": (
        "Once more: {title}",
        "It is built, but too few say that it works. How can it be better?",
        "Promised on {promised:%d.%m.%Y}, finished on {delivered:%d.%m.%Y}. Of {n} people we asked, {yes} say that it works,"
        " {partly} partly, {no} no. That is why we ask again.",
    ),
}


def _story(commitment: Commitment, language: str) -> dict[str, str]:
    """Title, sentence and reason of the new idea. Residents' texts have a language of their own, so this is data."""
    title, summary, body = _WORDS[language]
    name = getattr(commitment, f"title_{language}", "") or commitment.title_de  # type: ignore[attr-defined]
    assert commitment.delivered_at
    return {
        "title": title.format(title=name)[:120],
        "summary": summary,
        "body": body.format(
            promised=timezone.localtime(commitment.promised_at), yes=commitment.works_yes,
            delivered=timezone.localtime(commitment.delivered_at), partly=commitment.works_partly,
            no=commitment.works_no, n=commitment.works_yes + commitment.works_partly + commitment.works_no,
        ),
    }  # fmt: skip
