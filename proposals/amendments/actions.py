"""The only place where suggested changes are made and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cocreation.actions import withdraw_contribution
from cocreation.models import Contribution
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.actions import Overtaken, put_revision
from proposals.amendments import rules
from proposals.amendments.models import Amendment, Decision, Opinion, Poll
from proposals.amendments.passages import Passage
from proposals.amendments.places import standing_of, wording_with
from proposals.locking import locked
from proposals.models import Authorship, Proposal, Revision, Support

if TYPE_CHECKING:
    from accounts.models import Person

__all__ = ["Overtaken"]


@dataclass(frozen=True)
class Suggestion:
    """What a person writes: the passage of one version, their wording for it, why, and whether they may be named."""

    passage: Passage
    new: str
    reason: str
    named: bool = False


@transaction.atomic
def publish_amendment(
    *,
    proposal: Proposal,
    revision: Revision,
    suggestion: Suggestion,
    by: Person,
    at: datetime,
    instead_of: Amendment | None = None,
    channel: str = Contribution.Channel.WEB,
) -> Amendment:
    """Suggest another wording. It may be made on an older version: it is found in the newest one by itself.

    `instead_of` is one's own open suggestion that this one replaces; both keep a link to each other.
    """
    proposal = locked(proposal.pk)
    if instead_of is not None:
        instead_of = _locked(instead_of.pk)
        if instead_of.proposal_id != proposal.pk:
            raise Refused(No(_("This is about another proposal.")))
        require(rules.may_adapt(by, instead_of, proposal, at))
    require(rules.may_amend(by, proposal, at))
    passage = suggestion.passage
    text = str(getattr(revision, passage.field))
    new = like(text, suggestion.new)
    old = text[passage.start : passage.end]
    if revision.proposal_id != proposal.pk or not old.strip():
        raise Refused(No(_("The text has no such passage.")))
    if new == old:
        raise Refused(No(_("Nothing was changed.")))
    require(rules.is_writable(passage.field, text[: passage.start] + new + text[passage.end :]))
    contribution = Contribution(
        kind="amendment",
        process_id=proposal.process_id,
        phase=rules.phase_of(proposal, at),
        author=by,
        channel=channel,
        language=revision.language,
        created_at=at,
    )
    contribution.publish(at)
    contribution.save()
    amendment = Amendment(
        contribution=contribution,
        process_id=contribution.process_id,
        is_public=contribution.is_public,
        receipt=contribution.receipt,
        proposal=proposal,
        revision=revision,
        field=passage.field,
        start=passage.start,
        end=passage.end,
        old=old,
        new=new,
        reason=suggestion.reason.replace("\r\n", "\n").strip(),
        named=suggestion.named,
        supersedes=instead_of,
    )
    amendment.full_clean(exclude=["contribution", "process", "proposal", "revision", "supersedes"])
    amendment.save(force_insert=True)
    if instead_of is not None:
        _decide(instead_of, Decision.Outcome.REPLACED, by=by, at=at)
    _record("amendment.published", amendment, by=by, at=at)
    return amendment


def like(text: str, words: str) -> str:
    """Words with the line ends of the text they go into."""
    words = words.replace("\r\n", "\n")
    return words.replace("\n", "\r\n") if "\r\n" in text else words


@transaction.atomic
def accept_amendment(
    *,
    amendment: Amendment,
    by: Person,
    at: datetime,
    seen: int,
    wording: str | None = None,
    reason: str = "",
    is_substantive: bool = False,
) -> Decision:
    """Put it into the text as it is, or with another `wording`: a new version, and credit for whoever suggested it.

    `seen` is the number of the version the writer looked at; raises `Overtaken` when another one stands now.
    """
    proposal = locked(amendment.proposal_id)
    amendment = _locked(amendment.pk)
    require(rules.may_decide(by, amendment, proposal, at))
    newest = proposal.newest
    assert newest is not None
    if newest.number != seen:
        raise Overtaken(newest)
    standing = standing_of(amendment, newest)
    if wording is None and not standing.applies:
        raise Refused(No(_("The passage was changed meanwhile. Please write how it should read now.")))
    put_in = amendment.new if wording is None else like(standing.text, wording)
    text = standing.with_wording(put_in)
    require(rules.is_writable(amendment.field, text))
    revision = put_revision(
        proposal, wording_with(newest, amendment.field, text), by=by, at=at, seen=seen,
        note=_note(amendment, proposal.language), is_substantive=is_substantive,
    )  # fmt: skip
    other = put_in != amendment.new
    decision = _decide(
        amendment, Decision.Outcome.REWORDED if other else Decision.Outcome.ACCEPTED, by=by, at=at, reason=reason,
        wording=put_in if other else "", revision=revision,
    )  # fmt: skip
    _credit(amendment, by=by, at=at)
    _record("amendment.accepted", amendment, by=by, at=at, tell=True, revision=revision.number)
    return decision


def _note(amendment: Amendment, language: str) -> str:
    """The number only: a name would stay in the text of the version for ever."""
    with translation.override(language):
        return gettext("Suggested change %(number)s, accepted.") % {"number": amendment.receipt}


def _credit(amendment: Amendment, *, by: Person, at: datetime) -> None:
    """They agreed to be named when they sent it. Who is named or invited already stays as they are."""
    person = amendment.contribution.author_id
    if not amendment.named or person is None:
        return
    standing = Authorship.objects.filter(
        proposal=amendment.proposal_id, person=person, declined_at__isnull=True, left_at__isnull=True
    )
    if not standing.exists():
        Authorship.objects.create(
            proposal_id=amendment.proposal_id, person_id=person, role=Authorship.Role.CONTRIBUTOR, invited_by=by,
            invited_at=at, accepted_at=at,
        )  # fmt: skip


@transaction.atomic
def decline_amendment(*, amendment: Amendment, by: Person, at: datetime, reason: str) -> Decision:
    """Leave the text as it is, with a reason that everybody reads."""
    proposal = locked(amendment.proposal_id)
    amendment = _locked(amendment.pk)
    require(rules.may_decide(by, amendment, proposal, at))
    if not reason.strip():
        raise Refused(No(_("Please give a reason. It is public.")))
    decision = _decide(amendment, Decision.Outcome.DECLINED, by=by, at=at, reason=reason)
    _record("amendment.declined", amendment, by=by, at=at, tell=True)
    return decision


@transaction.atomic
def ask_supporters(*, amendment: Amendment, by: Person, at: datetime, ends: datetime) -> Poll:
    """Put it to the supporters until `ends`. What they say binds nobody; the writers decide with it in view."""
    proposal = locked(amendment.proposal_id)
    amendment = _locked(amendment.pk)
    require(rules.may_ask(by, amendment, proposal, at))
    require(rules.may_end(proposal, ends, at))
    try:
        with transaction.atomic():
            poll = Poll.objects.create(amendment=amendment, by=by, at=at, ends=ends)
    except IntegrityError:
        raise Refused(No(_("The supporters were asked already."))) from None
    _record("amendment.put_to_supporters", amendment, by=by, at=at, tell=True, ends=ends.isoformat())
    return poll


@transaction.atomic
def answer_poll(*, amendment: Amendment, value: str, by: Person, at: datetime) -> Opinion:
    """One supporter's yes, no or no opinion: once, the constraint decides."""
    amendment = Amendment.objects.select_related("contribution", "poll", "decision").get(pk=amendment.pk)
    supports = Support.objects.filter(proposal=amendment.proposal_id, person=by).exists()
    answered = Opinion.objects.filter(poll=amendment.pk, person=by).exists()
    require(rules.may_answer(by, amendment, at, supports=supports, answered=answered))
    if value not in Opinion.Value.values:
        raise Refused(No(_("Please choose one of the answers.")))
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(poll_id=amendment.pk, person=by, value=value, at=at)
    except IntegrityError:
        raise Refused(No(_("You have answered already."))) from None
    journal.record("amendment.answered", by=by, on=amendment, process=amendment.process_id, at=at)
    return opinion


