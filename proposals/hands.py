"""One proposal, many hands: invite, agree, decline, change roles, hand over the lead, leave, take over.

Every change locks the proposal first, so that of two who race one finds what the other left. Nobody is named who has not
agreed, and no row is deleted: the history says who was an author, and when.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.guests import has_no_mailbox
from accounts.models import Organisation, Person
from groundwork.answer import No, Refused, Words, require
from groundwork.journal import api as journal
from proposals import rules
from proposals.locking import locked
from proposals.models import Authorship, Proposal, TakeOver

INVITATION_DAYS = 30
DECIDE_DAYS = 14
# Mails to addresses nobody confirmed: enough for a group that writes together, too few to be a nuisance.
OPEN_INVITATIONS, INVITATIONS_A_DAY = 10, 20
Role = Authorship.Role

ANSWERED = _("This invitation was answered or taken back already.")


def _hand(key: int, proposal: Proposal) -> Authorship:
    found = Authorship.objects.select_related("person").get(pk=key, proposal=proposal)
    found.proposal = proposal
    return found


def _record(verb: str, proposal: Proposal, at: datetime, *, by: Person | None, **facts: Any) -> None:
    data = {"receipt": proposal.receipt, **facts}
    journal.record(verb, by=by, on=proposal, process=proposal.process_id, at=at, data=data)


def _said_once(act: Any, sentence: Words) -> None:
    """Do what a constraint may refuse; the refusal is the sentence."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        raise Refused(No(sentence)) from None


# --- invite ---


@transaction.atomic
def invite(
    *,
    proposal: Proposal,
    role: str,
    by: Person,
    at: datetime,
    person: Person | None = None,
    email: str = "",
) -> Authorship:
    """Ask somebody to be named, by their account or by an address.

    An address gets a letter whoever it belongs to, so that nobody learns from here whether it has an account.
    """
    proposal = locked(proposal.pk)
    require(rules.may_invite(by, proposal))
    if role not in (Role.AUTHOR, Role.CONTRIBUTOR) or (person is None) == (not email):
        raise Refused(No(_("Please say who is invited, and as what.")))
    _end_expired(proposal, at)
    sent = Authorship.objects.filter(invited_by=by, invited_at__gt=at - timedelta(days=1))
    if (
        Authorship.objects.invited().filter(proposal=proposal).count() >= OPEN_INVITATIONS
        or sent.count() >= INVITATIONS_A_DAY
    ):
        raise Refused(No(_("Many invitations are open already. Wait for the answers, or take one back.")))
    hand = Authorship(
        proposal=proposal, person=person, role=role, invited_by=by, invited_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS), email=email.strip().lower(),
        code=secrets.token_urlsafe(16) if email else "",
    )  # fmt: skip
    if (
        person
        and Authorship.objects.filter(proposal=proposal, person=person, declined_at__isnull=False).exists()
    ):
        raise Refused(
            No(_("This person was asked already. Talk to them first; they can support the proposal."))
        )
    _said_once(
        lambda: hand.save(force_insert=True),
        _("This person is an author or invited already.")
        if person
        else _("This address is invited already."),
    )
    told = [person.pk] if person else _people_at(hand.email)
    _record("authorship.invited", proposal, at, by=by, row=hand.pk, tell=told)
    return hand


def _people_at(email: str) -> list[int]:
    found = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    return list(found.values_list("user", flat=True))


def post_letters(at: datetime) -> int:
    """Send the letters of open invitations, each once: a row is claimed, sent and marked in one transaction."""
    sent = 0
    while _post_one(at):
        sent += 1
    return sent


