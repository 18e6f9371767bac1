from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=3600, words=_("Forget answers of the public interface"))
@shared_task(name="webapi.forget_answers")
def forget_answers() -> None:
    retention.apply("api_answers", clock.now())
