"""Background work of the accounts house."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from accounts import guests
from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=24 * 3600, words=_("Forget guardians nobody needs any more"))
@shared_task(name="accounts.forget_guardians")
def forget_guardians() -> None:
    retention.apply("guardians", clock.now())


@every(seconds=24 * 3600, words=_("Forget guests who did nothing for long"))
@shared_task(name="accounts.forget_idle_guests")
def forget_idle_guests() -> None:
    guests.forget_idle(clock.now())