@transaction.atomic
def _post_one(at: datetime) -> bool:
    waiting = Authorship.objects.open_to(at).filter(posted_at__isnull=True).exclude(email="")
    hand = (
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("proposal", "invited_by")
        .order_by("pk")
        .first()
    )
    if hand is None:
        return False
    by = hand.invited_by
    with override(by.language if by else hand.proposal.language):
        words = {
            "title": hand.proposal.in_language("title"),
            "by": by.public_name if by else _("Someone from here"),
            "url": settings.SITE_URL + link_of(hand),
            "days": INVITATION_DAYS,
            "city": settings.CITY_NAME,
        }
        subject, body = (
            render_to_string(f"proposals/email/invited_{part}.txt", words) for part in ("subject", "message")
        )
    if not has_no_mailbox(hand.email):
        # The name of the letter is the invitation's, so that one handed over twice is still one.
        name = sha256(f"{settings.SECRET_KEY}:invitation-{hand.code}".encode()).hexdigest()[:32]
        host = urlsplit(settings.SITE_URL).hostname or "quartier"
        headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
        EmailMessage(" ".join(subject.split()), body.strip(), to=[hand.email], headers=headers).send()
    hand.posted_at = at
    hand.save(update_fields=["posted_at"])
    return True


def link_of(hand: Authorship) -> str:
    return reverse("proposals:invitation_link", args=[hand.code])


def _end_expired(proposal: Proposal, at: datetime) -> None:
    """Invitations nobody answered in time make room, and their addresses are forgotten."""
    late = Authorship.objects.invited().filter(proposal=proposal, expires_at__lte=at)
    late.update(left_at=at, email="", code="")


def forget_expired(at: datetime) -> int:
    """The same for all proposals, once a day."""
    return Authorship.objects.invited().filter(expires_at__lte=at).update(left_at=at, email="", code="")


def invitations_for(person: Person, at: datetime) -> list[Authorship]:
    """The open invitations of this person to public proposals, by account or by a confirmed address. Two queries."""
    found = Authorship.objects.open_to(at).filter(_meant_for(person), proposal__is_public=True)
    return list(found.select_related("proposal", "invited_by").order_by("pk")[:OPEN_INVITATIONS])


def invitation_to(proposal: Proposal, person: Person, at: datetime) -> Authorship | None:
    """The one to this proposal."""
    found = Authorship.objects.open_to(at).filter(_meant_for(person), proposal=proposal)
    return found.select_related("proposal", "invited_by").order_by("pk").first()


def _meant_for(person: Person) -> Q:
    addresses = EmailAddress.objects.filter(user=person, verified=True)
    # Addresses of invitations are kept in small letters.
    lowered = [address.lower() for address in addresses.values_list("email", flat=True)]
    return Q(person=person) | Q(person=None, email__in=lowered) if lowered else Q(person=person)


@transaction.atomic
def end_invitation(*, hand: Authorship, by: Person, at: datetime) -> None:
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    require(rules.may_end_invitation(by, hand))
    _require_open(hand, at)
    _close(hand, left_at=at)
    _record("authorship.taken_back", proposal, at, by=by)


def _require_open(hand: Authorship, at: datetime) -> None:
    late = hand.expires_at is not None and hand.expires_at <= at
    if hand.accepted_at or hand.declined_at or hand.left_at or late:
        raise Refused(No(ANSWERED))


def _close(hand: Authorship, **changed: Any) -> None:
    """Answered, taken back or left: the address and the link are forgotten."""
    for name, value in (changed | {"email": "", "code": "", "lead_offered_at": None}).items():
        setattr(hand, name, value)
    hand.save(update_fields=[*changed, "email", "code", "lead_offered_at"])


# --- answer ---


@transaction.atomic
def accept(
    *, hand: Authorship, by: Person, at: datetime, organisation: Organisation | None = None
) -> Authorship:
    """Somebody agrees to be named, for themselves or also for an organisation that confirmed them as a member.

    The caller found the invitation by account, by a confirmed address, or by the code of the link.
    """
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    _require_mine(hand, by)
    _require_open(hand, at)
    require(rules.may_join(by, proposal) and rules.may_propose_for(by, organisation))
    _said_once(
        lambda: _close(hand, person=by, organisation=organisation, accepted_at=at),
        _("You are named on this proposal, or invited in another way, already."),
    )
    _record("authorship.accepted", proposal, at, by=by, row=hand.pk)
    return hand


