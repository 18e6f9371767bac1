"""Celery's doors: what has to be done beside the pages. Each may run twice or not at all without harm."""

from celery import shared_task

from groundwork import clock
from groundwork.periodic import every
from proposals import counts, exposure


@every(seconds=60)
@shared_task(name="proposals.fold_counts")
def fold_counts() -> None:
    counts.fold_counts()


@every(seconds=600)
@shared_task(name="proposals.draw_order")
def draw_order() -> None:
    """After midnight the order is drawn anew; the other runs of the day find nothing to do."""
    exposure.redraw(clock.now())
