"""The registry of acts that can wait: a room says how to complete its act once the person is known.

pending.acts.add("propose", PendingKind("propose", complete=complete_proposal, words=_("Your proposal")))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cocreation.models import PendingAct, Process
from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

KEEP = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class PendingKind:
    """`complete(person, payload, at)` does the act and returns the address of what came of it; it may raise Refused."""

    slug: str
    words: Words
    complete: Callable[[Person, dict[str, Any], datetime], str]
    # A few words of the kept thing, for the waiting page ("Shade for the village square").
    title: Callable[[dict[str, Any]], str] = lambda payload: ""


acts: Registry[PendingKind] = Registry("pending act")


def keep(act: str, payload: dict[str, Any], *, process: Process | None, at: datetime) -> PendingAct:
    """Store an act for 48 hours. The caller redirects to its page, whose address carries the token."""
    acts.get(act)
    return PendingAct.objects.create(
        act=act, payload=payload, process=process, created_at=at, expires_at=at + KEEP
    )


@transaction.atomic
def complete(token: str, *, by: Person, at: datetime) -> str | None:
    """Do the kept act as `by`; returns the address of the result. None when there is nothing (any more) to complete.

    A second completion, from another tab say, finds the first one's result. Refused leaves the act waiting.
    """
    act = PendingAct.objects.select_for_update().filter(pk=token).first()
    if act is None:
        return None
    if act.completed_at:
        return act.result_url if act.completed_by_id == by.pk else None
    if act.expires_at <= at:
        return None
    act.result_url = acts.get(act.act).complete(by, act.payload, at)
    act.completed_at, act.completed_by, act.payload = at, by, {}
    act.save()
    return act.result_url


def remember_refusal(token: str, reason: str) -> None:
    """Keep the sentence for the page of the act: the log-in that was refused shows no page of its own."""
    PendingAct.objects.filter(pk=token).update(refusal=reason[:500])


def forget_expired(at: datetime) -> int:
    """Delete what nobody came back for, and what was completed two days ago."""
    return PendingAct.objects.filter(expires_at__lte=at).delete()[0]