@transaction.atomic
def decline(*, hand: Authorship, by: Person, at: datetime) -> None:
    """Whoever invited is told; nobody else ever hears of it."""
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    _require_mine(hand, by)
    _require_open(hand, at)
    # Declined and accepted exclude each other, so that a row says one thing only.
    _close(hand, declined_at=at)
    told = [hand.invited_by_id] if hand.invited_by_id else []
    _record("authorship.declined", proposal, at, by=None, tell=told, row=hand.pk)


def _require_mine(hand: Authorship, by: Person) -> None:
    if hand.person_id is not None and hand.person_id != by.pk:
        raise Refused(No(_("This invitation is for somebody else.")))


# --- roles ---


@transaction.atomic
def change_role(*, hand: Authorship, role: str, by: Person, at: datetime) -> None:
    """Author or contributor; the lead decides."""
    proposal = locked(hand.proposal_id)
    require(rules.may_arrange(by, proposal))
    hand = _hand(hand.pk, proposal)
    if not hand.stands or hand.role == Role.LEAD or role not in (Role.AUTHOR, Role.CONTRIBUTOR):
        raise Refused(No(_("This role cannot be changed.")))
    if hand.role == role:
        raise Refused(No(_("They have this role already.")))
    hand.role, hand.lead_offered_at = role, None
    hand.save(update_fields=["role", "lead_offered_at"])
    _record("authorship.changed", proposal, at, by=by, row=hand.pk, tell=[hand.person_id])


@transaction.atomic
def offer_lead(*, hand: Authorship, by: Person, at: datetime) -> None:
    """The lead asks another author to lead from now on. Nothing changes until they agree."""
    proposal = locked(hand.proposal_id)
    require(rules.may_arrange(by, proposal))
    hand = _hand(hand.pk, proposal)
    if not hand.writes or hand.role == Role.LEAD:
        raise Refused(No(_("Only another author can take the lead.")))

    def put() -> None:
        hand.lead_offered_at = at
        hand.save(update_fields=["lead_offered_at"])

    _said_once(put, _("You have asked somebody to take the lead already. Take that back first."))
    _record("authorship.lead_offered", proposal, at, by=by, tell=[hand.person_id])


@transaction.atomic
def end_lead_offer(*, hand: Authorship, by: Person, at: datetime) -> None:
    """The lead takes the question back, or who was asked says no."""
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    if hand.person_id != by.pk:
        require(rules.may_arrange(by, proposal))
    if hand.lead_offered_at is None:
        raise Refused(No(_("Nobody is asked to take the lead.")))
    hand.lead_offered_at = None
    hand.save(update_fields=["lead_offered_at"])
    if hand.person_id == by.pk:
        told = Authorship.objects.standing().filter(proposal=proposal, role=Role.LEAD)
        keys = [key for key in told.values_list("person", flat=True) if key]
        _record("authorship.lead_declined", proposal, at, by=by, tell=keys)


@transaction.atomic
def accept_lead(*, hand: Authorship, by: Person, at: datetime) -> None:
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    if hand.person_id != by.pk or not hand.writes or hand.lead_offered_at is None:
        raise Refused(No(_("Nobody asks you to take the lead of this proposal now.")))
    _lead(proposal, hand, at, by=by)


def _lead(proposal: Proposal, hand: Authorship, at: datetime, *, by: Person | None) -> None:
    """The lead becomes an author, this one the lead. The constraint lets no moment have two."""
    Authorship.objects.standing().filter(proposal=proposal, role=Role.LEAD).update(role=Role.AUTHOR)
    Authorship.objects.filter(pk=hand.pk).update(role=Role.LEAD, lead_offered_at=None)
    _record("authorship.led", proposal, at, by=by, row=hand.pk)


