from __future__ import annotations

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from feedback.reach import figures
from groundwork import clock
from groundwork.periodic import every


@every(seconds=3600, words=_("Count who took part"))
@shared_task(name="reach.count")
def count() -> None:
    figures.count_all(clock.now())
