"""Celery's doors: tell people, send mail. Woken after a commit, and swept every few seconds in case a wake was lost."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.notices import actions, bouncing, fanout, newsletters, pushing, sending
from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every

log = logging.getLogger("quartier.notices")


@every(seconds=10, words=_("Tell people what concerns them"))
@shared_task(name="notices.spread")
def spread() -> None:
    if fanout.spread(clock.now()):
        send.delay()
        push.delay()


@every(seconds=20, words=_("Send mail that is due"))
@shared_task(name="notices.send")
def send() -> None:
    sending.send_due(clock.now())


@every(seconds=20, words=_("Send messages to devices"))
@shared_task(name="notices.push")
def push() -> None:
    pushing.send_due(clock.now())


@every(seconds=300, words=_("Take away messages about moments that are over"))
@shared_task(name="notices.forget_past")
def forget_past() -> None:
    actions.forget_past(clock.now())


@every(seconds=3600, words=_("Forget when old mail was sent"))
@shared_task(name="notices.forget_mails")
def forget_mails() -> None:
    retention.apply("mails", clock.now())


@every(seconds=60, words=_("Start newsletters whose time has come"))
@shared_task(name="notices.send_newsletters")
def send_newsletters() -> None:
    newsletters.send_due(clock.now())


@every(seconds=300, words=_("Read what mail came back"))
@shared_task(name="notices.read_bounces")
def read_bounces() -> None:
    if folder := getattr(settings, "NOTICES_BOUNCE_MAILDIR", ""):
        bouncing.read_maildir(folder, clock.now())


def wake_after_commit() -> None:
    """Spread soon. A broker that is down loses nothing: the sweep finds the rows."""
    transaction.on_commit(_wake)


def _wake() -> None:
    try:
        spread.apply_async(retry=False)
    except Exception as error:  # whatever the broker raises, the rows are there
        log.warning("notices.wake_failed %s", error)
