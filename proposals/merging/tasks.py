"""Celery's door of the room. It may run twice or not at all without harm."""

from celery import shared_task

from groundwork import clock
from groundwork.periodic import every
from proposals.merging import actions


@every(seconds=3600)
@shared_task(name="merging.expire")
def expire() -> None:
    """What waited four weeks for an agreement ends, and everybody at the table is told."""
    actions.expire(clock.now())
