"""Claiming an entry: one human being, one entry, one account, whichever way they came.

    claim(entry=entry, person=person, by_way_of="letter", at=now)

What the other houses add: `without_account` (how to go on without an account), `locks` (why the way of checking can no
longer be changed) and `unfinished` (what of a process still needs its entries).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cocreation import pending
from cocreation.checks.base import OVER
from cocreation.models import Eligibility, IdentifiedVisit, LetterCode, Process
from cocreation.standing import forget_standings
from groundwork.answer import Answer, No, Refused, Words, Yes
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class WithoutAccount:
    """How somebody who was found goes on without an account: `go(visit, request)` claims the entry for them and returns
    the address to go on to; it may raise Refused. `may(process)` leaves the button out where it makes no sense."""

    slug: str
    words: Words
    about: Words
    go: Callable[[IdentifiedVisit, Any], str]
    may: Callable[[Process], bool] = lambda process: True


without_account: Registry[WithoutAccount] = Registry("way to go on without an account")

# Why the way of checking of a process can no longer be changed, beside what this house knows: (process) -> answer.
locks: Registry[Callable[[Process], Answer]] = Registry("lock of the way of checking")

# Whether something of a process still needs its entries, a vote that is not counted, say: (process) -> yes or no.
unfinished: Registry[Callable[[Process], bool]] = Registry("rule of what is unfinished")

REVOKED = No(
    _("This entry is not valid any more."),
    _("Please ask the citizens' office; they can see why and help you."),
)
ELSEWHERE = No(
    _(
        "This entry is in use by another account. If it is yours, log in with it. If not, somebody else used your code or "
        "your data: please tell the citizens' office."
    ),
)
BY_A_GUEST = No(
    _(
        "This entry was used without an account already. Go on in the browser in which you did that, or ask the citizens' "
        "office."
    ),
)
ANOTHER_ENTRY = No(
    _("Your account has taken part in this process with another entry already. One account is one person."),
    _("If two people share this account, the second one needs an account of their own."),
)


def may_claim(entry: Eligibility, person: Person) -> Answer:
    """Whether this person may hold the entry. The same person again is fine; so is an entry whose account was closed."""
    if entry.revoked_at is not None:
        return REVOKED
    if entry.person_id == person.pk:
        return Yes()
    if entry.person is not None:
        return BY_A_GUEST if entry.person.is_guest else ELSEWHERE
    if Eligibility.objects.standing().filter(process=entry.process_id, person=person).exists():
        return ANOTHER_ENTRY
    return Yes()


@transaction.atomic
def claim(*, entry: Eligibility, person: Person, by_way_of: str, at: datetime) -> Eligibility:
    """The entry belongs to this person from now on. Refused says why not; then nothing has changed."""
    entry = (
        Eligibility.objects.select_for_update(of=("self",))
        .select_related("person", "process")
        .filter(pk=entry.pk)
        .first()
    ) or _gone()
    answer = may_claim(entry, person)
    if isinstance(answer, No):
        raise Refused(answer)
    if entry.person_id == person.pk:
        return entry
    entry.claim(person, by_way_of, at)
    try:
        with transaction.atomic():
            entry.save(update_fields=["person", "claimed_at", "claimed_by_way_of"])
    except IntegrityError:  # two entries for one person at the same moment: the constraint decides
        raise Refused(ANOTHER_ENTRY) from None
    forget_standings(person)
    pending.complete_after_commit(person)
    return entry


def _gone() -> Eligibility:
    raise Refused(OVER)


# --- between the check and the log-in ---


def remember(
    *,
    process: Process,
    entry: Eligibility,
    by_way_of: str,
    at: datetime,
    code: LetterCode | None = None,
    next_url: str = "",
) -> IdentifiedVisit:
    """Keep what a visitor proved for two hours. The caller redirects to its page, whose address carries the token."""
    return IdentifiedVisit.objects.create(
        process=process, entry=entry, by_way_of=by_way_of, code=code, next_url=next_url[:300], created_at=at
    )


@transaction.atomic
def claim_visit(*, token: str, person: Person, at: datetime) -> IdentifiedVisit | None:
    """Claim what a visitor proved, now that they have an account. None when nothing waits (any more)."""
    visit = (
        IdentifiedVisit.objects.select_for_update(of=("self",))
        .select_related("entry", "process", "code")
        .filter(pk=token)
        .first()
    )
    if visit is None or visit.expires_at <= at:
        return None
    claim(entry=visit.entry, person=person, by_way_of=visit.by_way_of, at=at)
    close_visit(visit, at)
    return visit


def close_visit(visit: IdentifiedVisit, at: datetime) -> None:
    """The entry has its owner: the code is used, the token opens nothing any more."""
    if visit.code_id:
        redeemed(visit.code_id, at)
    if visit.claimed_at is None:
        visit.claimed_at = at
        visit.save(update_fields=["claimed_at"])


def redeemed(code: int, at: datetime) -> None:
    LetterCode.objects.filter(pk=code, redeemed_at__isnull=True).update(redeemed_at=at)


def forget_visits(at: datetime) -> int:
    return IdentifiedVisit.objects.filter(expires_at__lte=at).delete()[0]
