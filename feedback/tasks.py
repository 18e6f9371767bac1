"""Celery's doors: the clocks of answers. Each may run twice or not at all without harm."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from feedback import clocks
from groundwork import clock
from groundwork.periodic import every


@every(seconds=60, words=_("Start reply clocks of what many support"))
@shared_task(name="feedback.start_reply_clocks")
def start_reply_clocks() -> None:
    clocks.start_clocks(clock.now())


@every(seconds=900, words=_("Remind offices of answers that are due"))
@shared_task(name="feedback.remind_offices")
def remind_offices() -> None:
    at = clock.now()
    clocks.fix_missing(at)
    clocks.remind(at)
