from __future__ import annotations

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.periodic import every
from proposals.ballots.paperwork import scans


@every(seconds=86_400, words=_("Forget scans of paper ballots in time"))
@shared_task(name="paperwork.forget_scans")
def forget_scans() -> None:
    scans.forget(clock.now())