# --- leave ---


@transaction.atomic
def leave(*, hand: Authorship, by: Person, at: datetime) -> None:
    """Somebody's name goes from the proposal; what they wrote stays. The lead passes on to the longest-standing author."""
    proposal = locked(hand.proposal_id)
    hand = _hand(hand.pk, proposal)
    if hand.person_id != by.pk or not hand.stands:
        raise Refused(No(_("You are not named on this proposal.")))
    _close(hand, left_at=at)
    _record("authorship.left", proposal, at, by=by, row=hand.pk)
    settle(proposal, hand, at)


def settle(proposal: Proposal, gone: Authorship, at: datetime) -> None:
    """After one of the hands has gone: who leads now, and is anybody left to write? The caller holds the lock."""
    if gone.role == Role.CONTRIBUTOR:
        return
    writers = Authorship.objects.writing().filter(proposal=proposal).order_by("accepted_at", "pk")
    first = writers.first()
    if first is None:
        if proposal.is_public and proposal.stage in rules.OPEN_TO_CHANGE:
            # Nobody is left who could speak for the invitations of those who wrote it.
            Authorship.objects.invited().filter(proposal=proposal).update(left_at=at, email="", code="")
            _record("authorship.orphaned", proposal, at, by=None)
    elif not writers.filter(role=Role.LEAD).exists():
        _lead(proposal, first, at, by=None)


# --- take over ---


@transaction.atomic
def offer_take_over(*, proposal: Proposal, by: Person, at: datetime) -> TakeOver:
    proposal = locked(proposal.pk)
    require(rules.may_take_over(by, proposal))
    offer = TakeOver(proposal=proposal, person=by, offered_at=at, decide_by=at + timedelta(days=DECIDE_DAYS))
    _said_once(lambda: offer.save(force_insert=True), _("You have offered this already."))
    others = Authorship.objects.standing().filter(proposal=proposal).exclude(person=by)
    told = [key for key in others.values_list("person", flat=True) if key]
    _record("take_over.offered", proposal, at, by=by, tell=told)
    return offer


@transaction.atomic
def end_take_over(*, offer: TakeOver, by: Person, at: datetime) -> None:
    """Who offered it thinks again."""
    locked(offer.proposal_id)
    found = TakeOver.objects.filter(pk=offer.pk, person=by, decided_at__isnull=True)
    if not found.update(decided_at=at, decided_by=by):
        raise Refused(No(_("This offer was decided already.")))


@transaction.atomic
def decide_take_over(*, offer: TakeOver, accepted: bool, by: Person, at: datetime) -> None:
    """Who takes over leads from now on; other offers end with it."""
    proposal = locked(offer.proposal_id)
    offer = TakeOver.objects.select_related("person").get(pk=offer.pk)
    offer.proposal = proposal
    require(rules.may_decide(by, offer, at))
    person = offer.person
    if offer.decided_at is not None or person is None:
        raise Refused(No(_("This offer was decided already.")))
    if accepted and not rules.is_orphan(proposal):
        raise Refused(No(_("This proposal has authors.")))
    offer.decided_at, offer.is_accepted, offer.decided_by = at, accepted, by
    offer.save(update_fields=["decided_at", "is_accepted", "decided_by"])
    _record("take_over.decided", proposal, at, by=by, tell=[person.pk], accepted=accepted)
    if not accepted:
        return
    TakeOver.objects.filter(proposal=proposal, decided_at__isnull=True).update(decided_at=at, decided_by=by)
    mine = Authorship.objects.standing().filter(proposal=proposal, person=person)
    if not mine.update(role=Role.LEAD):
        Authorship.objects.create(
            proposal=proposal, person=person, role=Role.LEAD, invited_by=by, invited_at=offer.offered_at,
            accepted_at=at,
        )  # fmt: skip
    _record("authorship.led", proposal, at, by=None, row=mine.get().pk)
