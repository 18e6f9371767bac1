from celery import shared_task

from groundwork import clock
from groundwork.jobs import api
from groundwork.periodic import every


@every(seconds=24 * 3600)
@shared_task(name="jobs.forget_old")
def forget_old() -> None:
    api.forget_old(clock.now())
