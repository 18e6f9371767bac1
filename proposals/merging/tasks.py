"""Celery's door of the room. It may run twice or not at all without harm."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.periodic import every
from proposals.merging import actions


@every(seconds=3600, words=_("End mergers nobody agreed to in time"))
@shared_task(name="merging.expire")
def expire() -> None:
    """What waited four weeks for an agreement ends, and everybody at the table is told."""
    actions.expire(clock.now())
