"""Celery's doors. Each may run twice or not at all without harm."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.webhooks import actions, sending
from groundwork import clock
from groundwork.periodic import every

log = logging.getLogger("quartier.webhooks")


@every(seconds=20, words=_("Tell programs what happened"))
@shared_task(name="webhooks.send")
def send() -> None:
    sending.send_due(clock.now())


@every(seconds=24 * 3600, words=_("Forget old messages to programs"))
@shared_task(name="webhooks.forget")
def forget() -> None:
    actions.forget_deliveries(clock.now())
    actions.forget_old_secrets(clock.now())


def wake_after_commit() -> None:
    """Send soon. A broker that is down loses nothing: the sweep finds the rows."""
    transaction.on_commit(_wake)


def _wake() -> None:
    try:
        send.apply_async(retry=False)
    except Exception as error:  # whatever the broker raises, the rows are there
        log.warning("webhooks.wake_failed %s", error)