@transaction.atomic
def withdraw_amendment(*, amendment: Amendment, by: Person, at: datetime) -> None:
    """Who suggested it takes it back while nobody has decided. It leaves every page."""
    contribution = Contribution.objects.select_for_update().get(pk=amendment.pk)
    amendment = _locked(amendment.pk)
    require(rules.may_withdraw(by, amendment))
    _decide(amendment, Decision.Outcome.WITHDRAWN, by=by, at=at)
    withdraw_contribution(contribution=contribution, by=by, at=at)


def _locked(key: int) -> Amendment:
    """Whoever decides about it waits here for whoever did before; what they did is read after."""
    Amendment.objects.select_for_update(of=("self",)).get(pk=key)
    rows = Amendment.objects.select_related("contribution", "revision", "decision", "poll")
    return rows.get(pk=key)


def _decide(amendment: Amendment, outcome: str, *, by: Person, at: datetime, **more: Any) -> Decision:
    reason = more.pop("reason", "").replace("\r\n", "\n").strip()
    try:
        with transaction.atomic():
            return Decision.objects.create(
                amendment_id=amendment.pk, outcome=outcome, by=by, at=at, reason=reason, **more
            )
    except IntegrityError:
        raise Refused(No(_("This was decided already."))) from None


def _record(
    verb: str, amendment: Amendment, *, by: Person, at: datetime, tell: bool = False, **facts: Any
) -> None:
    """About the proposal; `tell`: whoever suggested the change hears of it, whatever they follow."""
    person = amendment.contribution.author_id
    facts |= {"contribution": amendment.proposal_id, "row": amendment.pk, "receipt": amendment.receipt}
    if tell and person is not None:
        facts["tell"] = [person]
    journal.record(verb, by=by, on=amendment, process=amendment.process_id, at=at, data=facts)


# --- when an account closes or a guest turns out to have one ---


def leave(person: Person, at: datetime) -> None:
    """Suggestions stay without their author, answers to polls go."""
    Opinion.objects.filter(person=person).delete()
    Decision.objects.filter(by=person).update(by=None)
    Poll.objects.filter(by=person).update(by=None)


def move(guest: Person, account: Person, at: datetime) -> None:
    """Where both answered the same question, the account's answer remains."""
    answered = Opinion.objects.filter(person=account).values("poll")
    Opinion.objects.filter(person=guest, poll__in=answered).delete()
