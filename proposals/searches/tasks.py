"""Celery's door: look whether something new fits."""

from celery import shared_task

from groundwork import clock
from groundwork.periodic import every
from proposals.searches import actions


@every(seconds=600)
@shared_task(name="searches.look")
def look() -> None:
    actions.look(clock.now())
