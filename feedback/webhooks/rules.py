"""Questions about addresses that are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.request import NEEDS_ACCOUNT
from cocreation import roles
from feedback.webhooks.kinds import TEST
from feedback.webhooks.models import Delivery, Webhook
from groundwork.answer import Answer, No, Yes

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

MOST, MOST_TESTS = 10, 30
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def may_register(person: Person, process: Process | None, for_team: bool) -> Answer:
    if person.is_guest:
        return NEEDS_ACCOUNT
    if for_team:
        if process is None:
            return No(_("A team has one process. Please choose which."))
        return roles.may_configure(person, process)
    if Webhook.objects.filter(person=person, for_team=False).count() >= MOST:
        return No(_("You have ten already. Remove one that you do not need any more."))
    return Yes()


def may_send(webhook: Webhook, at: datetime) -> Answer:
    """Tests by hand. We are no tool to knock at somebody's door without end."""
    if webhook.off_at:
        return No(_("It is switched off. Switch it on first."))
    if webhook.deliveries.filter(verb=TEST, made_at__gt=at - HOUR).count() >= MOST_TESTS:
        return No(_("That was often enough for now. Please try again in an hour."))
    return Yes()


def may_repeat(delivery: Delivery, at: datetime) -> Answer:
    if delivery.webhook.off_at:
        return No(_("It is switched off. Switch it on first."))
    if delivery.state == Delivery.State.WAITING:
        return No(_("It waits to be sent already."))
    if delivery.tried_at and at - delivery.tried_at < MINUTE:
        return No(_("It was sent a moment ago. Please wait a minute."))
    return Yes()
