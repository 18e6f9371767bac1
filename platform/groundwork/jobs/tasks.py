from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.jobs import api, retention
from groundwork.periodic import every


@every(seconds=24 * 3600, words=_("Forget old jobs"))
@shared_task(name="jobs.forget_old")
def forget_old() -> None:
    api.forget_old(clock.now())


@every(seconds=3600, words=_("Remove what was kept as long as promised"))
@shared_task(name="jobs.retention")
def keep_no_longer() -> None:
    retention.run(clock.now())
