"""Background work of the hall."""

from celery import shared_task

from cocreation import pending
from cocreation.announcing import announce_phases
from groundwork import clock
from groundwork.periodic import every


@every(seconds=60)
@shared_task(name="cocreation.announce_phases")
def announce() -> None:
    announce_phases(clock.now())


@every(seconds=3600)
@shared_task(name="cocreation.forget_pending")
def forget_pending() -> None:
    pending.forget_expired(clock.now())
