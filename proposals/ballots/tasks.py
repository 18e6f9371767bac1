"""What the clock has done, done: votes that opened or closed since. Whoever comes first does it, a reader too."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation.models import Phase
from groundwork import clock
from groundwork.answer import Refused, Words
from groundwork.html import say
from groundwork.jobs import api as jobs
from groundwork.periodic import every
from proposals.ballots import actions, late, mailing, reminding
from proposals.ballots.keys import KeyMissing
from proposals.ballots.models import Vote

log = logging.getLogger("quartier.ballots")


@every(seconds=30, words=_("Open votes at their time"))
@shared_task(name="ballots.open_due")
def open_due() -> None:
    now = clock.now()
    due = Phase.objects.of_method("ballot").published().filter(starts__lte=now, vote__isnull=True)
    for phase in due.select_related("process"):
        try:
            actions.open_vote(phase=phase, at=now)
        except Refused as refused:
            log.warning("vote.not_opened phase=%s reason=%s", phase.pk, refused)


@every(seconds=60, words=_("Count votes that have closed"))
@shared_task(name="ballots.count_due")
def count_due() -> None:
    now = clock.now()
    over = Vote.objects.filter(counted_at__isnull=True, phase__ends__lte=now)
    for vote in over.filter(phase__process__stopped_at__isnull=True).select_related("phase__process"):
        if late.may_count(vote, now):
            count(vote, now)


def count(vote: Vote, now: datetime) -> None:
    """The count as a job that staff sees. Whatever goes wrong, nothing is changed and the other votes do not wait for it."""
    jobs.begin("tally", vote.pk, at=now, title=vote.phase.process.title)
    try:
        with transaction.atomic():
            tally = actions.close_and_count(vote=vote, at=now)
            if tally is None:  # it was still open by the database's clock, or called off
                jobs.cancel("tally", vote.pk, at=now)
                return
            jobs.finish("tally", vote.pk, at=now, ballots=tally.result["ballots"])
    except KeyMissing:
        log.exception("vote.key_missing vote=%s", vote.pk)
        jobs.fail("tally", vote.pk, at=now, reason="key_missing")
    except Exception:
        log.exception("vote.not_counted vote=%s", vote.pk)
        jobs.fail("tally", vote.pk, at=now, reason="error")


def _counted(facts: Mapping[str, Any]) -> str:
    n = int(facts.get("ballots", 0))
    return ngettext("{n} ballot counted", "{n} ballots counted", n).format(n=say.number(n))


WHY: dict[str, Words] = {
    "key_missing": _(
        "The key of this vote is not where it should be. The ballots are safe; nothing was counted."
    ),
}
jobs.kinds.add(
    "tally",
    jobs.JobKind(
        "tally", _("Count of a vote"), said=_counted, why=WHY.get, retry=lambda key: count_due.delay()
    ),
)


@every(seconds=900, words=_("Mix sealed ballots"))
@shared_task(name="ballots.mix")
def mix() -> None:
    """Late comers get slots, filled slots are mixed, the turnout is published: each only for many at once."""
    now = clock.now()
    running = Vote.objects.filter(counted_at__isnull=True, phase__starts__lte=now, phase__ends__gt=now)
    for vote in running.filter(phase__process__stopped_at__isnull=True):
        actions.add_late_slots(vote=vote, at=now)
        actions.mix_and_publish(vote=vote, at=now)
        mailing.daily_round(vote=vote, at=now, least=actions.BATCH)


@every(seconds=60, words=_("Send mails about receipts"))
@shared_task(name="ballots.post_receipt_mails")
def post_receipt_mails() -> None:
    mailing.post(clock.now())


@every(seconds=300, words=_("Remind of votes that close soon"))
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
