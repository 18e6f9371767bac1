from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=24 * 3600, words=_("Forget old tokens"))
@shared_task(name="tokens.forget")
def forget() -> None:
    retention.apply("tokens", clock.now())
