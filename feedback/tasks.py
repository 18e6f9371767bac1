"""Celery's doors: the clocks of answers. Each may run twice or not at all without harm."""

from celery import shared_task

from feedback import clocks
from groundwork import clock
from groundwork.periodic import every


@every(seconds=60)
@shared_task(name="feedback.start_reply_clocks")
def start_reply_clocks() -> None:
    clocks.start_clocks(clock.now())


@every(seconds=900)
@shared_task(name="feedback.remind_offices")
def remind_offices() -> None:
    at = clock.now()
    clocks.fix_missing(at)
    clocks.remind(at)
