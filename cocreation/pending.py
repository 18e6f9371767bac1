"""The registry of acts that can wait: a room says how to complete its act once the person is known.

pending.acts.add("propose", PendingKind("propose", complete=complete_proposal, words=_("Your proposal"), act="propose"))

Two things may be missing. A visitor is not known yet: the act waits under its token, in whichever tab they log in. Somebody
known lacks a confirmation: the act waits on their own page and is done by itself when the confirmation arrives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from cocreation.models import PendingAct, Process
from cocreation.standing import GuestToBe
from groundwork import clock
from groundwork.answer import No, Refused, Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from groundwork.answer import Answer

log = logging.getLogger("quartier.pending")

KEEP = timedelta(hours=48)
KEEP_FOR_A_CONFIRMATION = timedelta(days=30)
NOTE = timedelta(days=7)
# How many acts one person may have waiting: more than anybody means to do, few enough to be done at once.
MOST = 50


@dataclass(frozen=True, slots=True)
class PendingKind:
    """`complete(person, payload, at)` does the act and returns the address of what came of it; it may raise Refused."""

    slug: str
    words: Words
    complete: Callable[[Person, dict[str, Any], datetime], str]
    # A few words of the kept thing, for the waiting page ("Shade for the village square").
    title: Callable[[dict[str, Any]], str] = lambda payload: ""
    # The act of a phase this is. Where its audience says "everyone", it can be completed without an account.
    act: str = ""
    # False: even then it takes an account, or an entry of the process.
    without_account: bool = True
    # What is kept is nobody's to read: it is deleted as soon as it cannot count any more.
    sealed: bool = False


acts: Registry[PendingKind] = Registry("pending act")


def keep(
    act: str,
    payload: dict[str, Any],
    *,
    process: Process | None,
    at: datetime,
    person: Person | None = None,
    answer: Answer | None = None,
    instead_of: dict[str, Any] | None = None,
) -> PendingAct:
    """Store an act. The caller redirects to its page, whose address carries the token.

    With `person` it is theirs and waits for what `answer` says is missing. The same act twice waits once; `instead_of`
    names the part of the payload by which two are the same, where the rest may differ.
    """
    acts.get(act)
    kept = PendingAct(act=act, payload=payload, process=process, created_at=at, expires_at=at + KEEP)
    if person is not None:
        mine = PendingAct.objects.of(person).waiting(at)
        mine.filter(act=act, process=process, payload__contains=instead_of or payload).delete()
        if mine.count() >= MOST:
            raise Refused(No(_("Too many of your acts wait already. Please do first what they wait for.")))
        _belongs(kept, person, answer if isinstance(answer, No) else None, at)
    kept.save(force_insert=True)
    return kept


def _belongs(act: PendingAct, person: Person, answer: No | None, at: datetime) -> None:
    act.person = person
    if answer is not None:
        act.refusal, act.next_step = str(answer.reason)[:500], str(answer.next_step)[:120]
        act.next_url = answer.next_url[:300]
        if answer.identify:
            act.expires_at = max(act.expires_at, at + KEEP_FOR_A_CONFIRMATION)


@transaction.atomic
def complete(token: str, *, by: Person, at: datetime) -> str | None:
    """Do the kept act as `by`; returns the address of the result. None when there is nothing (any more) to complete.

    A second completion, from another tab say, finds the first one's result. Refused leaves the act waiting.
    """
    act = PendingAct.objects.select_for_update().filter(pk=token).first()
    if act is None or (act.person_id is not None and act.person_id != by.pk):
        return None
    if act.completed_at:
        return act.result_url if act.completed_by_id == by.pk else None
    if act.given_up_at or act.expires_at <= at:
        return None
    act.result_url = acts.get(act.act).complete(by, act.payload, at)
    act.completed_at, act.completed_by, act.payload = at, by, {}
    act.refusal = act.next_step = act.next_url = ""
    if act.person_id is not None:
        act.expires_at = at + NOTE
    act.save()
    return act.result_url


@transaction.atomic
def hold(token: str, *, by: Person, answer: No, at: datetime) -> PendingAct | None:
    """The act was refused to somebody who is known by now: it waits on as theirs, with the reason. Nobody else's is touched."""
    act = PendingAct.objects.select_for_update().waiting(at).filter(pk=token).first()
    if act is None or act.person_id not in (None, by.pk):
        return None
    _belongs(act, by, answer, at)
    act.save()
    return act


# --- what completes by itself ---


def complete_after_commit(person: Person) -> None:
    """Something about this person was just confirmed: what waited for it is done, after the confirmation is safe."""
    key = person.pk
    transaction.on_commit(lambda: _quietly(key), robust=True)


def _quietly(key: int) -> None:
    person = Person.objects.filter(pk=key, is_active=True).first()
    if person is not None:
        complete_for(person, clock.now())


def complete_for(person: Person, at: datetime) -> int:
    """Try everything that waits on this person's page for a confirmation, oldest first, each in a transaction of its own.

    What still lacks something waits on; what cannot be done any more is given up, with the reason. Returns how many counted.
    What was refused for another reason is not tried again by itself: its page has a button.
    """
    done = 0
    waiting = PendingAct.objects.of(person).waiting(at).order_by("created_at")
    waiting = waiting.exclude(~Q(refusal="") & Q(next_url=""))
    with translation.override(_language(person)):
        for token in list(waiting.values_list("pk", flat=True)[:MOST]):
            try:
                done += complete(token, by=person, at=at) is not None
            except Refused as refused:
                _refused(token, person, refused.answer, at)
            except Exception:  # one broken act must not hold up the others, nor whoever confirmed the address
                log.exception("pending.failed")
    return done


def _refused(token: str, person: Person, answer: No, at: datetime) -> None:
    act = hold(token, by=person, answer=answer, at=at)
    if act is not None and not answer.identify:
        act.given_up_at, act.expires_at = at, max(act.expires_at, at + NOTE)
        if (kind := acts.find(act.act)) is not None and kind.sealed:
            act.payload, act.expires_at = {}, at + NOTE
        act.save(update_fields=["given_up_at", "payload", "expires_at"])


def complete_all(at: datetime, most: int = 500) -> int:
    """The sweep: whatever waits is tried, in case a confirmation came on a way that told nobody."""
    people = Person.objects.filter(
        is_active=True, pk__in=PendingAct.objects.waiting(at).filter(person__isnull=False).values("person")
    )
    return sum(complete_for(person, at) for person in people.order_by("pk")[:most])


def _language(person: Person) -> str:
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def guests_may(act: PendingAct, at: datetime) -> bool:
    """Whether this can be completed by somebody who takes part without an account."""
    kind = acts.find(act.act)
    if kind is None or act.process is None or not kind.act or not kind.without_account:
        return False
    phase = act.process.phase_with(kind.act, at)
    if phase is None:
        return False
    return bool(phase.audience_of(kind.act).admits(GuestToBe(act.process, at)))


def address_of(url: str, *, back: str = "") -> str:
    """Where a next step leads: a name or a path; "" where this city has no such page."""
    if not url:
        return ""
    try:
        found = resolve_url(url)
    except NoReverseMatch:
        return ""
    return f"{found}?next={quote(back)}" if back else found


def forget_expired(at: datetime) -> int:
    """Delete what nobody came back for, and notes of what was done or given up."""
    return PendingAct.objects.filter(expires_at__lte=at).delete()[0]
