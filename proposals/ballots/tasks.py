"""What the clock has done, done: votes that opened or closed since. Whoever comes first does it, a reader too."""

from __future__ import annotations

import logging

from celery import shared_task

from cocreation.models import Phase
from groundwork import clock
from groundwork.answer import Refused
from groundwork.periodic import every
from proposals.ballots import actions, reminding
from proposals.ballots.keys import KeyMissing
from proposals.ballots.models import Vote

log = logging.getLogger("quartier.ballots")


@every(seconds=30)
@shared_task(name="ballots.open_due")
def open_due() -> None:
    now = clock.now()
    due = Phase.objects.of_method("ballot").published().filter(starts__lte=now, vote__isnull=True)
    for phase in due.select_related("process"):
        try:
            actions.open_vote(phase=phase, at=now)
        except Refused as refused:
            log.warning("vote.not_opened phase=%s reason=%s", phase.pk, refused)


@every(seconds=60)
@shared_task(name="ballots.count_due")
def count_due() -> None:
    now = clock.now()
    over = Vote.objects.filter(counted_at__isnull=True, phase__ends__lte=now)
    for vote in over.filter(phase__process__stopped_at__isnull=True):
        try:
            actions.close_and_count(vote=vote, at=now)
        except KeyMissing:
            # Nothing is changed; the other votes must not wait for this one's key.
            log.exception("vote.key_missing vote=%s", vote.pk)


@every(seconds=900)
@shared_task(name="ballots.mix")
def mix() -> None:
    """Late comers get slots, filled slots are mixed, the turnout is published: each only for many at once."""
    now = clock.now()
    running = Vote.objects.filter(counted_at__isnull=True, phase__starts__lte=now, phase__ends__gt=now)
    for vote in running.filter(phase__process__stopped_at__isnull=True):
        actions.add_late_slots(vote=vote, at=now)
        actions.mix_and_publish(vote=vote, at=now)


@every(seconds=300)
@shared_task(name="ballots.remind")
def remind() -> None:
    """Votes that end within a day and nobody was reminded of."""
    now = clock.now()
    ending = Vote.objects.filter(
        counted_at__isnull=True,
        reminded_at__isnull=True,
        phase__ends__gt=now,
        phase__ends__lte=now + reminding.BEFORE,
    )
    for vote in ending.filter(phase__process__stopped_at__isnull=True):
        reminding.remind(vote=vote, at=now)
